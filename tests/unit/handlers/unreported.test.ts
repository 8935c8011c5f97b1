import { zNetworkVolume, zPod, zTemplate } from "../../../openapi/src";
import { reader } from "../../../provider/src/api/reader";
import type { Handler } from "../../../provider/src/handlers/lifecycle/handler";
import { podHandler } from "../../../provider/src/handlers/pod/handler";
import { templateHandler } from "../../../provider/src/handlers/template/handler";
import { volumeHandler } from "../../../provider/src/handlers/volume/handler";
import type { Inputs, PodProperties, Stored, Values } from "../../../provider/src/schema";
import { pod, template } from "../api/fixtures";
import { type FakeScene, fakeScene } from "./fake-context";

const LIVE = { version: 1, createdAt: 0 };

const container: Values = {
  name: "it",
  imageName: "python:3.12",
  containerDiskInGb: 30,
  volumeInGb: 20,
  volumeMountPath: "/data",
  ports: ["8000/http"],
  env: { A: "1" },
  dockerEntrypoint: ["sh", "-c"],
  dockerStartCmd: ["sleep 9"],
  containerRegistryAuthId: "reg1",
};
const wireContainer = {
  name: "it",
  image: "python:3.12",
  disk: 30,
  mounts: { persistent: { size: 20, path: "/data" } },
  ports: ["8000/http"],
  env: { A: "1" },
  args: '{"entrypoint":["sh","-c"],"cmd":["sleep 9"]}',
  entrypoint: ["sh", "-c"],
  cmd: ["sleep 9"],
  registry: "reg1",
};
const volumePod = { ...container, volumeInGb: undefined, networkVolumeId: "vol1" };

/** A program's inputs, and how RunPod reports them. */
const kinds = {
  pod: {
    handler: podHandler,
    given: {
      ...container,
      gpuTypeIds: ["NVIDIA L40S"],
      gpuCount: 2,
      dataCenterIds: ["EU-RO-1"],
      minCudaVersion: "12.8",
      locked: true,
    },
    wire: {
      ...pod,
      ...wireContainer,
      id: "it",
      env: { A: "1", RUNPOD_POD_ID: "it" },
      gpu: { id: "NVIDIA L40S", count: 2 },
      locked: true,
    },
    read: reader("pod", zPod, () => {}),
  },
  template: {
    handler: templateHandler,
    given: { ...container, allowedCudaVersions: ["12.8"], startSsh: false, category: "AMD" },
    wire: {
      ...template,
      ...wireContainer,
      id: "it",
      allowedCudaVersions: ["12.8"],
      startSsh: false,
      category: "AMD",
    },
    read: reader("template", zTemplate, () => {}),
  },
  volume: {
    handler: volumeHandler,
    given: { name: "it", size: 20, dataCenterId: "EU-RO-1", type: "STANDARD", allowReplace: true },
    wire: { id: "it", name: "it", size: 20, dataCenter: "EU-RO-1", type: "STANDARD" },
    read: reader("network volume", zNetworkVolume, () => {}),
  },
} as const;
type Kind = keyof typeof kinds;

function sceneWith(kind: Kind, object: unknown): FakeScene {
  const scene = fakeScene();
  const { runpod } = scene;
  const answer = kinds[kind].read(object, "test");
  if (kind === "pod") {
    runpod.pods = [answer as typeof pod];
  }
  if (kind === "template") {
    runpod.templates = [answer as typeof template];
  }
  if (kind === "volume") {
    runpod.volumes = [answer as never];
  }
  return scene;
}

/** What a refresh records and the next update changes, if RunPod answers with an object. */
async function refreshed(kind: Kind, object: unknown, given: Values = kinds[kind].given) {
  const handler: Handler<object> = kinds[kind].handler;
  const { inputs } = handler.check({}, given);
  const place = { gpuTypeId: "NVIDIA L40S", dataCenterId: "EU-RO-1", revision: 1 };
  const stored = { ...inputs, ...(kind === "pod" && place), __live: LIVE };
  const { context } = sceneWith(kind, object);
  const found = await handler.read(context, "it", stored as Stored<object>);
  if (found === undefined) {
    throw new Error("it is gone");
  }
  const next = handler.check(found.inputs, given);
  return {
    drifted: found.inputs["__drifted"] ?? [],
    ...handler.diff(found.outputs, next.inputs),
    problems: next.problems,
    outputs: found.outputs,
  };
}

const FORMS: readonly (readonly [string, unknown])[] = [
  ["missing", undefined],
  ["null", null],
  ["a number", 0],
  ["an empty text", ""],
  ["another text", "?!"],
  ["an object", { of: { another: "form" } }],
  ["a list of objects", [{ of: "another form" }]],
];
/** Values that these fields may have after all: another name, an image, no entries. */
const MEANINGFUL = new Set([
  "name another text",
  "image another text",
  "dataCenter another text",
  "dataCenterId another text",
]);
const IDENTITY = new Set(["id", "name", "status"]);

describe.each(Object.keys(kinds) as Kind[])("a refresh of a %s", (kind) => {
  const fields = Object.keys(kinds[kind].wire).filter((field) => !IDENTITY.has(field));

  test("finds no change if everything is reported as stored", async () => {
    const { drifted, changed, problems } = await refreshed(kind, kinds[kind].wire);
    expect({ drifted, changed, problems }).toEqual({ drifted: [], changed: [], problems: [] });
  });

  test.each(fields)(
    "keeps its values if %s is missing, null or of an unknown form",
    async (field) => {
      for (const [form, value] of FORMS) {
        if (MEANINGFUL.has(`${field} ${form}`)) {
          continue;
        }
        const { drifted, changed, problems } = await refreshed(kind, {
          ...kinds[kind].wire,
          [field]: value,
        });
        expect({ form, drifted, changed, problems }).toEqual({
          form,
          drifted: [],
          changed: [],
          problems: [],
        });
      }
    },
  );
});

const nested: readonly (readonly [string, Values, Values?])[] = [
  ["a disk without its size", { mounts: { persistent: { path: "/data" } } }],
  ["a disk without its path", { mounts: { persistent: { size: 20 } } }],
  ["a disk of null", { mounts: { persistent: null } }],
  ["no mounts", { mounts: {} }],
  ["mounts of a kind to come", { mounts: { volumes: [{ size: 20, path: "/data" }] } }],
  ["an empty list of network volumes", { mounts: { network: [] } }, volumePod],
  ["a network volume without its id", { mounts: { network: [{ path: "/data" }] } }, volumePod],
  [
    "its network volume beside another",
    {
      mounts: {
        network: [
          { volumeId: "vol2", path: "/x" },
          { volumeId: "vol1", path: "/data" },
        ],
      },
    },
    volumePod,
  ],
  ["no GPUs", { gpu: { id: "NVIDIA L40S", count: 0 } }],
  ["a GPU without a count", { gpu: { id: "NVIDIA L40S" } }],
  ["a status that nobody knows", { status: "HIBERNATED" }],
  ["a command that is no JSON", { args: '{"cmd":', entrypoint: undefined, cmd: undefined }],
  ["a command of another form", { args: '{"cmd":"x"}', entrypoint: undefined, cmd: undefined }],
  ["half a command", { args: undefined, entrypoint: undefined }],
  ["a port of a kind to come", { ports: ["8000/http", "53/udp"] }],
  ["its data center in lower case", { dataCenterId: "eu-ro-1" }],
];

for (const [what, change, more = {}] of nested) {
  test(`a refresh of a pod keeps its values if RunPod reports ${what}`, async () => {
    const given = Object.entries({ ...kinds.pod.given, ...more }).filter(
      ([, value]) => value !== undefined,
    );
    const reported = { ...kinds.pod.wire, ...change };
    const { drifted, changed, outputs } = await refreshed(
      "pod",
      reported,
      Object.fromEntries(given),
    );
    expect({ drifted, changed }).toEqual({ drifted: [], changed: [] });
    expect(outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S", dataCenterId: expect.anything() });
  });
}

test("a refresh of a CPU pod keeps its virtual CPUs if RunPod reports none", async () => {
  const given = { name: "it", imageName: "a", cpuFlavorIds: ["cpu3c"], vcpuCount: 4 };
  const { gpu: _, ...cpuPod } = { ...pod, id: "it", name: "it", image: "a", cmd: [], mounts: {} };
  const reported = { ...cpuPod, env: {}, ports: [], cpu: { id: "cpu3c", vcpuCount: 0 } };
  const { drifted, changed } = await refreshed("pod", reported, given);
  expect({ drifted, changed }).toEqual({ drifted: [], changed: [] });
});

test("a pod's time limit is missing only if its env is reported without it", async () => {
  const given = { ...kinds.pod.given, terminateAfter: "8h" };
  const silent = await refreshed("pod", { ...kinds.pod.wire, env: undefined }, given);
  expect(silent.changed).toEqual([]);
  const reported = await refreshed("pod", kinds.pod.wire, given);
  expect(reported.changed).toContain("terminateAfter");
});

describe("an update of a pod whose settings RunPod does not report", () => {
  const { given, wire } = kinds.pod;
  const mute = { id: "it", name: "it", status: "RUNNING" };
  const update = async (change: Values, object: unknown = mute) => {
    const old = podHandler.check({}, given).inputs as Inputs<PodProperties>;
    const { context, runpod } = sceneWith("pod", object);
    const inputs = podHandler.check(old, { ...given, ...change }).inputs as Inputs<PodProperties>;
    await podHandler.update(context, "it", { ...old, __live: LIVE }, inputs);
    return runpod.calls.filter((call) => call.startsWith("update"));
  };

  test("sends what the program changes, and nothing else", async () => {
    expect(await update({ name: "other" })).toEqual([
      'update it {"locked":false}',
      'update it {"name":"other"}',
      'update it {"locked":true}',
    ]);
    expect(await update({ containerDiskInGb: 40 })).toContain('update it {"disk":40}');
  });

  test("sends nothing if it only completes an earlier one", async () => {
    expect(await update({})).toEqual([]);
    expect(await update({}, { ...wire, name: "half-way" })).toContain('update it {"name":"it"}');
  });
});
