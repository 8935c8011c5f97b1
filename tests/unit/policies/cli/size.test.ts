import { gpusFor, sizeModel } from "@runpod-stack/models";
import { run } from "./run";

const LONG = "downloaded once, or at every restart without a volume";

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

  test("shows every size with what it is for", async () => {
    const { stdout } = await run(["size", "acme/llm-7b"]);
    expect(stdout.split("\n").slice(0, 7)).toEqual([
      "acme/llm-7b: Estimated from the name: 7 billion parameters at 16 bits (assumed: the name gives no precision).",
      "  parameters   7 billion  ",
      `  weights      15 GB  ${LONG}`,
      "  cache        22 GB  volumeInGb, or the network volume's size",
      "  disk         42 GB  containerDiskInGb if the cache is not on a volume; otherwise 20",
      "  GPU memory   20 GB  one GPU, with a short context; vLLM uses 92% of it",
      "GPUs that it fits on, cheapest first:",
    ]);
    const long = await run(["size", "--max-model-len", "16384", "acme/llm-7b"]);
    expect(long.stdout).toContain("one GPU, at 16384 tokens; vLLM uses 92% of it\n");
  });

  test.each([
    ["SECURE", "acme/llm-7b"],
    ["COMMUNITY", "acme/llm-7b"],
    ["SECURE", "Qwen/Qwen3.8-27B"],
  ] as const)(
    "shows what each GPU's memory in the cloud %s is used for by %s",
    async (cloud, model) => {
      const { stdout } = await run(["size", "--cloud", cloud, model]);
      const [head = "", ...rows] = stdout.trimEnd().split("\n").slice(7);
      expect(head).toMatch(
        /^ {2}GB on each GPU +weights +KV cache +activations +graphs +sum +usable +spare$/,
      );
      const choices = gpusFor(sizeModel({ model }), { cloud }).slice(0, 8);
      expect(rows).toHaveLength(8);
      for (const [index, { id, count, need }] of choices.entries()) {
        const row = rows[index] ?? "";
        expect(row).toHaveLength(head.length);
        expect(row).toMatch(new RegExp(`^  ${count} × ${id} `));
        const figures = row.trim().split(/ +/).slice(-7);
        const [, cache, , , sum] = figures.map(Number);
        const { weightsGb, activationsGb, cudaGraphsGb, totalGb, usableGb } = need;
        const known = [
          weightsGb,
          activationsGb,
          cudaGraphsGb,
          totalGb,
          usableGb,
          usableGb - totalGb,
        ];
        expect(figures.filter((_, at) => at !== 1)).toEqual(known.map((size) => size.toFixed(1)));
        expect(cache).toBeCloseTo((sum ?? 0) - weightsGb - activationsGb - cudaGraphsGb, 0);
      }
    },
  );

  test("shows no table for a model that fits on no GPU", async () => {
    const { stdout } = await run(["size", "acme/llm-9000b"]);
    expect(stdout).toContain("  parameters   9000 billion  \n");
    expect(stdout).toMatch(/vLLM uses 92% of it\n$/);
  });

  test("shows only the reason for a model whose size is unknown", async () => {
    expect((await run(["size", "acme/secret-llm"])).stdout).toBe(
      "acme/secret-llm: The name gives no size: set parametersB or weightsGb.\n",
    );
  });

  test("highlights for people", async () => {
    const { stdout } = await run(["size", "acme/llm-7b"], { shown: true });
    expect(stdout).toContain("\u001b[1macme/llm-7b\u001b[22m: ");
    expect(stdout).toContain(`GB  \u001b[2m${LONG}\u001b[22m\n`);
    expect(stdout).toContain("\u001b[2m  GB on each GPU ");
  });

  test.each(["0", "-1", "1.5", ""])("refuses the context length %j", async (length) => {
    const { status } = await run(["size", `--max-model-len=${length}`, "acme/llm-7b"]);
    expect(status).toBe(2);
  });

  test("accepts only these clouds", async () => {
    const { status, stderr } = await run(["size", "--cloud", "MOON", "acme/llm-7b"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("SECURE, COMMUNITY.")]);
  });
});
