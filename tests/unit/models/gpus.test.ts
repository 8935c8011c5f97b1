import { gpusFor, gpuType, gpuTypes } from "../../../models/src";

describe("GPU types", () => {
  test("are found by their ids, whatever the spaces", () => {
    expect(gpuType("NVIDIA  RTX A4500")?.memoryGb).toBe(20);
    expect(gpuType(" NVIDIA B200 ")?.id).toBe("NVIDIA B200");
    expect(gpuType("ADA_24")).toBeUndefined();
    expect(gpuTypes().length).toBeGreaterThan(40);
  });
});

describe("GPUs for a model", () => {
  test("come cheapest first, each with the smallest count that holds it", () => {
    const choices = gpusFor(90, { cloud: "SECURE" });
    const prices = choices.map(({ id, count }) => (gpuType(id)?.securePrice ?? 0) * count);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    for (const { id, count } of choices) {
      const memory = gpuType(id)?.memoryGb ?? 0;
      expect(memory * count).toBeGreaterThanOrEqual(90);
      expect(count === 1 || memory * (count / 2) < 90).toBe(true);
    }
    expect(choices).toContainEqual({ id: "NVIDIA H200", count: 1 });
    expect(choices).toContainEqual({ id: "NVIDIA H100 80GB HBM3", count: 2 });
    expect(new Set(choices.map(({ id }) => id)).size).toBe(choices.length);
  });

  test("share the attention heads evenly", () => {
    const counts = gpusFor(300, { attentionHeads: 14 }).map(({ count }) => count);
    expect(Math.max(...counts)).toBe(2);
    expect(gpusFor(300, { attentionHeads: null }).length).toBeGreaterThan(counts.length);
  });

  test("are those that the cloud offers", () => {
    const ids = (cloud: "SECURE" | "COMMUNITY") => gpusFor(10, { cloud }).map(({ id }) => id);
    expect(ids("SECURE")).toContain("NVIDIA B200");
    expect(ids("COMMUNITY")).not.toContain("NVIDIA B200");
    expect(ids("COMMUNITY")).toContain("NVIDIA GeForce RTX 4080");
    expect(gpusFor(10).map(({ id }) => id)).toEqual(
      expect.arrayContaining(["NVIDIA B200", "NVIDIA GeForce RTX 4080"]),
    );
  });

  test("leave out slices together, AMD's, and those without bfloat16", () => {
    const all = gpusFor(40);
    expect(all.filter(({ id }) => id.includes("MIG"))).toEqual([
      { id: "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb", count: 1 },
    ]);
    expect(all.some(({ id }) => /AMD|V100/.test(id))).toBe(false);
  });

  test("are none where no machine is large enough", () => {
    expect(gpusFor(5000)).toEqual([]);
    expect(gpusFor(Number.NaN)).toEqual([]);
  });
});
