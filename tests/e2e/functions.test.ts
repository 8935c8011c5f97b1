import { printed, pulumiScene } from "../support/pulumi-scene";
import { failure } from "../support/stack";

jest.setTimeout(120_000);

const scene = pulumiScene();
const SECRET = "canary-in-the-env";

const PROGRAM = `
const rp = require("@runpod-stack/provider");
const cache = new Volume("cache", { size: 20, dataCenterId: "EU-RO-1" });
const found = rp.getVolumeOutput({ volumeId: cache.id });
const { ids } = rp.getGpuTypesOutput({ minMemoryInGb: 24, maxCostPerHr: 1, dataCenterIds: [found.dataCenterId] });
const pod = new Pod("llm", {
  imageName: "ubuntu:24.04", gpuTypeIds: ids, networkVolumeId: found.volumeId,
  ports: ["8000/http"], env: { TOKEN: "${SECRET}" },
}, { ignoreChanges: ["gpuTypeIds"] });
const seen = rp.getPodOutput({ podId: pod.id });
const group = new pulumi.ComponentResource("a:b:C", "group");
const inside = new Template("inside", { imageName: "ubuntu:24.04" }, { parent: group });
const copy = new Template("copy", { imageName: "ubuntu:24.04", env: seen.env });
const gate = new Provider("gate", { apiKey: pod.id.apply(() => process.env.RUNPOD_API_KEY) });
exports.cost = seen.costPerHr;
exports.url = seen.endpointUrls["8000"];
exports.env = seen.env;
exports.pods = rp.getPodsOutput({ networkVolumeId: found.volumeId }, { dependsOn: pod }).ids;
exports.templates = rp.getTemplatesOutput({ name: "inside-*" }, { dependsOn: [group] }).ids;
exports.throughGate = rp.getPodsOutput({}, { provider: gate }).ids.length;
exports.cheapest = rp.getGpuTypes({ minMemoryInGb: 80 }).then((result) => result.ids[0]);
exports.podId = pod.id;
exports.inside = inside.id;
`;

test("functions work in previews and updates, and show no value of an env", async () => {
  const stack = await scene.stack(PROGRAM);
  const preview = await stack.preview();
  expect(preview.steps).toContain("create Pod llm");
  // Nothing exists yet whose id a function could ask for.
  const paths = async () => (await scene.emulator.requests()).map(({ path }) => path);
  expect(new Set(await paths())).toEqual(new Set(["/v2/catalog/gpus"]));

  const up = await stack.up();
  const outputs = await stack.outputs();
  expect(outputs).toMatchObject({
    cost: expect.any(Number),
    url: expect.stringContaining(outputs["podId"]),
    pods: [outputs["podId"]],
    templates: [outputs["inside"]],
    throughGate: 1,
    cheapest: expect.stringContaining("NVIDIA"),
  });
  expect(outputs["env"]).toEqual({ TOKEN: SECRET });
  expect(printed(preview) + printed(up)).not.toContain(SECRET);
  expect([...stack.files().values()].join()).not.toContain(SECRET);
  const { pods, templates } = await scene.emulator.ledger();
  const copy = templates.find(({ name }) => name.startsWith("copy-"))?.id;
  expect((await scene.emulator.call("GET", `/v2/templates/${copy}`)).body.env.TOKEN).toBe(SECRET);
  expect(pods).toHaveLength(1);

  const again = await stack.preview();
  expect(again.steps).toEqual([]);
});

test("a mistake in a function's arguments, or a missing key, is one clear error", async () => {
  const stack = await scene.stack(`
    const rp = require("@runpod-stack/provider");
    exports.pod = rp.getPodOutput({ podID: "abc" });
  `);
  const refused = printed(await failure(stack.preview()));
  expect(refused).toContain("getPod: podID is not an argument of getPod. Did you mean podId?");
  expect(refused).not.toMatch(/\n\s+at |unhandled/i);

  stack.env["RUNPOD_API_KEY"] = "";
  stack.write(`exports.ids = require("@runpod-stack/provider").getPods().then(({ ids }) => ids);`);
  const keyless = printed(await failure(stack.preview()));
  expect(keyless).toContain("getPods: No RunPod API key is set.");
  expect(keyless).not.toMatch(/\n\s+at |unhandled/i);
});
