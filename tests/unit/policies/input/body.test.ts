import { judge, settingsOf } from "@runpod-stack/policies";
import { readSource } from "../../../../policies/src/input/read";
import { UNKNOWN } from "../../../../policies/src/known";
import type { ContainerSpec } from "../../../../policies/src/spec";

const IMAGE = "vllm/vllm-openai:v0.20.0";
const POD = { name: "llm", imageName: IMAGE, gpuTypeIds: ["NVIDIA L4"], containerDiskInGb: 100 };
const V2 = { name: "llm", image: IMAGE, gpu: { id: "NVIDIA L4", count: 1 }, disk: 100 };

const ENDPOINT = {
  name: "e",
  image: IMAGE,
  type: "QUEUE",
  scaling: {},
  gpu: { pools: ["ADA_24"] },
};

const textOf = (body: unknown) => (typeof body === "string" ? body : JSON.stringify(body));

/** What `spec-valid` says of a body: "level field: message remedy". */
function said(body: unknown): string[] {
  const { items } = readSource("pod", textOf(body));
  return judge(items, settingsOf())
    .filter(({ rule }) => rule === "spec-valid")
    .map(({ level, field, message, remedy }) => `${level} ${field}: ${message} ${remedy}`);
}

function specOf(body: unknown): ContainerSpec {
  return readSource("pod", textOf(body)).items[0]?.spec as ContainerSpec;
}

describe("a body, compared with its API", () => {
  test.each([
    ["a pod in v1", POD],
    ["a pod in v1, for the provider", { ...POD, minCudaVersion: "13.0", terminateAfter: "8h" }],
    ["a pod in v1 with nulls", { ...POD, volumeInGb: null, networkVolumeId: null }],
    ["a pod in v2", V2],
    ["a template in v1", { name: "t", imageName: IMAGE, isPublic: false }],
    ["a template in v2", { name: "t", image: IMAGE, disk: 20, serverless: true }],
    ["a volume in v1", { name: "v", size: 100, dataCenterId: "EU-RO-1" }],
    ["a volume in v2", { name: "v", size: 100, dataCenter: "EU-RO-1" }],
    ["an endpoint in v1", { templateId: "t", workersMin: 0, workersMax: 3 }],
    ["YAML with a place for anchors", `x-base: &b\n  imageName: a/b:1\ngpuCount: 1\n<<: *b\n`],
    ["what RunPod answers", { id: "abc", image: IMAGE, desiredStatus: "RUNNING", machineId: "m" }],
    ["a list that RunPod answers", { pods: [V2], pagination: { hasNextPage: false } }],
  ])("is accepted: %s", (_, body) => {
    expect(said(body)).toEqual([]);
  });

  test.each([
    [{ ...POD, containerDiskInGB: 5 }, "containerDiskInGB", "Write containerDiskInGb."],
    [{ ...POD, volume_in_gb: 5 }, "volume_in_gb", "Write volumeInGb."],
    [{ ...POD, gpuTypes: ["NVIDIA L4"] }, "gpuTypes", "Did you mean gpuTypeIds"],
    [{ ...POD, color: "red" }, "color", "Remove it."],
    [{ ...POD, disk: 5 }, "disk", "Write containerDiskInGb."],
    [{ ...V2, imageName: "x" }, "imageName", "Write image."],
    [{ ...V2, gpu: { id: "NVIDIA L4", cnt: 1 } }, "gpu.cnt", "Did you mean count?"],
  ])("reports an unknown field and the right one: %j", (body, field, remedy) => {
    expect(said(body)).toEqual([expect.stringContaining(`mandatory ${field}: ${field} is not a`)]);
    expect(said(body)[0]).toContain(remedy);
  });

  test.each([
    [{ ...POD, containerDiskInGb: "20" }, 'containerDiskInGb "20" must be a whole number'],
    [{ ...POD, containerDiskInGb: 20.5 }, "containerDiskInGb 20.5 must be a whole number"],
    [{ ...POD, gpuCount: 0 }, "gpuCount 0 must be at least 1"],
    [{ ...POD, gpuTypeIds: "NVIDIA L4" }, 'gpuTypeIds "NVIDIA L4" must be a list of strings'],
    [{ ...POD, dockerStartCmd: "--model x/y" }, "dockerStartCmd must be a list of strings"],
    [{ ...POD, env: [{ key: "A", value: "b" }] }, "env must be a map from names to values"],
    [{ ...POD, env: { A: 5 } }, "env.A must be a string"],
    [{ ...POD, cloudType: "secure" }, 'cloudType "secure" must be SECURE or COMMUNITY'],
    [{ ...POD, interruptible: "no" }, 'interruptible "no" must be true or false'],
    [{ ...POD, ports: ["8000"] }, 'ports "8000" must be a port number and a protocol'],
    [{ ...POD, imageName: "https://x/y" }, 'imageName "https://x/y" must be an image name'],
    [{ ...V2, disk: null }, "disk must be a whole number"],
    [{ ...V2, mounts: { persistent: [] } }, "mounts.persistent must be a map"],
    [{ ...V2, mounts: { persistent: { path: "/a" } } }, "mounts.persistent.size is required"],
    [{ ...V2, mounts: { persistent: { size: 5, path: "/a" } } }, "size 5 must be at least 10"],
  ])("reports a wrong value: %j", (body, message) => {
    expect(said(body)).toEqual([expect.stringContaining(message)]);
    expect(said(body)[0]).toMatch(/^mandatory/);
  });

  test("shows no value of a variable or of a command", () => {
    const wrong = { ...POD, env: { HF_TOKEN: ["hidden-1"] }, dockerStartCmd: "--api-key hidden-2" };
    expect(said(wrong)).toHaveLength(2);
    expect(said(wrong).join()).not.toContain("hidden");
  });

  test("advises if a field is missing, because an update may omit it", () => {
    const { name: _, ...unnamed } = V2;
    expect(said(unnamed)).toEqual([expect.stringMatching(/^advisory name: name is required/)]);
  });

  test("lists no more than twenty faults", () => {
    const names = Array.from({ length: 500 }, (_, index) => [`zz${index}`, 1]);
    expect(said({ ...POD, ...Object.fromEntries(names) })).toHaveLength(20);
  });

  test("reads a wrong form as intended", () => {
    const body = {
      ...POD,
      image_name: "other",
      containerDiskInGb: "20 GB",
      ports: "8000/http, 22/tcp",
      dockerStartCmd: "--model 'a b'",
      env: ["A=b=c", { name: "D", value: 5 }],
    };
    expect(specOf(body)).toMatchObject({
      imageName: IMAGE,
      containerDiskInGb: 20,
      ports: ["8000/http", "22/tcp"],
      dockerStartCmd: ["--model", "a b"],
      env: { entries: { A: "b=c", D: "5" } },
    });
  });
});

describe("a placeholder", () => {
  test.each([
    { imageName: `\${IMAGE}` },
    { imageName: "{{ .Values.image }}:v1" },
    { imageName: "$IMAGE" },
    { networkVolumeId: "<your volume>" },
    { networkVolumeId: "YOUR_VOLUME_ID" },
    { networkVolumeId: "%VOLUME%" },
    { dataCenterIds: ["__DC__"] },
    { containerDiskInGb: `\${DISK}` },
  ])("is refused if nothing fills it in: %j", (fields) => {
    const [field = ""] = Object.keys(fields);
    expect(said({ ...POD, ...fields })).toEqual([
      expect.stringMatching(new RegExp(`^mandatory ${field}: .* is an unfilled placeholder`)),
    ]);
  });

  test.each([{ dockerStartCmd: ["--model", `\${MODEL}`] }, { env: { HF_TOKEN: "<your token>" } }])(
    "is advice if a program may fill it in: %j",
    (fields) => {
      expect(said({ ...POD, ...fields })).toEqual([
        expect.stringMatching(/^advisory .* is an unfilled placeholder/),
      ]);
    },
  );

  test.each([
    { env: { HF_TOKEN: "{{ RUNPOD_SECRET_hf-0a1b.c/d }}" } },
    { env: { HF_TOKEN: "{{ RUNPOD_SECRET_hf }}", URL: "https://{{ RUNPOD_SECRET_a }}/x" } },
    { dockerStartCmd: ["bash", "-c", `vllm serve \${MODEL} -tp $(nproc)`] },
    { name: `run-\${ID}` },
  ])("is accepted if RunPod or a shell fills it in: %j", (fields) => {
    expect(said({ ...POD, ...fields })).toEqual([]);
  });

  test("hides nothing from the rules, even if Pulumi uses the same one", () => {
    const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(said({ ...POD, imageName: sentinel })).toHaveLength(1);
    expect(specOf({ ...POD, imageName: `\${IMAGE}` }).imageName).toBe(UNKNOWN);
  });
});

describe("a GPU type", () => {
  test.each([
    ["RTX 4090", ['"NVIDIA GeForce RTX 4090"']],
    ["NVIDIA RTX 4090", ['"NVIDIA GeForce RTX 4090"']],
    ["H100", ['"NVIDIA H100 80GB HBM3"', '"NVIDIA H100 PCIe"']],
  ])("by a short name is refused with its ids: %s", (name, ids) => {
    const [message = "", ...others] = said({ ...POD, gpuTypeIds: [name] });
    expect([message.slice(0, 9), others]).toEqual(["mandatory", []]);
    for (const id of ids) {
      expect(message).toContain(id);
    }
  });

  test("must not be a pool, whose types are listed", () => {
    expect(said({ ...POD, gpuTypeIds: ["AMPERE_48"] })).toEqual([
      expect.stringMatching(
        /^mandatory gpuTypeIds: .* it is a pool .* "NVIDIA A40", "NVIDIA RTX A6000"\./,
      ),
    ]);
  });

  test("with an unambiguous name is checked as that type", () => {
    expect(specOf({ ...POD, gpuTypeIds: ["RTX 4090"] }).gpuTypeIds).toEqual([
      "NVIDIA GeForce RTX 4090",
    ]);
  });

  test("that is unknown may be new", () => {
    expect(said({ ...POD, gpuTypeIds: ["NVIDIA X900"] })).toEqual([
      expect.stringMatching(/^advisory gpuTypeIds: gpuTypeIds "NVIDIA X900" is not a GPU type/),
    ]);
  });
});

describe("GraphQL", () => {
  const INPUT = {
    name: "llm",
    imageName: IMAGE,
    gpuTypeId: "NVIDIA L4",
    gpuCount: 2,
    cloudType: "SECURE",
    containerDiskInGb: 10,
    volumeInGb: 0,
    dockerArgs: "--model meta-llama/Llama-3.3-70B-Instruct",
    ports: "8000/http,22/tcp",
    dataCenterId: "EU-RO-1",
    env: [{ key: "HF_TOKEN", value: "x" }],
  };
  const MEANT = {
    kind: "Pod",
    gpuTypeIds: ["NVIDIA L4"],
    gpuCount: 2,
    dockerStartCmd: ["--model", "meta-llama/Llama-3.3-70B-Instruct"],
    ports: ["8000/http", "22/tcp"],
    dataCenterIds: ["EU-RO-1"],
    env: { entries: { HF_TOKEN: "x" }, isWhole: true },
  };
  const inline = JSON.stringify(INPUT)
    .replace(/"(\w+)":/g, "$1: ")
    .replace('"SECURE"', "SECURE");
  const MUTATION = `mutation {\n  podFindAndDeployOnDemand(input: ${inline}) { id }\n}`;
  const query = "mutation($in: X!) { podFindAndDeployOnDemand(input: $in) { id } }";

  test.each([
    ["a document", `# deploy\n${MUTATION}`],
    ["a request", { query: MUTATION }],
    ["a request with bare line breaks", `{"query": "${MUTATION.replaceAll('"', '\\"')}"}`],
    ["a request with variables", { query, variables: { in: INPUT } }],
    ["a list of requests", [{ query, variables: { in: INPUT } }]],
    ["the variables", { variables: { input: INPUT } }],
    ["the input", { input: INPUT }],
  ])("is read from %s", (_, body) => {
    expect(specOf(body)).toMatchObject(MEANT);
    expect(said(body)).toEqual([]);
  });

  test("is read as intended, and refused, if it takes the place of a REST body", () => {
    expect(specOf(INPUT)).toMatchObject(MEANT);
    expect(said(INPUT)).toEqual([
      expect.stringMatching(/^mandatory gpuTypeId: .*the REST API rejects it/),
    ]);
  });

  test("is compared with its own fields", () => {
    const request = (changes: Record<string, unknown>) => ({
      query,
      variables: { in: { ...INPUT, ...changes } },
    });
    expect(said(request({ ports: ["8000/http"] }))).toEqual([
      expect.stringContaining("ports must be a string"),
    ]);
    expect(said(request({ env: { A: "b" } }))).toEqual([
      expect.stringContaining("env must be a list of {key, value}"),
    ]);
    expect(said(request({ image_name: "x" }))[0]).toMatch(/^mandatory image_name/);
    expect(said(request({ brandNew: 1 }))[0]).toMatch(/^advisory brandNew/);
  });

  test("has other mutations, and several in one request", () => {
    const body = `mutation {
      a: saveTemplate(input: { name: "t", imageName: "a/b:1", isServerless: true }) { id }
      b: createNetworkVolume(input: { name: "v", size: 10, dataCenterId: "EU-RO-1" }) { id }
      c: saveEndpoint(input: { name: "e", templateId: "t", gpuIds: "ADA_24" }) { id }
    }`;
    expect(readSource("q.graphql", body).items.map(({ id }) => id)).toEqual([
      "q.graphql#1: Serverless Template t",
      "q.graphql#2: Volume v",
      "q.graphql#3: Endpoint e",
    ]);
  });

  test("is checked even if a variable has no value", () => {
    const body = "mutation D($i: String) { podRentInterruptable(input: { imageName: $i }) { id } }";
    expect(said(body)).toEqual([
      expect.stringContaining(`imageName "\${i}" is an unfilled placeholder`),
    ]);
  });

  test.each([
    ["mutation { podStop(input: { podId: 1 }) { id } }", "has no mutation that can be checked"],
    ["mutation D($i: X) { saveTemplate(input: $i) { id } }", "the input $i of saveTemplate"],
    ["mutation { saveTemplate(input: { name: }) { id } }", "is not a GraphQL query: line 1"],
  ])("is refused in one sentence: %s", (body, message) => {
    expect(() => readSource("pod", body)).toThrow(message);
  });

  test("is reported at the line of a field", () => {
    const lineOf = (text: string) => {
      const source = readSource("pod", text);
      return source.placeOf(source.items[0], "containerDiskInGb").line;
    };
    expect(lineOf(MUTATION.replace("containerDiskInGb", "\ncontainerDiskInGb"))).toBe(3);
    const request = { query, variables: { in: INPUT } };
    expect(lineOf(JSON.stringify(request, null, 1))).toBe(10);
  });
});

describe("what serverless workers run", () => {
  test("has its network volume at /runpod-volume, and no other volume", () => {
    const spec = specOf({ name: "t", imageName: IMAGE, isServerless: true, volumeInGb: 0 });
    expect(spec).toMatchObject({
      kind: "Template",
      isServerless: true,
      isAlone: false,
      volumeMountPath: "/runpod-volume",
      networkVolumeId: UNKNOWN,
      volumeInGb: undefined,
    });
  });

  test("shows the volume in an endpoint's body", () => {
    expect(specOf(ENDPOINT).networkVolumeId).toBeUndefined();
    expect(specOf({ ...ENDPOINT, networkVolumes: ["v", "w"] })).toMatchObject({
      networkVolumeId: "v",
      networkVolumeIds: ["v", "w"],
    });
    expect(specOf({ ...ENDPOINT, globalVolumes: ["g"] }).networkVolumeId).toBe("g");
    expect(specOf({ ...ENDPOINT, globalVolumes: [] }).networkVolumeId).toBeUndefined();
  });
});

describe("a serverless endpoint", () => {
  test("is read from a body of REST v2", () => {
    expect(
      specOf({
        ...ENDPOINT,
        scaling: { type: "REQUEST_COUNT", requestCount: 4 },
        workers: { min: 1, max: 5, idleTimeout: 60 },
        timeout: 600_000,
        flashboot: "FLASHBOOT",
        disk: 30,
        dataCenterIds: ["EU-RO-1"],
      }),
    ).toMatchObject({
      kind: "ServerlessEndpoint",
      type: "QUEUE",
      imageName: IMAGE,
      gpuTypeIds: ["NVIDIA GeForce RTX 4090"],
      takesOneGpuType: false,
      scalerType: "REQUEST_COUNT",
      workersMin: 1,
      workersMax: 5,
      idleTimeout: 60,
      executionTimeout: 600_000,
      flashboot: "FLASHBOOT",
      containerDiskInGb: 30,
      dataCenterIds: ["EU-RO-1"],
    });
  });

  test("is read from a body of REST v1, whose template may set the container", () => {
    const body = {
      templateId: "t",
      gpuTypeIds: ["NVIDIA L4"],
      workersMin: 1,
      flashboot: false,
      executionTimeoutMs: 5_000,
      networkVolumeId: "v",
    };
    expect(specOf(body)).toMatchObject({
      kind: "ServerlessEndpoint",
      imageName: UNKNOWN,
      containerDiskInGb: UNKNOWN,
      gpuTypeIds: ["NVIDIA L4"],
      workersMin: 1,
      flashboot: "OFF",
      executionTimeout: 5_000,
      networkVolumeIds: ["v"],
    });
  });

  test("is read from a GraphQL request", () => {
    const query = `mutation { saveEndpoint(input: { name: "e", templateId: "t", type: "LB",
      gpuIds: "AMPERE_24, -NVIDIA L4", flashBootType: "FLASHBOOT" }) { id } }`;
    expect(specOf({ query })).toMatchObject({
      kind: "ServerlessEndpoint",
      type: "LOAD_BALANCER",
      gpuTypeIds: ["NVIDIA RTX A5000", "NVIDIA GeForce RTX 3090"],
      flashboot: "FLASHBOOT",
    });
  });

  test("is read from what RunPod answers, and from the inputs of the provider's resource", () => {
    const answer = { ...ENDPOINT, id: "e", timeout: 0, requestUrls: {}, createdAt: "2026-11-01" };
    expect(specOf(answer)).toMatchObject({ kind: "ServerlessEndpoint", executionTimeout: 0 });
    const inputs = {
      imageName: IMAGE,
      gpuTypeIds: ["NVIDIA L4"],
      workersMax: 1,
      flashboot: "OFF",
      scalerValue: 0.5,
      executionTimeout: "10m",
    };
    expect(specOf(inputs)).toMatchObject({ kind: "ServerlessEndpoint", executionTimeout: 600_000 });
    expect(said(inputs)).toEqual([]);
  });

  test("has the types of its pools, without those that it excludes", () => {
    const gpu = {
      pools: ["AMPERE_24", "ADA_24"],
      excludedTypes: ["NVIDIA L4", "NVIDIA  RTX A5000"],
    };
    expect(specOf({ ...ENDPOINT, gpu }).gpuTypeIds).toEqual([
      "NVIDIA GeForce RTX 3090",
      "NVIDIA GeForce RTX 4090",
    ]);
  });

  test.each([
    ["NVIDIA L4", /^mandatory gpuTypeIds: gpu\.pools "NVIDIA L4" must be .* Write "AMPERE_24"/],
    ["ampere24", /^mandatory gpuTypeIds: gpu\.pools "ampere24" must be .* Write "AMPERE_24"/],
    ["RUBIN_288", /^advisory gpuTypeIds: gpu\.pools "RUBIN_288" is not a pool that this release/],
  ])("reports a pool that is not one: %s", (pool, message) => {
    const body = { ...ENDPOINT, gpu: { pools: [pool] } };
    expect(said(body)).toEqual([expect.stringMatching(message)]);
  });

  test("is reported at the lines of its fields", () => {
    const body = { ...ENDPOINT, gpu: { pools: ["ADA_24"] }, workers: { min: 1 }, timeout: 600 };
    const source = readSource("e.json", JSON.stringify(body, null, 1));
    const lineOf = (field: string) => source.placeOf(source.items[0], field).line;
    const lines = JSON.stringify(body, null, 1).split("\n");
    expect(lines[lineOf("gpuTypeIds") - 1]).toContain("[");
    expect(lines[lineOf("workersMin") - 1]).toContain('"min"');
    expect(lines[lineOf("executionTimeout") - 1]).toContain('"timeout"');
  });
});

describe("a file for another tool", () => {
  test.each([
    ["services: { llm: { image: vllm/vllm-openai } }", "is a Docker Compose file"],
    ["apiVersion: v1\nkind: Pod\nspec: {}", "is a Kubernetes manifest"],
    ['{"terraform_version": "1.9", "resources": []}', "is a Terraform file"],
    ["name: x\nruntime: yaml\nresources: {}", "is a Pulumi project"],
  ])("is recognized: %s", (text, message) => {
    expect(() => readSource("pod", text)).toThrow(message);
  });
});

test.each(["__proto__", "constructor", "toString"])(
  "a field named %s is refused like any other unknown field",
  (name) => {
    const text = `{"${name}":[],"imageName":"x"}`;
    const { items, placeOf } = readSource("pod.json", text, ".");
    expect(placeOf(items[0], name).line).toBe(1);
  },
);
