import { run } from "./run";

describe("runpod-policies size", () => {
  test("shows what a model needs, and GPUs that it fits on", async () => {
    const { status, stdout } = await run(["size", "--max-model-len", "16384", "Qwen/Qwen3.8-27B"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Qwen\/Qwen3\.8-27B: Measured/);
    expect(stdout).toMatch(/^ {2}cache +67 GB/m);
    expect(stdout).toMatch(/^GPUs that it fits on, cheapest first:$/m);
    const [line = ""] = stdout.match(/^ {2}\d+ × NVIDIA .*$/m) ?? [];
    const [weights = 0, cache = 0, activations = 0, graphs = 0, sum = 0, usable = 0, spare = 0] =
      line.split(/\s+/).slice(-7).map(Number);
    expect(weights + cache + activations + graphs).toBeCloseTo(sum, 0);
    expect(usable - sum).toBeCloseTo(spare, 0);
    expect(spare).toBeGreaterThanOrEqual(0);
  });

  test("prints exactly these sizes as JSON", async () => {
    const { stdout } = await run(["size", "--json", "Qwen/Qwen3.8-27B"]);
    expect(JSON.parse(stdout)).toEqual({
      model: "Qwen/Qwen3.8-27B",
      basis: "table",
      parametersB: expect.any(Number),
      weightsGb: expect.closeTo(55.563, 3),
      cacheGb: expect.any(Number),
      diskGb: expect.any(Number),
      gpuMemoryGb: expect.any(Number),
      gpus: expect.arrayContaining([{ id: "NVIDIA B200", count: 1 }]),
    });
  });

  test("reports that a model's size is unknown", async () => {
    const { status, stdout } = await run(["size", "acme/secret-llm"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^acme\/secret-llm: .+/);
    const json = await run(["size", "--json", "acme/secret-llm"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ basis: "unknown", weightsGb: null, gpus: [] });
  });

  test("accepts the precision of the weights", async () => {
    const weights = async (...more: string[]) =>
      JSON.parse((await run(["size", "--json", "acme/llm-70b", ...more])).stdout).weightsGb;
    expect(await weights("--quantization", "awq")).toBeLessThan((await weights()) / 2);
  });

  test("refuses an invalid context length", async () => {
    const { status, stderr } = await run(["size", "--max-model-len", "long", "acme/llm-70b"]);
    expect(status).toBe(2);
    expect(stderr).toContain("It must be a whole number of tokens.");
  });
});
