import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT, podBody } from "./bodies";

describe("Placement of a pod", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const post = (path: string, body: unknown) => emulator.call("POST", path, body);
  const get = (path: string) => emulator.call("GET", path);
  const create = async (changes: Record<string, unknown> = {}) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    expect({ status, detail: body.detail, errors: body.errors }).toEqual({ status: 201 });
    return body;
  };
  const refusal = async (changes: Record<string, unknown>) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    return { status, detail: body.detail };
  };

  test("without a count nothing matches", async () => {
    expect(await refusal({ gpu: { id: "NVIDIA H100 80GB HBM3" } })).toEqual({
      status: 400,
      detail: CAPACITY_TEXT,
    });
  });

  test("data centers are enforced, and must match exactly", async () => {
    expect((await create({ dataCenterIds: ["US-TX-3", "US-KS-2"] })).dataCenterId).toMatch(
      /^US-(TX-3|KS-2)$/,
    );
    expect((await refusal({ dataCenterIds: ["us-tx-3"] })).detail).toBe(CAPACITY_TEXT);
  });

  test("the community cloud has its own price and no data centers", async () => {
    const gpu = { id: "NVIDIA GeForce RTX 4090", count: 2 };
    expect(await create({ cloud: "COMMUNITY", gpu })).toMatchObject({
      cloud: "COMMUNITY",
      dataCenterId: null,
      cost: 0.68,
    });
    const pinned = { cloud: "COMMUNITY", gpu, dataCenterIds: ["US-KS-2"] };
    expect((await refusal(pinned)).detail).toBe(CAPACITY_TEXT);
    const secureOnly = { cloud: "COMMUNITY", gpu: { id: "NVIDIA B200", count: 1 } };
    expect((await refusal(secureOnly)).detail).toBe(CAPACITY_TEXT);
  });

  test("a machine has a limited number of GPUs, and a type a limited number of machines", async () => {
    const gpu = { id: "NVIDIA H100 80GB HBM3", count: 9 };
    expect((await refusal({ gpu })).detail).toBe(CAPACITY_TEXT);
    await post("/_emulator/capacity", { gpuTypeId: gpu.id, available: 3 });
    await create({ gpu: { ...gpu, count: 2 } });
    expect((await refusal({ gpu: { ...gpu, count: 2 } })).detail).toBe(CAPACITY_TEXT);
    const last = await create();
    expect((await refusal({})).detail).toBe(CAPACITY_TEXT);
    await emulator.call("DELETE", `/v2/pods/${last.id}`);
    await create();
  });

  test("an unknown GPU type is refused with another message", async () => {
    expect(await refusal({ gpu: { id: "NVIDIA H900", count: 1 } })).toEqual({
      status: 400,
      detail: 'GPU type "NVIDIA H900" not found',
    });
  });

  test("CUDA constraints choose among the hosts", async () => {
    const gpu = { id: "NVIDIA H100 80GB HBM3", count: 1 };
    expect((await create()).cudaVersion).toBe("13.0");
    const exact = { ...gpu, allowedCudaVersions: ["12.8"] };
    expect((await create({ gpu: exact })).cudaVersion).toBe("12.8");
    const floor = { ...gpu, minCudaVersion: "12.9" };
    expect((await create({ gpu: floor })).cudaVersion).toBe("13.0");
    const none = { ...gpu, minCudaVersion: "13.1" };
    expect((await refusal({ gpu: none })).detail).toBe(CAPACITY_TEXT);
    const both = { ...gpu, minCudaVersion: "12.8", allowedCudaVersions: ["12.8"] };
    expect((await refusal({ gpu: both })).detail).toMatch(/mutually exclusive/);
    await create({ gpu: { ...gpu, minCudaVersion: "12.8", allowedCudaVersions: [] } });
  });

  test("host memory and vCPUs are placement filters", async () => {
    const gpu = { id: "NVIDIA H100 80GB HBM3", count: 2 };
    const { body } = await get(`/v2/pods/${(await create({ gpu })).id}`);
    expect(body.gpu).toEqual({ ...gpu, vcpuCount: 32, memory: 320 });
    expect((await refusal({ gpu: { ...gpu, minRamPerGpu: 1000 } })).detail).toBe(CAPACITY_TEXT);
    expect((await refusal({ gpu: { ...gpu, minVcpuCountPerGpu: 99 } })).detail).toBe(CAPACITY_TEXT);
  });

  test("a CPU pod has a flavor, a power of two of vCPUs and no volume disk", async () => {
    const onCpu = (changes: Record<string, unknown>) => {
      const { gpu, ...body } = podBody({ cpu: { id: "cpu5c", vcpuCount: 4 }, ...changes });
      return post("/v2/pods", body);
    };
    expect((await onCpu({})).body).toMatchObject({
      cpu: { id: "cpu5c", vcpuCount: 4, memory: 8 },
      cudaVersion: null,
    });
    expect((await onCpu({ cpu: { id: "cpu5c", vcpuCount: 6 } })).status).toBe(400);
    expect((await onCpu({ cpu: { id: "cpu9x", vcpuCount: 4 } })).status).toBe(400);
    expect((await onCpu({ mounts: { persistent: { size: 20, path: "/x" } } })).status).toBe(400);
    expect((await refusal({ cpu: { id: "cpu5c", vcpuCount: 4 } })).detail).toBe(
      "exactly one of gpu or cpu must be set",
    );
  });
});
