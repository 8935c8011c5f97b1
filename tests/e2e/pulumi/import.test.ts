import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { createStack, failure, type TestStack } from "../../support/stack";

jest.setTimeout(180_000);

/** The page whose program and files are tested. */
const PAGE = readFileSync(path.join(__dirname, "../../../docs/import.md"), "utf8");
const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => text ?? "",
  );

interface ImportFile {
  readonly resources: readonly {
    readonly type: string;
    readonly inputs: Record<string, unknown>;
    readonly outputs: Record<string, unknown>;
  }[];
}

let emulator: TestEmulator;
let stack: TestStack;
let ids: Record<string, string>;

beforeEach(async () => {
  emulator = await startTestEmulator();
  stack = await createStack({ env: emulator.env });
  ids = await makeByHand();
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

const PROGRAM = (blocks("ts")[0] ?? "").replace(/^import .*$/m, "");

/** Objects as created in the console, with settings that the program leaves out. */
async function makeByHand() {
  const create = async (collection: string, body: unknown): Promise<string> => {
    const answer = await emulator.call("POST", `/v2/${collection}`, body);
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  const volume = await create("network-volumes", {
    name: "weights",
    size: 100,
    dataCenter: "EU-RO-1",
    type: "HIGH_PERFORMANCE",
  });
  const image = "vllm/vllm-openai:v0.20.0";
  const template = await create("templates", {
    name: "our vllm",
    image,
    disk: 70,
    ports: ["8000/http"],
    startSsh: false,
  });
  const pod = await create("pods", {
    name: "by hand",
    image,
    cmd: ["Qwen/Qwen3-0.6B"],
    gpu: { id: "NVIDIA L4", count: 1 },
    disk: 33,
    mounts: { network: [{ volumeId: volume, path: "/root/.cache/huggingface" }] },
    ports: ["8000/http"],
    env: { HF_HUB_ENABLE_HF_TRANSFER: "1" },
    dataCenterIds: ["EU-RO-1"],
  });
  return { VOLUME_ID: volume, TEMPLATE_ID: template, POD_ID: pod };
}

/** Imports with the page's files. @param change what a user's file has instead */
async function importAll(change = (file: ImportFile) => file) {
  for (const block of blocks("json")) {
    const text = Object.entries(ids).reduce((json, [name, id]) => json.replaceAll(name, id), block);
    const file = path.join(stack.scratch, "import.json");
    writeFileSync(file, JSON.stringify(change(JSON.parse(text))));
    const flags = ["--generate-code=false", "--protect=false", "--yes"];
    const { code, stdout, stderr } = await stack.run("import", "--file", file, ...flags);
    expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  }
}

/** The existing objects and their costs, without values that change over time. */
async function ledger() {
  const { pods, networkVolumes, templates } = await emulator.ledger();
  return [...pods, ...networkVolumes, ...templates].map(({ id, name, endedAt, costPerHr }) => ({
    id,
    name,
    endedAt,
    costPerHr,
  }));
}

const writes = async () =>
  (await emulator.requests()).filter(({ method }) => method !== "GET").map(({ path }) => path);

/** The steps of an update, without the stack's own record. */
const stepsOf = ({ steps }: { steps: readonly string[] }) =>
  steps.filter((step) => !step.includes("Ownership"));

describe("Objects imported with the files of the import page", () => {
  test("are not changed by up, a refresh, and up again", async () => {
    stack.write(`${PROGRAM}
    Object.assign(exports, { url: endpoint.url, costPerHr: pod.costPerHr, type: cache.type, name: pod.name });`);
    const before = await ledger();
    await emulator.clearRequests();
    await importAll();
    expect(stepsOf(await stack.up())).toEqual([]);
    await stack.refresh();
    await stack.up("--expect-no-changes");
    expect(await writes()).toEqual([]);
    expect(await ledger()).toEqual(before);
    expect(await stack.outputs()).toMatchObject({
      url: `${emulator.url}/proxy/${ids["POD_ID"]}-8000`,
      costPerHr: expect.any(Number),
      type: "HIGH_PERFORMANCE",
      name: "by hand",
    });
  });
});

describe("Objects imported and refreshed in one run", () => {
  test("are not changed, and destroy deletes them", async () => {
    stack.write(PROGRAM);
    await emulator.clearRequests();
    await importAll();
    expect(stepsOf(await stack.up("--refresh"))).toEqual([]);
    expect(await writes()).toEqual([]);
    await stack.destroy();
    expect((await ledger()).filter(({ endedAt }) => endedAt === null)).toEqual([]);
  });
});

describe("A program that differs from an imported pod", () => {
  const other = (from: string, to: string) => {
    expect(PROGRAM).toContain(from);
    return PROGRAM.replace(from, to);
  };

  test.each([
    [
      "gpuCount",
      "gpuTypeIds:",
      "gpuCount: 2, gpuTypeIds:",
      ["gpuCount is 1", "the program sets 2"],
    ],
    [
      "networkVolumeId",
      "networkVolumeId: cache.volumeId",
      'networkVolumeId: "another1"',
      ["networkVolumeId is", 'the program sets "another1"'],
    ],
  ])("never terminates it, with and without a refresh: %s", async (_, from, to, told) => {
    await importAll();
    stack.write(other(from, to));
    for (const flags of [[], ["--refresh"], []]) {
      const { stdout } = await failure(stack.up(...flags));
      for (const text of [...told, "pulumi up --replace"]) {
        expect(stdout).toContain(text);
      }
    }
    expect((await ledger()).filter(({ endedAt }) => endedAt !== null)).toEqual([]);
    stack.write(PROGRAM);
    expect(stepsOf(await stack.up())).toEqual([]);
  });

  test("restarts it in place if only imageName differs", async () => {
    await importAll();
    stack.write(
      other(
        'imageName: "vllm/vllm-openai:v0.20.0",\n  dockerStartCmd',
        'imageName: "vllm/vllm-openai:v0.21.0",\n  dockerStartCmd',
      ),
    );
    const { POD_ID } = ids;
    expect(stepsOf(await stack.up("--refresh"))).toEqual([
      "update Pod llm",
      "update PodEndpoint llm",
    ]);
    const { body } = await emulator.call("GET", `/v2/pods/${POD_ID}`);
    expect(body).toMatchObject({ image: "vllm/vllm-openai:v0.21.0", name: "by hand", disk: 33 });
    expect((await ledger()).filter(({ endedAt }) => endedAt !== null)).toEqual([]);
  });
});
