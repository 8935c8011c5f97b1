import { gpusFor, gpuType, sizeModel } from "../../../models/src";

describe("GPUs for a model", () => {
  /** A model of that many gigabytes. */
  const ofSize = (weightsGb: number) => sizeModel({ model: "acme/chat", weightsGb });
  const offered = (model: string, maxModelLen?: number) =>
    gpusFor(sizeModel({ model, ...(maxModelLen && { maxModelLen }) }), { cloud: "SECURE" }).map(
      ({ id, count }) => `${count} × ${id}`,
    );

  test("come cheapest first, each with the smallest count that holds it", () => {
    const choices = gpusFor(ofSize(70), { cloud: "SECURE" });
    const prices = choices.map(({ id, count }) => (gpuType(id)?.securePrice ?? 0) * count);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    for (const { need } of choices) {
      expect(need.totalGb).toBeLessThanOrEqual(need.usableGb);
    }
    const ids = choices.map(({ id, count }) => ({ id, count }));
    expect(ids).toContainEqual({ id: "NVIDIA H200", count: 1 });
    expect(ids).toContainEqual({ id: "NVIDIA H100 80GB HBM3", count: 2 });
    expect(new Set(choices.map(({ id }) => id)).size).toBe(choices.length);
  });

  test("include a single GPU of 80 GB if the model fits", () => {
    expect(offered("Qwen/Qwen3-32B", 8192)).toContain("1 × NVIDIA H100 80GB HBM3");
    expect(offered("openai/gpt-oss-120b")).toContain("1 × NVIDIA H100 80GB HBM3");
    expect(offered("Qwen/Qwen3-Coder-30B-A3B-Instruct", 131_072)).toContain(
      "1 × NVIDIA A100-SXM4-80GB",
    );
    const large = offered("meta-llama/Llama-3.3-70B-Instruct", 8192);
    expect(large).toContain("2 × NVIDIA H100 80GB HBM3");
    expect(large).toContain("2 × NVIDIA A100-SXM4-80GB");
  });

  test("share the attention heads evenly", () => {
    const counts = gpusFor({ ...ofSize(250), attentionHeads: 14 }).map(({ count }) => count);
    expect(Math.max(...counts)).toBe(2);
    expect(gpusFor(ofSize(250)).length).toBeGreaterThan(counts.length);
  });

  test("are those that the cloud offers", () => {
    const ids = (cloud: "SECURE" | "COMMUNITY") =>
      gpusFor(ofSize(8), { cloud }).map(({ id }) => id);
    expect(ids("SECURE")).toContain("NVIDIA B200");
    expect(ids("COMMUNITY")).not.toContain("NVIDIA B200");
    expect(ids("COMMUNITY")).toContain("NVIDIA GeForce RTX 4080");
    expect(gpusFor(ofSize(8)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(["NVIDIA B200", "NVIDIA GeForce RTX 4080"]),
    );
  });

  test("exclude several slices together, AMD GPUs, and GPUs without bfloat16 or a price", () => {
    const all = gpusFor(ofSize(30));
    expect(
      all.filter(({ id }) => id.includes("MIG")).map(({ id, count }) => ({ id, count })),
    ).toEqual([{ id: "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb", count: 1 }]);
    expect(all.some(({ id }) => /AMD|V100/.test(id))).toBe(false);
    expect(all.some(({ id }) => id.includes("PRO 4500 Blackwell Server"))).toBe(false);
  });

  test("are none if no machine is large enough or the size is not known", () => {
    expect(gpusFor(ofSize(5000))).toEqual([]);
    expect(gpusFor(sizeModel({ model: "acme/chat" }))).toEqual([]);
  });

  test.each([
    ["NVIDIA RTX A6000", undefined, 150, 4],
    ["NVIDIA RTX A6000", "SECURE", 150, 4],
    ["NVIDIA RTX A6000", "COMMUNITY", 70, 2],
    ["NVIDIA RTX A6000", "COMMUNITY", 150, null],
    ["NVIDIA H100 80GB HBM3", undefined, 100, 2],
    ["NVIDIA H100 80GB HBM3", "COMMUNITY", 100, null],
    ["NVIDIA H100 PCIe", undefined, 400, 8],
    ["NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", undefined, 130, 2],
    ["NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", undefined, 300, null],
    ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", undefined, 500, 8],
    ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "COMMUNITY", 500, null],
  ] as const)(
    "%s in the cloud %s hold %d GB together if it has enough in one machine: %p",
    (...row) => {
      const [id, cloud, gb, count] = row;
      const choices = gpusFor(ofSize(gb), cloud === undefined ? {} : { cloud });
      expect(choices.find((choice) => choice.id === id)?.count ?? null).toBe(count);
    },
  );
});
