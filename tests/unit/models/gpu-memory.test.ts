import {
  gpuNeed,
  gpuType,
  LATEST_VLLM,
  readGpuSetup,
  readServer,
  type ServerSpec,
  sizeModel,
} from "../../../models/src";
import type { GpuType } from "../../../models/src/gpus";
import measured from "./fixtures/measured-memory.json";

const GIB = 1024 ** 3 / 1e9;
type Row = (typeof measured)[number];

/** The command that a measured server was started with. */
function specOf(row: Row): ServerSpec {
  const dockerStartCmd = [
    ...[row.model, "--max-model-len", String(row.maxModelLen)],
    ...["--tensor-parallel-size", String(row.tensorParallel)],
    ...["--max-num-seqs", String(row.maxNumSeqs)],
    ...["--max-num-batched-tokens", String(row.maxNumBatchedTokens)],
    ...["--kv-cache-dtype", row.kvCacheDtype],
    ...(row.enforceEager ? ["--enforce-eager"] : []),
    ...(row.quantization === null ? [] : ["--quantization", row.quantization]),
  ];
  return { imageName: `vllm/vllm-openai:${row.release}`, dockerStartCmd };
}

function predicted(row: Row) {
  const spec = specOf(row);
  const command = readServer(spec);
  if (command === null) {
    throw new Error("no server");
  }
  const { quantization } = command;
  const size = sizeModel({
    model: row.model,
    maxModelLen: row.maxModelLen,
    ...(quantization !== null && { quantization }),
  });
  return needOf(size, row.gpu, row.tensorParallel, readGpuSetup(spec, command));
}

function needOf(
  size: ReturnType<typeof sizeModel>,
  gpu: string,
  gpus: number,
  setup = LATEST_VLLM,
) {
  const need = gpuNeed(size, gpuType(gpu) as GpuType, gpus, setup);
  if (need === null) {
    throw new Error("not known");
  }
  return need;
}

describe("The memory of each GPU", () => {
  test.each(measured)(
    "of $model on $tensorParallel × $gpu under $release is at least what vLLM reported, and at most a twentieth more",
    (row) => {
      const cache = (row.kvCacheGib / row.kvTokens) * row.maxModelLen;
      const real = row.weightsGib + row.otherGib + cache;
      const { totalGb } = predicted(row);
      expect(totalGb / GIB).toBeGreaterThanOrEqual(real);
      expect(totalGb / GIB).toBeLessThanOrEqual(real * 1.05);
    },
  );

  test("is a share of the whole if the server spreads the model over all GPUs it finds", () => {
    const size = sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 8192 });
    const one = needOf(size, "NVIDIA H200", 1);
    const two = needOf(size, "NVIDIA H200", 2);
    expect(two.weightsGb).toBeCloseTo(one.weightsGb / 2);
    expect(two.kvCacheGb).toBeCloseTo((one.kvCacheGb ?? 0) / 2);
  });

  test("includes all of a compressed cache, and at least one head of any other", () => {
    const latent = sizeModel({ model: "deepseek-ai/DeepSeek-V3.1", maxModelLen: 100_000 });
    expect(needOf(latent, "NVIDIA H200", 8).kvCacheGb).toBe(
      needOf(latent, "NVIDIA H200", 1).kvCacheGb,
    );
    const few = sizeModel({ model: "Qwen/Qwen3-Coder-Next", maxModelLen: 100_000 });
    expect(needOf(few, "NVIDIA H200", 8).kvCacheGb).toBe(needOf(few, "NVIDIA H200", 2).kvCacheGb);
  });

  test("shrinks with stages, and the first and the last stage hold the embeddings", () => {
    const size = sizeModel({ model: "meta-llama/Llama-3.1-8B-Instruct", maxModelLen: 8192 });
    const setup = { ...LATEST_VLLM, pipelineParallel: 4 };
    // llm-d-planner logged 4.26 GiB.
    expect(needOf(size, "NVIDIA H100 80GB HBM3", 4, setup).weightsGb / GIB).toBeCloseTo(4.23, 1);
  });

  test("is not known if the weights are not", () => {
    const size = sizeModel({ model: "acme/chat" });
    expect(gpuNeed(size, gpuType("NVIDIA L4") as GpuType, 1, LATEST_VLLM)).toBeNull();
  });
});
