import type { RecordedRequest } from "../support/emulator";
import { type Scene, startScene } from "../support/scene";

const CAPACITY =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";
const CREATE = { method: "POST", path: "^/v2/pods$" };
const base = { name: "llm", imageName: "python:3.12", dockerStartCmd: ["sleep", "infinity"] };
const three = ["NVIDIA L4", "NVIDIA L40S", "NVIDIA A40"];

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

beforeEach(async () => {
  await scene.emulator.reset();
});

afterAll(() => scene.close());

async function setStock(gpuTypeId: string, available: number, dataCenterId?: string) {
  await scene.emulator.call("POST", "/_emulator/capacity", { gpuTypeId, available, dataCenterId });
}

/** The bodies of the creates that were sent. */
async function creates(): Promise<{ gpu?: { id: string }; dataCenterIds?: string[] }[]> {
  const requests: RecordedRequest[] = await scene.emulator.requests();
  return requests
    .filter(({ method, path }) => method === "POST" && path === "/v2/pods")
    .map(({ body }) => body as object);
}

const tried = async () => (await creates()).map(({ gpu }) => gpu?.id);
const livePods = async () =>
  (await scene.emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null);

/** The error of an `up` that fails. */
async function refusal(gpuTypeIds: string[], more: object = {}): Promise<string> {
  const resource = scene.resource("Pod", "llm");
  const error = await resource.up({ ...base, gpuTypeIds, ...more }).catch((failure) => failure);
  expect(error).toBeInstanceOf(Error);
  expect(resource.state).toBeUndefined();
  expect(await livePods()).toEqual([]);
  return error.message;
}

describe("GPU types are tried in the user's order, one request each", () => {
  test("and the first available one is used", async () => {
    await setStock("NVIDIA L4", 0);
    const resource = scene.resource("Pod", "llm");
    await resource.up({ ...base, gpuTypeIds: three });
    expect(await tried()).toEqual(["NVIDIA L4", "NVIDIA L40S"]);
    expect(resource.outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S" });
    expect(await resource.up({ ...base, gpuTypeIds: three })).toBe("unchanged");
    expect(await resource.refresh()).toBe(true);
  });

  test("each with all data centers, because RunPod chooses among them", async () => {
    await setStock("NVIDIA L4", 0);
    const dataCenterIds = ["EU-RO-1", "US-KS-2"];
    await scene.resource("Pod", "llm").up({ ...base, gpuTypeIds: three, dataCenterIds });
    expect((await creates()).map((body) => body.dataCenterIds)).toEqual([
      dataCenterIds,
      dataCenterIds,
    ]);
  });

  test("skipping one that this account may not use", async () => {
    await scene.emulator.fault("status:403:before", { ...CREATE, times: 1 });
    const resource = scene.resource("Pod", "llm");
    await resource.up({ ...base, gpuTypeIds: three });
    expect(resource.outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S" });
  });

  test("skipping one for which RunPod reports no capacity as a conflict or an unknown 400", async () => {
    await scene.emulator.fault("status:409:before", { ...CREATE, times: 1 });
    const resource = scene.resource("Pod", "llm");
    await resource.up({ ...base, gpuTypeIds: ["NVIDIA L4", "NVIDIA No Such", "NVIDIA A40"] });
    expect(await tried()).toEqual(["NVIDIA L4", "NVIDIA No Such", "NVIDIA A40"]);
    expect(resource.outputs).toMatchObject({ gpuTypeId: "NVIDIA A40" });
  });

  test("skipping one for which RunPod reports a full machine as a conflict", async () => {
    await scene.emulator.fault("capacity:409", { ...CREATE, times: 1 });
    const resource = scene.resource("Pod", "llm");
    await resource.up({ ...base, gpuTypeIds: three });
    expect(resource.outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S" });
  });

  test("and CPU flavors in the same way", async () => {
    await scene.emulator.fault("capacity", { ...CREATE, times: 1 });
    const resource = scene.resource("Pod", "cpu");
    await resource.up({ ...base, cpuFlavorIds: ["cpu3c", "cpu3g"] });
    expect(resource.outputs).toMatchObject({ gpuTypeId: null, costPerHr: expect.any(Number) });
    expect(await resource.up({ ...base, cpuFlavorIds: ["cpu3g", "cpu5c"] })).toBe("updated");
    expect(await resource.up({ ...base, cpuFlavorIds: ["cpu5c"] })).toBe("replaced");
  });
});

describe("if none is available", () => {
  test("every candidate is named with its reason", async () => {
    await setStock("NVIDIA L4", 0);
    await setStock("NVIDIA A40", 0);
    await scene.emulator.fault("status:403:before", { ...CREATE, after: 1, times: 1 });
    expect(await refusal(three)).toBe(
      [
        "Creating pod 'llm': none of the requested GPU types is available.",
        "  NVIDIA L4: no capacity",
        "  NVIDIA L40S: not available to this account (fault injected by the emulator: status 403)",
        "  NVIDIA A40: no capacity",
        "Nothing was created and nothing is billed. Add GPU types to gpuTypeIds, accept more dataCenterIds or CUDA versions, or try again later.",
      ].join("\n"),
    );
  });

  test("the refusal of a single one is quoted", async () => {
    await setStock("NVIDIA L4", 0);
    expect(await refusal(["NVIDIA L4"])).toBe(
      `Creating pod 'llm' on NVIDIA L4 failed: ${CAPACITY} Nothing was created and nothing is billed. Add GPU types to gpuTypeIds, accept more dataCenterIds or CUDA versions, or try again later.`,
    );
  });

  test("the same error for all of them means that the request is refused", async () => {
    const text = await refusal(three, { networkVolumeId: "none", cloudType: "SECURE" });
    expect(text).toContain('network volume "none" not found');
    await scene.emulator.fault("status:400:before", { ...CREATE, times: 3 });
    expect(await refusal(three)).toBe(
      "Creating pod 'llm': RunPod rejected the request for every GPU type with the same error (NVIDIA L4, NVIDIA L40S, NVIDIA A40): fault injected by the emulator: status 400. Nothing was created and nothing is billed. Correct the inputs that RunPod names, and run `pulumi up` again.",
    );
  });

  test("a key without the right to create is not answered with advice about GPU types", async () => {
    for (const gpuTypeIds of [three, ["NVIDIA L4"]]) {
      await scene.emulator.fault("status:403:before", { ...CREATE, times: gpuTypeIds.length });
      const text = await refusal(gpuTypeIds);
      expect(text).toContain("Check in RunPod's console what this API key and account may do");
      expect(text).not.toContain("Add GPU types");
    }
  });

  test("a CPU pod's flavors are called flavors", async () => {
    await scene.emulator.fault("capacity", { ...CREATE, times: 2 });
    const pod = scene.resource("Pod", "cpu");
    const { message } = await pod
      .up({ ...base, cpuFlavorIds: ["cpu3c", "cpu3g"] })
      .catch((error) => error);
    expect(message).toContain("none of the requested CPU flavors is available");
    expect(message).toContain("Add CPU flavors to cpuFlavorIds");
  });

  test("a data center without stock counts as no capacity", async () => {
    await setStock("NVIDIA L4", 0, "US-KS-2");
    expect(await refusal(["NVIDIA L4"], { dataCenterIds: ["US-KS-2"] })).toContain(CAPACITY);
  });
});

describe("no other candidate is tried", () => {
  test.each([
    ["a request that breaks the contract", 422],
    ["an empty balance", 402],
    ["something that is named and does not exist", 404],
    ["a refused key", 401],
  ])("after %s", async (_, status) => {
    await scene.emulator.fault(`status:${status}:before`, { ...CREATE, times: 1 });
    expect(await refusal(three)).toContain(`status ${status}`);
    expect(await tried()).toEqual(["NVIDIA L4"]);
  });

  test("after a block by Cloudflare, which is reported once without a lookup", async () => {
    await scene.emulator.fault("cloudflare", { ...CREATE });
    const text = await refusal(three);
    expect(text).toMatch(
      /^creating pod 'llm': 403 Forbidden: Cloudflare blocked this network or client \(error code: 1010, cf-ray \w+-FRA\) before the request reached RunPod, so RunPod did nothing. Check this machine's proxy/,
    );
    const calls = (await scene.emulator.requests()).filter(({ path }) => path === "/v2/pods");
    expect(calls.map(({ method, status }) => `${method} ${status}`)).toEqual(["POST 403"]);
  });

  test("if the account's balance does not last an hour, which is reported", async () => {
    await scene.emulator.call("POST", "/_emulator/accounts/1", { balance: 0.01 });
    const text = await refusal(three);
    expect(text).toContain("402");
    expect(text).toContain("Add credit in RunPod's console under Billing.");
    expect(await tried()).toEqual(["NVIDIA L4"]);
  });
});
