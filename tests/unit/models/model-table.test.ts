import rows from "../../../models/src/data/models.json";
import { findBase, findModel } from "../../../models/src/model-table";
import measured from "./fixtures/measured-models.json";

describe("The table of measured models", () => {
  test("has well over a hundred repositories, each once and with the source of its figures", () => {
    expect(rows.length).toBeGreaterThan(200);
    expect(new Set(rows.map((row) => row.id.toLowerCase())).size).toBe(rows.length);
    for (const row of rows) {
      expect(row.id).toMatch(/^[\w.-]+\/[\w.-]+$/);
      expect(row.source).toMatch(/^size: .+ \| params: .+/);
    }
  });

  test("distinguishes file sizes from sizes computed from parameter counts", () => {
    expect(new Set(rows.map((row) => row.sizeBasis))).toEqual(
      new Set([
        "file_bytes",
        "file_sum_gib",
        "index_total_size",
        "issue_quote",
        "load_log",
        "published_parameters",
        "recipe_quote",
        "repo_storage",
        "safetensors_params",
        "tree_page",
      ]),
    );
  });

  test("has no row whose size and parameters contradict each other", () => {
    for (const row of rows) {
      const bytes = row.weightsGb / row.parametersB;
      const [least, most] =
        row.quantization !== null ? [0.5, 1.4] : row.dtype === "float32" ? [3.9, 4.1] : [1.9, 2.1];
      expect({ id: row.id, plausible: bytes >= least && bytes <= most }).toEqual({
        id: row.id,
        plausible: true,
      });
    }
  });

  test("takes no pipeline of several models for the base of a copy, which may hold one of them", () => {
    expect(findModel("black-forest-labs/FLUX.1-dev")?.weightsGb).toBe(57.9);
    expect(findBase("city96/FLUX.1-dev-gguf:Q8_0")).toBeUndefined();
    expect(findBase("city96/Qwen-Image-gguf:Q4_K_M")).toBeUndefined();
    expect(findBase("acme/MiniCPM-V-2_6-gguf:Q4_K_M")?.id).toBe("openbmb/MiniCPM-V-2_6");
  });

  test("has layers that add up", () => {
    for (const row of rows) {
      if (row.fullLayers === null || row.layers === null) {
        continue;
      }
      expect(row.fullLayers + row.slidingLayers).toBeLessThanOrEqual(row.layers);
      expect(row.slidingLayers > 0).toBe(row.slidingWindow !== null);
    }
  });

  test.each(measured)("has $id as measured", (row) => {
    expect(findModel(row.id)).toMatchObject({
      parametersB: row.total_params_b,
      weightsGb: row.weights_gb,
      sizeBasis: row.size_source,
      attentionHeads: row.attention_heads,
    });
  });

  test("finds a repository in any case and at any revision", () => {
    expect(findModel("qwen/qwen3-32b@9216db57")?.id).toBe("Qwen/Qwen3-32B");
    expect(findModel(" Qwen/Qwen3-32B@a\nb")?.id).toBe("Qwen/Qwen3-32B");
    expect(findModel("Qwen/Qwen3-33B")).toBeUndefined();
    expect(findModel("constructor")).toBeUndefined();
  });

  test.each([
    ["unsloth/Qwen3-14B-GGUF:Q4_K_M", "Qwen/Qwen3-14B"],
    ["nvidia/Llama-3.3-70B-Instruct-FP8", "meta-llama/Llama-3.3-70B-Instruct"],
    ["hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", "meta-llama/Llama-3.1-8B-Instruct"],
    ["acme/Qwen3.6-35B-A3B-AWQ-4bit", "Qwen/Qwen3.6-35B-A3B"],
    ["unsloth/gpt-oss-20b-GGUF", "openai/gpt-oss-20b"],
    ["acme/Qwen3-32B-GGUF", "Qwen/Qwen3-32B"],
    ["acme/Qwen3-32B-Q4_K_M-GGUF", "Qwen/Qwen3-32B"],
    ["acme/GLM-4.5-Air", "zai-org/GLM-4.5-Air"],
    ["acme/Qwen3_8-27B", "Qwen/Qwen3.8-27B"],
    ["acme/NVIDIA-Qwen3-32B", "Qwen/Qwen3-32B"],
  ])("finds the repository that %s is a copy of", (copy, id) => {
    expect(findBase(copy)?.id).toBe(id);
  });

  test.each([
    "acme/Qwen3-32B-french",
    "acme/Llama-meta-3.1-8B-Instruct",
    "acme/Qwen38-27B",
    "acme/GGUF",
    "constructor",
    "",
  ])("does not take %s for a copy", (id) => {
    expect(findBase(id)).toBeUndefined();
  });
});
