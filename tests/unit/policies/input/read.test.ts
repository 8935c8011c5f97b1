import { seal } from "@runpod-stack/provider/schema";
import { readSource } from "../../../../policies/src/input/read";
import { UNKNOWN } from "../../../../policies/src/known";
import type { ContainerSpec, VolumeSpec } from "../../../../policies/src/spec";

const GUIDE = `{
  "name": "model-deployment",
  "imageName": "vllm/vllm-openai:latest",
  "gpuTypeIds": ["NVIDIA B200"],
  "gpuCount": 1,
  "containerDiskInGb": 100,
  "volumeInGb": 100,
  "volumeMountPath": "/root/.cache/huggingface",
  "ports": ["8000/http", "22/tcp"],
  "cloudType": "SECURE"
}`;

const V2 = `
name: model-deployment
image: vllm/vllm-openai:latest
gpu: { id: NVIDIA B200, count: 1, minCudaVersion: "13.0" }
disk: 100
cloud: SECURE
cmd: [Qwen/Qwen3.8-27B]
mounts:
  persistent: { size: 100, path: /root/.cache/huggingface }
ports: [8000/http, 22/tcp]
`;

function only(text: string): ContainerSpec {
  const { items } = readSource("pod.json", text);
  expect(items).toHaveLength(1);
  return items[0]?.spec as ContainerSpec;
}

describe("request bodies", () => {
  test("reads the guide's own body, in v1", () => {
    const { items } = readSource("pod.json", GUIDE);
    expect(items[0]?.id).toBe("pod.json: Pod model-deployment");
    expect(items[0]?.spec).toMatchObject({
      kind: "Pod",
      imageName: "vllm/vllm-openai:latest",
      gpuTypeIds: ["NVIDIA B200"],
      containerDiskInGb: 100,
      volumeInGb: 100,
      volumeMountPath: "/root/.cache/huggingface",
      env: { entries: {}, isWhole: true },
    });
  });

  test("reads the same in v2, and in YAML", () => {
    const fields = ["imageName", "gpuTypeIds", "gpuCount", "containerDiskInGb", "volumeInGb"];
    const more = ["volumeMountPath", "ports", "cloudType"];
    const pick = (spec: ContainerSpec) =>
      Object.fromEntries([...fields, ...more].map((f) => [f, spec[f as keyof ContainerSpec]]));
    expect(pick(only(V2))).toEqual(pick(only(GUIDE)));
    expect(only(V2)).toMatchObject({
      minCudaVersion: "13.0",
      dockerStartCmd: ["Qwen/Qwen3.8-27B"],
    });
  });

  test("reads a network volume's mount", () => {
    const mounts = "mounts: { network: [{ volumeId: abc, path: /data }] }";
    expect(only(`image: x\ngpu: { id: NVIDIA L4, count: 1 }\n${mounts}`)).toMatchObject({
      networkVolumeId: "abc",
      volumeMountPath: "/data",
      volumeInGb: undefined,
    });
  });

  test.each([
    [
      "a command line",
      `vllm serve "a b" 'c d' e\\ f`,
      ["vllm", "serve", "a b", "c d", "e f"],
      undefined,
    ],
    ["JSON", '{"entrypoint":["bash","-c"],"cmd":["exec x"]}', ["exec x"], ["bash", "-c"]],
    ["broken JSON, as a command line", '{"entrypoint":', ["{entrypoint:"], undefined],
  ])("reads v2's args as %s", (_, args, dockerStartCmd, dockerEntrypoint) => {
    const body = JSON.stringify({ image: "x", gpu: { id: "NVIDIA L4", count: 1 }, args });
    expect(only(body)).toMatchObject({ dockerStartCmd, dockerEntrypoint });
  });

  test("treats a body without a GPU or a place as a template, and a body with a size as a volume", () => {
    expect(only('{"imageName": "x", "containerDiskInGb": 20}').kind).toBe("Template");
    expect(only('{"imageName": "x", "cloudType": "SECURE"}').kind).toBe("Pod");
    const { items } = readSource("volume.yaml", "name: cache\nsize: 100\ndataCenter: EU-RO-1\n");
    expect(items[0]?.spec).toEqual({
      kind: "Volume",
      unjudged: {},
      faults: [],
      policyWaivers: undefined,
      size: 100,
      dataCenterId: "EU-RO-1",
      isProtected: undefined,
    } satisfies VolumeSpec);
  });

  test("treats what a template given by its id may set as unknown", () => {
    const spec = only('{"templateId": "tpl", "gpuTypeIds": ["NVIDIA L4"], "volumeInGb": 20}');
    expect(spec).toMatchObject({ imageName: UNKNOWN, containerDiskInGb: UNKNOWN, volumeInGb: 20 });
    expect(spec.env.isWhole).toBe(false);
    expect(spec.networkVolumeId).toBeUndefined();
  });

  test("treats values of the wrong type as unknown, and 0 GB as no volume", () => {
    const spec = only('{"imageName": 5, "containerDiskInGb": "much", "gpuTypeIds": 7, "env": 5}');
    expect(spec).toMatchObject({
      imageName: UNKNOWN,
      containerDiskInGb: UNKNOWN,
      gpuTypeIds: UNKNOWN,
    });
    expect(spec.env.isWhole).toBe(false);
    expect(only('{"imageName": "x", "volumeInGb": 0}').volumeInGb).toBeUndefined();
  });

  test("reads several bodies, from a list or from successive documents", () => {
    const ids = (text: string) => readSource("all", text).items.map(({ id }) => id);
    expect(ids(`[${GUIDE}, ${GUIDE}]`)).toEqual([
      "all#1: Pod model-deployment",
      "all#2: Pod model-deployment",
    ]);
    expect(ids(`${V2}\n---\nname: cache\nsize: 10\ndataCenter: EU-RO-1\n`)).toHaveLength(2);
  });

  test("finds the line that sets an input, in either version", () => {
    const lineOf = (text: string, field: string) => {
      const source = readSource("pod", text);
      return source.placeOf(source.items[0], field).line;
    };
    expect(lineOf(GUIDE, "containerDiskInGb")).toBe(6);
    expect(lineOf(V2, "containerDiskInGb")).toBe(5);
    expect(lineOf(V2, "volumeMountPath")).toBe(9);
    expect(lineOf(GUIDE, "minCudaVersion")).toBe(1);
    expect(lineOf(`[\n{"imageName": "x",\n"gpuCount": 1}]`, "gpuCount")).toBe(3);
  });
});

describe("what Pulumi writes", () => {
  const urn = (kind: string, name: string) =>
    `urn:pulumi:dev::llm::pulumi-nodejs:dynamic/runpod:${kind}::${name}`;
  const state = (kind: string, inputs: object, more: Record<string, unknown> = {}) => ({
    urn: urn(kind, "x"),
    type: `pulumi-nodejs:dynamic/runpod:${kind}`,
    inputs,
    ...more,
  });
  const read = (document: object) => readSource("state.json", JSON.stringify(document)).items;

  test("reads the resources of an exported stack and their dependencies", () => {
    const pod = state(
      "Pod",
      { imageName: "x" },
      { propertyDependencies: { networkVolumeId: ["v"] } },
    );
    const volume = state("Volume", { size: 100 }, { protect: true });
    const endpoint = state("PodEndpoint", { port: 8000 });
    const others = [state("Ownership", {}), { urn: "u", type: "aws:s3/bucket:Bucket", inputs: {} }];
    const items = read({
      version: 3,
      deployment: { resources: [pod, volume, endpoint, ...others] },
    });
    expect(items).toMatchObject([
      { id: urn("Pod", "x"), spec: { kind: "Pod" }, dependencies: { networkVolumeId: ["v"] } },
      { id: urn("Volume", "x"), spec: { isProtected: true } },
      { id: urn("PodEndpoint", "x"), spec: { port: 8000 } },
    ]);
  });

  test("reads a checkpoint of the file backend, without resources that are pending deletion", () => {
    const resources = [state("Pod", {}), state("Pod", {}, { delete: true })];
    expect(read({ version: 3, checkpoint: { latest: { resources } } })).toHaveLength(1);
  });

  test("reads a planned stack as it will be", () => {
    const steps = [
      { op: "create-replacement", newState: state("Pod", { containerDiskInGb: 20 }) },
      { op: "replace", newState: state("Pod", { containerDiskInGb: 20 }) },
      { op: "delete-replaced", oldState: state("Pod", {}) },
      { op: "delete", oldState: state("Template", {}) },
    ];
    expect(read({ steps })).toMatchObject([{ spec: { kind: "Pod", containerDiskInGb: 20 } }]);
    expect(read({ steps: [] })).toEqual([]);
  });

  test("reads visible secrets, and treats encrypted ones as unknown", () => {
    const secret = (more: Record<string, unknown>) => ({
      ...(seal("x") as object),
      value: undefined,
      ...more,
    });
    const env = {
      SEALED: seal("a"),
      SHOWN: secret({ plaintext: '"b"' }),
      BROKEN: secret({ plaintext: "{" }),
      ENCRYPTED: secret({ ciphertext: "v1:abc" }),
      REDACTED: "[secret]",
    };
    const [item] = read({ deployment: { resources: [state("Pod", { env })] } });
    const entries = {
      SEALED: "a",
      SHOWN: "b",
      BROKEN: UNKNOWN,
      ENCRYPTED: UNKNOWN,
      REDACTED: UNKNOWN,
    };
    expect(item?.spec).toMatchObject({ env: { entries, isWhole: true } });
  });

  test("recognizes whether a template's settings are in the pod's inputs", () => {
    const pod = (inputs: object) =>
      read({ deployment: { resources: [state("Pod", { templateId: "tpl", ...inputs })] } })[0]
        ?.spec;
    const both = { imageName: "x", containerDiskInGb: 50 };
    expect(pod(both)).toMatchObject({ volumeInGb: UNKNOWN });
    expect(pod({ ...both, templateResolved: true })).toMatchObject({ volumeInGb: undefined });
    const provided = { ...both, __provider: "exports.handler=…" };
    expect(pod(provided)).toMatchObject({ volumeInGb: UNKNOWN });
    expect(pod({ ...provided, __resolved: true })).toMatchObject({ volumeInGb: undefined });
  });
});

describe("what cannot be checked", () => {
  test.each([
    ["text that is no YAML", "{ a: [", /^pod is neither JSON nor YAML: /],
    ["nothing", "", /^pod is empty and cannot be checked\. Use the body of a pod/],
    ["a number", "5", /^pod cannot be checked\. Use/],
    ["something else", "kind: Deployment", /^pod cannot be checked\. Use/],
    ["a list of something else", "- 5", /^pod#1 cannot be checked\. Use/],
    [
      "a merge of nothing",
      "%YAML 1.1\n---\nimageName: a\n<<: 1",
      /^pod cannot be read: an alias or a/,
    ],
    ["a merge without an anchor", "%YAML 1.1\n---\n<<: *a", /^pod cannot be read: an alias or a/],
    ["an avalanche of aliases", bomb(), /^pod cannot be read: Excessive alias count/],
  ])("is reported in one sentence: %s", (_, text, message) => {
    expect(() => readSource("pod", text)).toThrow(message);
  });

  const SECRET = "ghp_SECRET";
  test.each([
    ["a login", `machine github.com login x password ${SECRET}: a: b`],
    ["a tab before a token", `[http]\n\textraheader = AUTHORIZATION: basic ${SECRET}`],
    ["a bracket that stays open", `{ "a": "${SECRET}"`],
    ["a second document", `--- a\n... ${SECRET}\n}${SECRET}`],
    ["an unknown alias", `token: *${SECRET}`],
    ["an unknown directive", `%${SECRET} 1\n---\n{`],
    ["a key that is a map", `? { token: ${SECRET} }\n: 1`],
    ["a tag", `token: !${SECRET} [`],
    ["a block in flow", `{ a: |\n ${SECRET} }`],
    ["a character that is reserved", `token: \`${SECRET}`],
    ["JSON that is cut off", `{"deployment": {"token": "${SECRET}"`],
  ])("is not quoted: %s", (_, text) => {
    const warnings = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
    expect(messageOf(() => readSource("pod", text))).not.toContain(SECRET);
    expect(warnings).not.toHaveBeenCalled();
  });

  test("is named by line and column", () => {
    expect(() => readSource("pod", "a: 1\n\tb: 2")).toThrow(
      "pod is neither JSON nor YAML: line 2, column 1 (TAB_AS_INDENT).",
    );
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
}

function bomb(): string {
  const level = (n: number) =>
    `a${n}: &a${n} [${Array(10)
      .fill(`*a${n - 1}`)
      .join(", ")}]`;
  return `a0: &a0 [x]\n${[1, 2, 3, 4].map(level).join("\n")}\n`;
}
