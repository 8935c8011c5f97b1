import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { presetConfig, rules } from "@runpod-stack/policies";
import { PREVIEW, shown } from "../../tools/demo/scenes.mts";
import { createCli } from "../support/cli";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { recording } from "../support/recording";
import { createStack, failure, type Run, type TestStack } from "../support/stack";
import { run } from "../unit/policies/cli/run";

jest.setTimeout(240_000);

const PACK = path.join(__dirname, "../../policies");
const WITH_PACK = ["--policy-pack", PACK];
/** For a TypeScript program whose types are checked elsewhere: `npm run check` and examples.test.ts. */
const UNTYPED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
const BAD = { containerDiskInGb: "20", cacheInGb: "0" };

let folder: string;
let stack: TestStack | undefined;
let emulator: TestEmulator | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-e2e-"));
});

afterEach(async () => {
  await stack?.close();
  await emulator?.close();
  stack = undefined;
  emulator = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  const place = path.join(folder, name);
  writeFileSync(place, typeof content === "string" ? content : JSON.stringify(content));
  return place;
}

/** The pack's results: level, rule and resource. */
function said({ events }: Run): string[] {
  return events
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).policyEvent)
    .filter((event) => event !== undefined)
    .map((event) => {
      const name = event.resourceUrn?.split("::").at(-1);
      return `${event.enforcementLevel} ${event.policyName} ${name}`;
    });
}

describe("the guide's deployment at preview, without account or network", () => {
  test("is refused by both rules for its small disk and missing mount, and passes once corrected", async () => {
    stack = await createStack({ folder: ".", env: UNTYPED });
    await stack.configure(BAD);
    const bad = await failure(stack.preview(...WITH_PACK));
    expect(said(bad).filter((text) => text.startsWith("mandatory"))).toEqual([
      "mandatory container-disk-size llm",
      "mandatory persistent-hf-cache llm",
    ]);
    expect(recording()).toEqual(expect.arrayContaining(shown(PREVIEW, bad.stdout)));
    expect(bad.stdout).toContain("containerDiskInGb 20 must be 87 or more: Qwen/Qwen3.8-27B");
    expect(bad.stdout).toContain("volumeMountPath must be /root/.cache/huggingface");

    await stack.configure({ containerDiskInGb: "100", cacheInGb: "100" });
    const good = await stack.preview(...WITH_PACK);
    expect(said(good).filter((text) => text.startsWith("mandatory"))).toEqual([]);

    const strict = ["--policy-pack-config", path.join(PACK, "strict.json")];
    const refused = said(await failure(stack.preview(...WITH_PACK, ...strict)));
    expect(refused).toContain("mandatory public-endpoint-auth llm");
    expect(refused.filter((text) => text.startsWith("advisory"))).toEqual([]);
  });

  test("is also refused by the command, given the preview's JSON", async () => {
    stack = await createStack({ folder: ".", env: UNTYPED });
    await stack.configure(BAD);
    const { stdout } = await stack.preview("--json");
    const checked = await run(["check", "--json", "-"], { input: stdout });
    expect(checked.status).toBe(1);
    const refused = JSON.parse(checked.stdout).violations.filter(
      ({ level }: { level: string }) => level === "mandatory",
    );
    expect(refused).toMatchObject([
      { rule: "container-disk-size", resource: expect.stringMatching(/:Pod::llm$/) },
      { rule: "persistent-hf-cache", resource: expect.stringMatching(/:Pod::llm$/) },
    ]);
  });
});

/** A finding of each rule in a program that has everything wrong. */
const FINDINGS: Readonly<Record<string, string>> = {
  "container-disk-size": "mandatory container-disk-size serves",
  "command-serves": "mandatory command-serves old",
  "persistent-hf-cache": "mandatory persistent-hf-cache serves",
  "cache-volume-size": "mandatory cache-volume-size cache",
  "gpu-memory": "mandatory gpu-memory elsewhere",
  "tensor-parallel": "mandatory tensor-parallel serves",
  "port-reachable": "mandatory port-reachable local",
  "worker-image": "mandatory worker-image workers",
  "gpu-architecture": "mandatory gpu-architecture old",
  "cuda-floor": "advisory cuda-floor elsewhere",
  "cuda-compat": "advisory cuda-compat shadowed",
  "image-pinned": "advisory image-pinned serves",
  "secret-env": "advisory secret-env serves",
  "public-endpoint-auth": "advisory public-endpoint-auth serves",
  "load-balancer-auth": "advisory load-balancer-auth workers",
  "reserved-env": "advisory reserved-env serves",
  "ssh-exposure": "advisory ssh-exposure serves",
  "gpu-fallbacks": "advisory gpu-fallbacks serves",
  "allowed-gpus": "mandatory allowed-gpus serves",
  "allowed-data-centers": "mandatory allowed-data-centers elsewhere",
  "cloud-type": "advisory cloud-type serves",
  "volume-placement": "mandatory volume-placement elsewhere",
  "volume-protected": "advisory volume-protected cache",
  unjudged: "advisory unjudged unread",
  "spec-size": "advisory spec-size long",
  "spec-valid": "advisory spec-valid long",
  "hourly-cost": "advisory hourly-cost elsewhere",
  "stack-cost": "advisory stack-cost e2e-test",
  "end-of-life": "advisory end-of-life serves",
  "min-workers-cost": "advisory min-workers-cost workers",
  "max-workers-budget": "advisory max-workers-budget workers",
  "idle-timeout": "advisory idle-timeout workers",
  "execution-timeout": "advisory execution-timeout workers",
  flashboot: "advisory flashboot workers",
  "waiver-valid": "mandatory waiver-valid long",
};

describe("in a preview, with values that are not known yet", () => {
  const allowed = {
    "allowed-gpus": { allowed: ["NVIDIA B200", "NVIDIA H200"] },
    "allowed-data-centers": { allowed: ["EU-RO-1"] },
  };

  test("each rule names the faulty input", async () => {
    stack = await createStack({
      program: `
      new Pod("serves", {
        imageName: "vllm/vllm-openai:latest",
        dockerStartCmd: ["Qwen/Qwen3.8-27B", "--tensor-parallel-size", "16"],
        gpuTypeIds: ["NVIDIA L4"],
        gpuCount: 8,
        cloudType: "COMMUNITY",
        containerDiskInGb: 20,
        ports: ["8000/http", "22/tcp"],
        env: { HF_TOKEN: "not-a-reference", VLLM_PORT: "8000" },
      });
      new Pod("shadowed", {
        imageName: "vllm/vllm-openai:v0.16.0",
        dockerStartCmd: ["Qwen/Qwen3-0.6B"],
        gpuTypeIds: ["NVIDIA B200", "NVIDIA L4"],
        containerDiskInGb: 20,
      });
      new Pod("old", {
        imageName: "vllm/vllm-openai:v0.8.5",
        dockerStartCmd: ["Qwen/Qwen3.8-27B"],
        gpuTypeIds: ["NVIDIA B200"],
        gpuCount: 8,
        containerDiskInGb: 20,
      });
      new Pod("local", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3-0.6B", "--host", "127.0.0.1"],
        gpuTypeIds: ["NVIDIA L4"],
        containerDiskInGb: 30,
        ports: ["8000/http"],
      });
      const asked = new Pod("asked", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3-0.6B"],
        gpuTypeIds: ["NVIDIA L4"],
        containerDiskInGb: 30,
        ports: ["8000/http", "9000/http"],
      });
      new PodEndpoint("openai", { pod: asked, port: 9000 });
      new Pod("unread", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: ["curl -s https://example.com/start.sh | bash"],
        gpuTypeIds: ["NVIDIA L4"],
        containerDiskInGb: 30,
      });
      const cache = new Volume("cache", { size: 10, dataCenterId: "EU-RO-1" });
      new Pod("elsewhere", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3.8-27B"],
        gpuTypeIds: ["NVIDIA L4"],
        containerDiskInGb: 20,
        networkVolumeId: cache.volumeId,
        volumeMountPath: "/root/.cache/huggingface",
        dataCenterIds: ["US-KS-2"],
      });
      new ServerlessEndpoint("workers", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3-0.6B"],
        gpuTypeIds: ["NVIDIA H200", "NVIDIA L4"],
        workersMin: 2,
        workersMax: 20,
        idleTimeout: 3600,
        executionTimeout: "48h",
        flashboot: "OFF",
        ports: ["8000/tcp"],
        networkVolumeIds: [cache.volumeId],
      });
      new Pod("long", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: ["true;".repeat(30_000)],
        gpuTypeIds: ["NVIDIA X900"],
        containerDiskInGb: 20,
        policyWaivers: [{ rule: "gpu-memry", reason: "a misspelled rule", until: "2999-01-01" }],
      });`,
    });
    const prices = { date: "2026-11-24", gpus: { "NVIDIA L4": { secure: 30, community: null } } };
    const config = file("config.json", {
      ...allowed,
      "hourly-cost": { prices },
      "stack-cost": { maxPerHour: 10 },
    });
    const preview = await failure(stack.preview(...WITH_PACK, "--policy-pack-config", config));
    expect(Object.keys(FINDINGS)).toEqual(rules.map(({ name }) => name));
    expect(said(preview)).toEqual(expect.arrayContaining(Object.values(FINDINGS)));
    expect(said(preview)).toContain("mandatory port-reachable asked");
    expect(preview.stdout).toMatch(/1 × NVIDIA L4 .* costs \$30\.\d\d at the prices of 2026-11-24/);
    expect(preview.stdout).not.toContain("can't run policy");
  });

  test("a correct program passes, even if every rule and every doubtful finding is mandatory", async () => {
    stack = await createStack({
      program: `
      const cache = new Volume("cache", { size: 100, dataCenterId: "EU-RO-1" }, { protect: true });
      const template = new Template("vllm", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
        containerDiskInGb: 100,
        ports: ["8000/http"],
        env: { VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" },
      });
      const pod = new Pod("llm", {
        template,
        gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
        minCudaVersion: "13.0",
        networkVolumeId: cache.volumeId,
        volumeMountPath: "/root/.cache/huggingface",
        dataCenterIds: [cache.dataCenterId],
        env: { VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}", CACHE_VOLUME: cache.volumeId },
        terminateAfter: "8h",
      });
      new PodEndpoint("openai", { pod, port: 8000 });
      new ServerlessEndpoint("workers", {
        imageName: "runpod/worker-v1-vllm:v2.25.2",
        gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
        minCudaVersion: "13.0",
        networkVolumeIds: [cache.volumeId],
        dataCenterIds: [cache.dataCenterId],
        containerDiskInGb: 30,
        env: { MODEL_NAME: "Qwen/Qwen3.8-27B", MAX_MODEL_LEN: "16384" },
      });`,
    });
    const config = file("config.json", { ...presetConfig("strict"), ...allowed });
    // The pod mounts the volume that its template cannot hold.
    expect(said(await stack.preview(...WITH_PACK, "--policy-pack-config", config))).toEqual([
      "advisory persistent-hf-cache vllm",
    ]);
  });
});

test("a waiver lets one rule pass for one resource, is shown, and changes nothing else", async () => {
  emulator = await startTestEmulator();
  const program = (more: string) => `
    new Pod("llm", {
      imageName: "vllm/vllm-openai:v0.20.0",
      dockerStartCmd: ["Qwen/Qwen3.8-27B"],
      gpuTypeIds: ["NVIDIA B200"],
      containerDiskInGb: 20,
      ${more}
    });`;
  stack = await createStack({ env: emulator.env, program: program("") });
  await stack.up();
  const waiver = { reason: "weights come with the image", until: "2999-01-01" };
  const own = [{ rule: "persistent-hf-cache", ...waiver }];
  stack.write(program(`policyWaivers: ${JSON.stringify(own)},`));
  const config = { "container-disk-size": { waivers: [{ resource: "l*m", ...waiver }] } };
  const args = [...WITH_PACK, "--policy-pack-config", file("waivers.json", config)];
  const run = await stack.up(...args, "--expect-no-changes");
  expect(said(run)).toEqual(
    expect.arrayContaining([
      "advisory container-disk-size llm",
      "advisory persistent-hf-cache llm",
    ]),
  );
  expect(run.stdout).toContain("Waived until 2999-01-01: weights come with the image");
  await stack.refresh("--expect-no-changes");
  await stack.destroy();
});

test("a misspelled rule or option in the configuration is an error of the pack", async () => {
  stack = await createStack({
    program: 'new Volume("cache", { size: 50, dataCenterId: "EU-RO-1" }, { protect: true });',
  });
  const preview = (config: object) =>
    stack?.preview(...WITH_PACK, "--policy-pack-config", file("config.json", config));
  const { stdout, stderr } = await failure(preview({ "gpu-memroy": "disabled" }) as Promise<Run>);
  expect(stdout + stderr).toContain("gpu-memroy: there is no such rule. Did you mean gpu-memory?");
});

test("Pulumi and the command report the same about a deployed stack", async () => {
  emulator = await startTestEmulator();
  stack = await createStack({
    env: emulator.env,
    program: `
      const cache = new Volume("cache", { size: 50, dataCenterId: "EU-RO-1" });
      new Pod("llm", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3.8-27B"],
        gpuTypeIds: ["NVIDIA B200"],
        containerDiskInGb: 20,
        networkVolumeId: cache.volumeId,
        volumeMountPath: "/root/.cache/huggingface",
        dataCenterIds: [cache.dataCenterId],
      });
      // Where the state is read without its passphrase, nobody knows where this cache is.
      new Pod("secretive", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3.8-27B"],
        gpuTypeIds: ["NVIDIA B200"],
        containerDiskInGb: 20,
        volumeInGb: 100,
        env: { HF_HOME: "/workspace/huggingface" },
      });`,
  });
  await stack.up(...WITH_PACK, "--policy-pack-config", file("lax.json", { all: "advisory" }));
  const state = file("state.json", await stack.exportState());
  const cli = await createCli({ PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" });
  try {
    const args = ["policy", "analyze", ...WITH_PACK, "--file", state, "--non-interactive"];
    const analyzed = await cli.run({ cwd: folder, args, env: {} });
    expect(analyzed.code).not.toBe(0);
    expect(analyzed.stdout).toContain("size 50 must be 67 or more: Qwen/Qwen3.8-27B");
    expect(analyzed.stdout).not.toContain("persistent-hf-cache");
  } finally {
    await cli.close();
  }
  const checked = await run(["check", state]);
  expect(checked.status).toBe(1);
  expect(checked.stdout).toMatch(/Volume cache\n {2}refused {2}cache-volume-size\n/);
  expect(checked.stdout).not.toContain("persistent-hf-cache");
  await stack.destroy();
});

test("a remediation is deployed, and stays", async () => {
  emulator = await startTestEmulator();
  stack = await createStack({
    env: emulator.env,
    program: `
      const pod = new Pod("llm", {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3-0.6B"],
        gpuTypeIds: ["NVIDIA L4"],
        containerDiskInGb: 10,
        env: { GREETING: "hello" },
      });
      exports.podId = pod.podId;`,
  });
  const remediate = {
    "container-disk-size": "remediate",
    "cuda-floor": "remediate",
    "persistent-hf-cache": "advisory",
  };
  const args = [...WITH_PACK, "--policy-pack-config", file("config.json", remediate)];
  await stack.up(...args);
  const { podId } = await stack.outputs();
  const { body } = await emulator.call("GET", `/v2/pods/${podId}`);
  expect(body).toMatchObject({ disk: 27, env: { GREETING: "hello" } });
  expect(await stack.exportState()).toContain("minCudaVersion");
  await stack.up(...args, "--expect-no-changes");
  await stack.destroy();
});

test("examples/custom-policy has its own rules and the bundled ones, and passing tests", async () => {
  const example = path.join(__dirname, "../../examples/custom-policy");
  const tests = ["--test", path.join(example, "policies.test.mts")];
  await promisify(execFile)(process.execPath, tests, { cwd: example });

  stack = await createStack({
    program: `
      new Volume("forgotten", { size: 10, dataCenterId: "EU-RO-1" });
      new Pod("llm", {
        name: "llm",
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["Qwen/Qwen3.8-27B"],
        gpuTypeIds: ["NVIDIA B200"],
        containerDiskInGb: 20,
      });`,
  });
  const config = file("config.json", { "pod-name": { teams: ["chat"] } });
  const args = ["--policy-pack", example, "--policy-pack-config", config];
  const spoken = said(await failure(stack.preview(...args)));
  expect(spoken).toContain("mandatory pod-name llm");
  expect(spoken).toContain("advisory volume-in-use forgotten");
  expect(spoken).toContain("mandatory container-disk-size llm");
});

// tests/unit/examples judges the examples in the same way.
test("the reference stack waives each policy that objects to it, with a reason", async () => {
  stack = await createStack({ folder: ".", env: UNTYPED });
  const advice = said(await stack.preview(...WITH_PACK)).map((text) => text.split(" ").slice(0, 2));
  const text = readFileSync(path.join(__dirname, "../../index.ts"), "utf8");
  const waived = [...text.matchAll(/^\/\/ Waives ([\w-]+): .{20}/gm)].map(([, rule]) => rule);
  expect(new Set(advice.map((words) => words.join(" ")))).toEqual(
    new Set(waived.map((rule) => `advisory ${rule}`)),
  );
});
