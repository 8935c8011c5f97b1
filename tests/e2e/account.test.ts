import { appendFileSync } from "node:fs";
import path from "node:path";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, type TestStack } from "../support/stack";

jest.setTimeout(180_000);

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator();
  stack = await createStack({ env: emulator.env });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

const program = (value: string) => `
  const secret = new runpod.Secret("token", { value: "${value}" });
  const auth = new runpod.RegistryAuth("ghcr", { username: "u", password: "p-${value}" });
  const keys = new runpod.SshKeys("team", { keys: ["ssh-ed25519 AAAA me\\n"] });
  const team = new runpod.Tag("team", { key: "team", value: "ml" });
  const center = new runpod.CostCenter("research", { value: "Research" });
  new runpod.EcrDelegation("e", {
    resourceArn: "arn:aws:ecr:us-east-1:123456789012:repository/worker",
  });
  new runpod.GlobalVolume("weights");
  const pod = new runpod.Pod("llm", {
    imageName: "ghcr.io/acme-private/llm:1",
    dockerEntrypoint: ["bash", "-c"],
    dockerStartCmd: ['echo "is $TOKEN"; sleep infinity'],
    gpuTypeIds: ["NVIDIA L4"],
    containerRegistryAuthId: auth.registryAuthId,
    env: { TOKEN: runpod.runpodSecret(secret) },
    costCenterId: center.costCenterId,
    tags: { team: team.value },
  });
  exports.podId = pod.podId;
  exports.keys = keys.keys;`;

test("what an account holds is created, used by a pod, changed, and destroyed", async () => {
  await stack.configure({ "runpod:apiUrl": `${emulator.env["RUNPOD_REST_V2_URL"]}` });
  const settings = path.join(stack.scratch, "settings/Pulumi.test.yaml");
  appendFileSync(settings, "  runpod:tags:\n    stack: e2e\n    release: 1\n");
  stack.write(program("one"));
  await stack.preview();
  await stack.up();
  const { podId } = await stack.outputs();
  const lines = async () =>
    (await emulator.logs(String(podId), "source=container")).map(({ line }) => line);
  expect(await lines()).toEqual(["is one"]);
  const { tags } = (await emulator.call("GET", "/v2/tags")).body;
  const named = tags.map(({ key, value }: Record<string, string>) => `${key}=${value}`);
  expect(named.sort()).toEqual(["release=1", "stack=e2e", "team=ml"]);
  expect((await stack.up()).steps).toEqual([]);
  expect((await stack.refresh()).steps).toEqual([]);
  await emulator.clearRequests();

  stack.write(program("two"));
  await stack.up();
  const calls = (await emulator.requests())
    .filter(({ method }) => method !== "GET")
    .map(({ method, path: at }) => `${method} ${at.split("/").slice(2, -1).join("/") || at}`);
  expect(calls).toEqual([
    "PATCH account/secrets",
    "POST /v2/registries",
    "PATCH pods",
    "DELETE registries",
  ]);
  expect(await lines()).toEqual(["is one", "is two"]);

  await stack.destroy();
  const { pods, tags: all, ...lists } = await emulator.ledger();
  expect(
    Object.values(lists).flatMap((list) => list.filter((one) => one.endedAt === null)),
  ).toEqual([]);
  // Those of the stack's configuration are shared, and stay.
  const left = all.filter(({ endedAt }) => endedAt === null).map(({ name }) => name);
  expect(left.sort()).toEqual(["release=1", "stack=e2e"]);
  expect((await emulator.call("GET", "/v2/account/ssh-keys")).body.keys).toEqual([]);
});
