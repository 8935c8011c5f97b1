import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { BIN, node } from "./run";

const ROOT = path.join(__dirname, "../../..");
const POLICIES = path.join(ROOT, "policies/bin/runpod-policies.js");
const TODAY = /^\d{4}-\d\d-\d\d$/;

let emulator: TestEmulator;
let changed: Changed;
let folder: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  changed = await startChanged(emulator);
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-prices-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(async () => {
  await changed.close();
  await emulator.close();
});

const prices = (args: readonly string[], env = changed.env) =>
  node([BIN, "prices", ...args], { env });

describe("runpod-stack prices, as a process", () => {
  test("shows changed, new and removed types, and writes nothing", async () => {
    const { status, stdout, stderr } = await prices([]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^NVIDIA B200 +31\.50 \(was 6\.79\) +-$/m);
    expect(stdout).toMatch(/^NVIDIA H200 +- \(was 4\.59\) +- \(was 3\.59\) +not in the catalog$/m);
    expect(stdout).toMatch(/^NVIDIA L4 +\d\.\d\d +-$/m);
    expect(stdout).toMatch(/^NVIDIA R900 +12\.25 +- +new$/m);
    expect(stdout).toContain("1 changed, 1 new, 1 not in the catalog.\nNothing was written.");
  });

  test("finds the emulator's prices equal to the bundled ones", async () => {
    const { stdout } = await prices(["--json"], emulator.env);
    const { origin, date, gpus } = JSON.parse(stdout);
    expect([origin, date]).toEqual([emulator.url, expect.stringMatching(TODAY)]);
    expect(gpus.filter(({ change }: { change: string | null }) => change !== null)).toEqual([]);
  });

  test("writes them to the policies' configuration, and keeps everything else in it", async () => {
    const config = path.join(folder, "policies.json");
    const pod = path.join(folder, "pod.json");
    const body = { imageName: "nginx:1.29", gpuTypeIds: ["NVIDIA B200"], ports: ["80/http"] };
    writeFileSync(pod, JSON.stringify(body));
    writeFileSync(config, JSON.stringify({ all: "disabled", "hourly-cost": "mandatory" }));
    const check = () => node([POLICIES, "check", "--json", "--config", config, pod]);
    expect(await check()).toMatchObject({ status: 0 });

    const { status, stdout } = await prices(["--into", config]);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`Written into ${config}`)]);
    const refused = await check();
    expect(refused.status).toBe(1);
    expect(refused.stdout).toMatch(/1 × NVIDIA B200 with its disks costs \$31\.50/);
    expect(JSON.parse(readFileSync(config, "utf8"))).toEqual({
      all: "disabled",
      "hourly-cost": {
        enforcementLevel: "mandatory",
        prices: {
          date: expect.stringMatching(TODAY),
          gpus: expect.objectContaining({ "NVIDIA R900": { secure: 12.25, community: null } }),
        },
      },
    });
  });

  test("ends with 2, and keeps the file, if it cannot read it or the prices", async () => {
    const config = path.join(folder, "policies.json");
    writeFileSync(config, "[]");
    const unusable = await prices(["--into", config]);
    expect(unusable).toMatchObject({ status: 2, stdout: "" });
    expect(unusable.stderr).toMatch(/policies\.json is not a configuration of the policies/);
    writeFileSync(config, "{}");
    const stranger = await prices(["--into", config], {
      ...emulator.env,
      RUNPOD_API_KEY: "rpa_stranger",
    });
    expect([stranger.status, stranger.stderr]).toEqual([2, expect.stringContaining("401")]);
    const keyless = await prices([], {});
    expect([keyless.status, keyless.stderr]).toEqual([
      2,
      expect.stringMatching(/^No RunPod API key/),
    ]);
    expect(readFileSync(config, "utf8")).toBe("{}");
  });
});

test("it updates the bundled table, and leaves to people what a catalog does not contain", async () => {
  const table = path.join(folder, "gpus.json");
  copyFileSync(path.join(ROOT, "models/src/data/gpus.json"), table);
  const before = JSON.parse(readFileSync(table, "utf8"));
  const { status, stdout } = await node([path.join(ROOT, "tools/prices.mts"), table], {
    env: changed.env,
  });
  expect([status, stdout]).toEqual([
    0,
    "NVIDIA H200: not in the catalog, not changed\nNVIDIA R900: to be added by hand (R900, 512 GB, secure 12.25, community null)\n",
  ]);
  const after = JSON.parse(readFileSync(table, "utf8"));
  const row = (gpus: { id: string }[], id: string) => gpus.find((gpu) => gpu.id === id);
  expect(row(after.gpus, "NVIDIA H200")).toEqual(row(before.gpus, "NVIDIA H200"));
  expect(row(after.gpus, "NVIDIA B200")).toEqual({
    ...row(before.gpus, "NVIDIA B200"),
    securePrice: 31.5,
    priceDate: after.date,
    source: [`${changed.url}/v2/catalog/gpus, read on ${after.date}`],
  });
  expect(after.gpus).toHaveLength(before.gpus.length);
});

/** RunPod with another catalog. */
interface Changed {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The emulator's catalog with one price changed, one type removed and one added. */
async function startChanged({ call, env }: TestEmulator): Promise<Changed> {
  const server = http.createServer(async (request, response) => {
    const { body } = await call("GET", request.url ?? "");
    const [gone, ...rest] = [body.gpus.find(isType("NVIDIA H200")), ...body.gpus];
    const gpus = rest.filter((gpu) => gpu !== gone);
    const [dear] = gpus.filter(isType("NVIDIA B200"));
    dear.price.secure = 31.5;
    gpus.push({
      ...dear,
      id: "NVIDIA R900",
      name: "R900",
      memory: 512,
      price: { secure: 12.25, community: 0 },
    });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...body, gpus }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: { ...env, RUNPOD_REST_V2_URL: `${url}/v2` },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isType = (id: string) => (gpu: { id: string }) => gpu.id === id;
