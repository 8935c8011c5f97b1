import { startTestEmulator, type TestEmulator } from "../../support/emulator";

const H100 = "NVIDIA H100 80GB HBM3";

describe("/v2/catalog", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const get = (path: string) => emulator.call("GET", `/v2/catalog/${path}`);
  const h100 = async (query: string) =>
    (await get(`gpus/${encodeURIComponent(H100)}?${query}`)).body;
  const available = (changes: Record<string, unknown>) =>
    emulator.call("POST", "/_emulator/capacity", { gpuTypeId: H100, ...changes });

  test("GPU types have memory, clouds, prices and the largest machine", async () => {
    const { gpus } = (await get("gpus")).body;
    expect(gpus.find(({ id }: { id: string }) => id === H100)).toEqual({
      id: H100,
      name: "H100 SXM",
      pool: "ADA_80_PRO",
      manufacturer: "NVIDIA",
      memory: 80,
      secure: true,
      community: true,
      price: { secure: 3.99, community: 2.69, serverless: 4.176 },
      maxCount: { secure: 8, community: 1 },
    });
    expect((await get("gpus/NVIDIA%20%20A30")).body.memory).toBe(24);
    expect((await get("gpus/nope")).status).toBe(404);
  });

  test("availability wants both include and product", async () => {
    expect((await get("gpus?include=AVAILABILITY")).status).toBe(400);
    expect((await get("gpus?product=POD")).status).toBe(400);
    expect((await get("gpus?count=2")).status).toBe(400);
    expect((await get("gpus?include=PRICES")).status).toBe(422);
    const both = "gpus?include=AVAILABILITY&product=POD&cudaVersions=12.8&minCudaVersion=12";
    expect((await get(both)).status).toBe(400);
    const { availability, dataCenters, cudaVersions } = await h100(
      "include=AVAILABILITY&product=POD",
    );
    expect(availability).toBe("HIGH");
    expect(dataCenters).toContainEqual({ id: "US-KS-2", name: "US KS 2", availability: "HIGH" });
    expect(cudaVersions).toContainEqual({ version: "13.0", available: true });
  });

  test("scarce stock is LOW in its data center and NONE overall", async () => {
    await available({ available: 0 });
    await available({ available: 2, dataCenterId: "US-KS-2" });
    const query = "include=AVAILABILITY&product=POD";
    expect(await h100(query)).toMatchObject({
      availability: "NONE",
      dataCenters: [{ id: "US-KS-2", availability: "LOW" }],
    });
    expect((await h100(`${query}&count=4`)).dataCenters).toBeUndefined();
    expect((await h100(`${query}&countryCodes=FR`)).dataCenters).toBeUndefined();
    const { gpus } = (await get(`gpus?${query}&countryCodes=FR`)).body;
    expect(gpus.map(({ id }: { id: string }) => id)).not.toContain(H100);
  });

  test("data centers show their volumes, and filters narrow the list", async () => {
    const { dataCenters } = (await get("datacenters")).body;
    expect(dataCenters).toContainEqual({
      id: "US-KS-2",
      name: "US KS 2",
      region: "NORTH_AMERICA",
      networkVolumeTypes: ["STANDARD", "HIGH_PERFORMANCE"],
      compliance: [],
      globalNetwork: true,
    });
    const narrowed = (await get("datacenters?regions=EUROPE&networkVolumeTypes=STANDARD")).body;
    expect(narrowed.dataCenters.map(({ id }: { id: string }) => id)).toEqual([
      "EU-RO-1",
      "EUR-IS-1",
      "EU-CZ-1",
      "EUR-NO-1",
    ]);
    const one = (await get("datacenters/US-KS-2?include=GPU_AVAILABILITY")).body;
    expect(one.gpuAvailability).toContainEqual({
      id: H100,
      name: "H100 SXM",
      availability: "HIGH",
    });
    expect((await get("datacenters/XX-1")).status).toBe(404);
  });

  test("CPU flavors have memory and a price per vCPU", async () => {
    expect((await get("cpus/cpu5c")).body).toMatchObject({ id: "cpu5c", ramGbPerVcpu: 2 });
    expect((await get("cpus")).body.cpus).toHaveLength(6);
    const [first] = (await get("cpus?include=AVAILABILITY&product=POD")).body.cpus;
    expect(first.availability).toBe("HIGH");
  });

  test.each([
    ["cpus?include=AVAILABILITY&product=POD&vcpuCount=1", 422],
    ["cpus?include=AVAILABILITY&product=POD&vcpuCount=3", 400],
    ["cpus?include=AVAILABILITY&product=POD&vcpuCount=null", 422],
    ["cpus/cpu5c?include=AVAILABILITY&product=POD&vcpuCount=2.5", 422],
    ["cpus?include=AVAILABILITY&product=POD&vcpuCount=8", 200],
    ["gpus?include=AVAILABILITY&product=POD&count=2505", 200],
    ["gpus?include=AVAILABILITY&product=POD&count=0", 422],
    ["gpus?include=AVAILABILITY&product=POD&count=1e1", 422],
    ["gpus?include=AVAILABILITY&product=null", 422],
    ["datacenters?regions=garbage", 422],
    ["datacenters?regions=null", 422],
    ["datacenters?regions=AFRICA", 200],
    ["datacenters?globalNetwork=null", 422],
  ])("GET %s answers %i", async (path, status) => {
    expect([path, (await get(path)).status]).toEqual([path, status]);
  });

  test("public templates of accounts are the community's", async () => {
    const create = (name: string, more: object) =>
      emulator.call("POST", "/v2/templates", { name, image: "a", ...more });
    await create("mine", {});
    await create("ours", { public: true });
    const names = async (query: string) =>
      (await get(`templates${query}`)).body.templates.map(({ name }: { name: string }) => name);
    expect(await names("?source=community")).toEqual(["ours"]);
    expect(await names("")).toEqual([]);
    expect((await get("templates?source=garbage")).status).toBe(422);
  });

  test("no machine has thousands of GPUs or vCPUs", async () => {
    const query = "include=AVAILABILITY&product=POD";
    expect((await h100(`${query}&count=2505`)).availability).toBe("NONE");
    const cpu = (await get(`cpus/cpu5c?${query}&vcpuCount=4096`)).body;
    expect([cpu.availability, cpu.dataCenters]).toEqual(["NONE", undefined]);
  });

  test("the same seed gives the same stock", async () => {
    const places = async (seed: number) => {
      const other = await startTestEmulator({ seed });
      const query = "?include=AVAILABILITY&product=POD&cudaVersions=12.8";
      const { body } = await other.call("GET", `/v2/catalog/gpus${query}`);
      await other.close();
      return body;
    };
    expect(await places(7)).toEqual(await places(7));
    expect(await places(7)).not.toEqual(await places(8));
  });
});
