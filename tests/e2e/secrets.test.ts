import { readFileSync } from "node:fs";
import path from "node:path";
import { readEvents } from "../../policies/src/input/pulumi-events";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type Run, type TestStack } from "../support/stack";
import { run as check } from "../unit/policies/cli/run";

jest.setTimeout(180_000);

/** The program marks none of them as secret, except the one in the configuration. */
const CANARIES = {
  "the account's API key": "rpa_canary_of_the_account",
  "a pod's env": "canary-in-the-env-of-a-pod",
  "the env after a change": "canary-in-the-env-once-changed",
  "a template's env": "canary-in-the-env-of-a-template",
  "the env as changed outside": "canary-in-the-env-from-outside",
  "the service's key": "canary-as-key-of-the-service",
  "a secret of the configuration": "canary-in-the-configuration",
  "a registry's password": "canary-as-password-of-a-registry",
  "a secret's value": "canary-as-value-of-a-secret",
  "a secret's value after a change": "canary-as-value-once-changed",
  "credentials' password": "canary-as-password-of-credentials",
  "credentials' password after a change": "canary-as-password-once-changed",
};

let emulator: TestEmulator;
let stack: TestStack;
let log: string[];

beforeEach(async () => {
  log = [];
  emulator = await startTestEmulator({
    apiKeys: [CANARIES["the account's API key"]],
    log: (line) => log.push(line),
  });
  stack = await createStack({});
  const { RUNPOD_API_KEY, RUNPOD_REST_V2_URL, RUNPOD_GRAPHQL_URL, RUNPOD_PROXY_URL } = emulator.env;
  await stack.configure(
    {
      "runpod:apiUrl": `${RUNPOD_REST_V2_URL}`,
      "runpod:graphqlUrl": `${RUNPOD_GRAPHQL_URL}`,
      "runpod:proxyUrl": `${RUNPOD_PROXY_URL}`,
    },
    { "runpod:apiKey": `${RUNPOD_API_KEY}`, token: CANARIES["a secret of the configuration"] },
  );
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

const program = (env: string, command: readonly string[]) => `
  const isFirst = "${env}" === "${CANARIES["a pod's env"]}";
  new Secret("s", {
    value: isFirst ? "${CANARIES["a secret's value"]}" : "${CANARIES["a secret's value after a change"]}",
  });
  new RegistryAuth("r", {
    username: "u",
    password: isFirst ? "${CANARIES["credentials' password"]}" : "${CANARIES["credentials' password after a change"]}",
  });
  const template = new Template("vllm", {
    imageName: "vllm/vllm-openai:v0.20.0",
    ports: ["8000/http"],
    containerDiskInGb: 40,
    env: { OF_TEMPLATE: "${CANARIES["a template's env"]}" },
  });
  const pod = new Pod("llm", {
    template,
    gpuTypeIds: ["NVIDIA L4"],
    ${command.length === 1 ? "" : 'dockerEntrypoint: ["bash", "-c"],'}
    dockerStartCmd: ${JSON.stringify(command.slice(-1))},
    env: {
      OF_POD: "${env}",
      VLLM_API_KEY: "${CANARIES["the service's key"]}",
      OF_CONFIG: new pulumi.Config().requireSecret("token"),
    },
  });
  new PodEndpoint("llm", {
    pod,
    port: 8000,
    apiKey: "${CANARIES["the service's key"]}",
    interval: "250ms",
    timeout: "10s",
  });
  exports.podId = pod.podId;`;

test("no state, output or event has a secret in plain text, whether or not an operation succeeds", async () => {
  const texts = new Map<string, string>();
  const note = (what: string, { stdout, stderr, events }: Run) => {
    texts.set(`standard output of ${what}`, stdout);
    texts.set(`standard error of ${what}`, stderr);
    texts.set(`events of ${what}`, shownEvents(events));
    for (const [file, text] of stack.files()) {
      texts.set(`${file} after ${what}`, text);
    }
  };
  const noteReports = async (of: string, input: string) => {
    for (const format of [[], ["--json"], ["--sarif"], ["--markdown"], ["--code-quality"]]) {
      const { stdout, stderr } = await check(["check", ...format, "-"], { input });
      texts.set(`the report ${format} of ${of}`, stdout + stderr);
    }
  };
  const serve = ["Qwen/Qwen3-0.6B"];

  const credentials = { name: "r", username: "u", password: CANARIES["a registry's password"] };
  expect((await emulator.call("POST", "/v2/registries", credentials)).status).toBe(201);
  stack.write(program(CANARIES["a pod's env"], serve));
  note("the first up", await stack.up("--diff"));
  const { podId } = await stack.outputs();
  const { env } = (await emulator.call("GET", `/v2/pods/${podId}`)).body;
  expect(env).toMatchObject({
    OF_POD: CANARIES["a pod's env"],
    OF_TEMPLATE: CANARIES["a template's env"],
    OF_CONFIG: CANARIES["a secret of the configuration"],
  });

  stack.write(program(CANARIES["the env after a change"], serve));
  const plan = path.join(stack.scratch, "plan.json");
  const preview = await stack.preview("--diff", "--save-plan", plan);
  expect(preview.stdout).toMatch(/OF_POD *: \[secret\] => \[secret\]/);
  note("a preview", preview);
  // Pulumi's debug messages contain secrets, about which the page warns.
  expect(readEvents("events", preview.events).holdSecrets).toBe(true);
  expect(readEvents("events", shownEvents(preview.events)).holdSecrets).toBe(false);
  texts.set("the plan", readFileSync(plan, "utf8"));
  const asJson = await stack.preview("--json");
  note("a preview as JSON", asJson);
  await noteReports("a preview", asJson.stdout);
  note("an update", await stack.up("--diff"));

  const changedOutside = { ...env, OF_POD: CANARIES["the env as changed outside"] };
  await emulator.call("PATCH", `/v2/pods/${podId}`, { env: changedOutside });
  note("a refresh", await stack.refresh("--diff"));

  const tellAll = 'echo "starting with $OF_POD and $OF_TEMPLATE and $OF_CONFIG"; env; exit 1';
  stack.write(program(CANARIES["the env after a change"], ["bash", tellAll]));
  const failed = await failure(stack.up("--diff"));
  expect(failed.stderr).toContain("starting with");
  note("a failed up", failed);
  const state = await stack.exportState();
  texts.set("the exported state", state);
  await noteReports("the state", state);
  const { stdout, stderr } = await stack.recover("--json");
  texts.set("what recover prints", stdout + stderr);

  note("destroy", await stack.destroy("--diff"));
  texts.set("the emulator's log", log.join("\n"));
  expect(texts.size).toBeGreaterThan(60);
  const leaks = [...texts].flatMap(([where, text]) =>
    Object.entries(CANARIES)
      .filter(([, canary]) => text.includes(canary))
      .map(([what]) => `${what} in ${where}`),
  );
  expect(leaks).toEqual([]);
});

/** The SDK's debug messages, shown only with --debug, contain every resource of every provider in full. */
function shownEvents(events: string): string {
  const isDebug = (line: string) => JSON.parse(line).diagnosticEvent?.severity === "debug";
  const lines = events.split("\n").filter((line) => line !== "");
  return lines.filter((line) => !isDebug(line)).join("\n");
}
