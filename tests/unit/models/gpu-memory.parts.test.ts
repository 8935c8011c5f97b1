import { type GpuSetup, gpuNeed, gpuType, LATEST_VLLM, spreadOver } from "../../../models/src";
import type { GpuType } from "../../../models/src/gpus";
import { findModel, type ModelRow } from "../../../models/src/model-table";

const GIB = 1024 ** 3 / 1e9;

describe("The parts of the memory", () => {
  /** A model with round figures. Bytes are easier to follow than gigabytes. */
  const SHAPE: ModelRow = {
    ...(findModel("Qwen/Qwen3-32B") as ModelRow),
    ...{ layers: 40, fullLayers: 40, slidingLayers: 0, kvHeads: 4, headDim: 100 },
    ...{ hiddenSize: 5000, vocabSize: 100_000, intermediateSize: 10_000 },
  };
  const EXPERTS: ModelRow = { ...SHAPE, expertSize: 4000, expertsPerToken: 8 };
  const SETUP: GpuSetup = { ...LATEST_VLLM, samplerBytes: 6, buffersGib: 0.5 };
  interface Held {
    readonly gpu?: string;
    readonly gpus?: number;
    readonly shape?: ModelRow | null;
    readonly parametersB?: number | null;
    readonly tokens?: number | null;
    readonly loadedGb?: number;
    readonly setup?: Partial<GpuSetup>;
  }
  function parts({ gpu = "NVIDIA H200", gpus = 1, setup = {}, ...held }: Held) {
    const model = { loadedGb: 60, parametersB: 8, shape: SHAPE, tokens: 1000, ...held };
    const need = gpuNeed(model, gpuType(gpu) as GpuType, gpus, { ...SETUP, ...setup });
    return need as NonNullable<typeof need>;
  }
  const expert = { tensorParallel: 1, expertGpus: 4 };
  const first = 60 / 4 - (2 * 1) / 4 + 1;

  test.each<[string, Held, number]>([
    ["on one GPU", {}, 60],
    ["on four", { gpus: 4 }, 15],
    ["on four, with the rest for a copy", { gpus: 4, setup: { tensorParallel: 2 } }, 30],
    [
      "of experts, whose shared parts are on each",
      { gpus: 4, shape: EXPERTS },
      60 * (0.0167 + 0.9833 / 4),
    ],
    ["of experts spread wider", { shape: EXPERTS, setup: expert }, 60 * (0.0167 + 0.9833 / 4)],
    ["less what the host holds", { setup: { offloadedGb: 20 } }, 40],
    ["all of which the host holds", { setup: { offloadedGb: 80 } }, 0],
    ["less an unknown amount", { setup: { offloadedGb: null } }, 60],
    [
      "in stages, of which one also has the embeddings",
      { gpus: 4, setup: { pipelineParallel: 4 } },
      first,
    ],
    [
      "in stages, with larger embeddings",
      { gpus: 4, setup: { pipelineParallel: 4 }, shape: { ...SHAPE, vocabSize: 200_000 } },
      (60 - 2 * 2) / 4 + 2,
    ],
    [
      "in stages, of a model that is small for its embeddings",
      { loadedGb: 1, setup: { pipelineParallel: 4 } },
      0.75,
    ],
  ])("weights %s", (_, held, gb) => {
    expect(parts(held).weightsGb).toBeCloseTo(gb);
  });

  const perToken = 40 * 4 * 100 * 2 * 2;

  test.each<[string, Held, number | null]>([
    ["of one sequence", {}, perToken * 1000],
    ["of no tokens", { tokens: 0, shape: null }, 0],
    ["of an unknown length", { tokens: null }, null],
    ["of an unknown shape", { shape: null }, null],
    ["of a shape that does not determine it", { shape: { ...SHAPE, fullLayers: null } }, null],
    ["at 8 bits", { setup: { kvCacheBytes: 1 } }, perToken * 500],
    ["on two GPUs", { gpus: 2 }, perToken * 500],
    ["on more GPUs than heads", { gpus: 8 }, perToken * 250],
    ["in two stages of two GPUs", { gpus: 4, setup: { pipelineParallel: 2 } }, perToken * 250],
    ["that is compressed", { gpus: 8, shape: { ...SHAPE, latentDim: 500 } }, 40 * 500 * 2 * 1000],
    ["without a number of heads", { gpus: 8, shape: { ...SHAPE, kvHeads: null } }, null],
  ])("a cache %s", (_, held, bytes) => {
    const { kvCacheGb } = parts(held);
    expect(kvCacheGb).toEqual(bytes === null ? null : expect.closeTo(bytes / 1e9, 6));
  });

  test("a cache in sliding layers, with the tokens that are processed at a time", () => {
    const shape = { ...SHAPE, fullLayers: 20, slidingLayers: 20, slidingWindow: 100 };
    const held = { shape, tokens: 10_000, setup: { maxNumBatchedTokens: 300 } };
    expect(parts(held).kvCacheGb).toBeCloseTo((perToken / 2) * (10_000 + 400) * 1e-9, 6);
  });

  const buffers = 0.5 * GIB;
  const sampler = 6 * 1024 * 100_000 + 8192 * 2.5 * 5000;
  const layer = 8192 * (6 * 10_000 + 9 * 5000);
  const many = { maxNumSeqs: 2000 };
  const hidden = 2048 * 2;

  test.each<[string, Held, number]>([
    ["the widest layer", {}, layer / 1e9 + buffers],
    ["the sampler", { setup: many }, (6 * 2000 * 100_000 + 8192 * 2.5 * 5000) / 1e9 + buffers],
    [
      "a layer on two GPUs, with fast links",
      { gpus: 2, setup: { maxNumSeqs: 1 } },
      (8192 * (3 * 10_000 + 9 * 5000)) / 1e9 + 2.25 * GIB,
    ],
    [
      "a layer on two GPUs without fast links",
      { gpus: 2, gpu: "NVIDIA L40S", setup: { maxNumSeqs: 1 } },
      (2048 * (3 * 10_000 + 9 * 5000)) / 1e9 + 0.8 * GIB,
    ],
    [
      "a layer on two B200, whose links are fast, too",
      { gpus: 2, gpu: "NVIDIA B200", setup: { maxNumSeqs: 1 } },
      (8192 * (3 * 10_000 + 9 * 5000)) / 1e9 + 2.25 * GIB,
    ],
    [
      "the smaller batches of a small GPU",
      { gpu: "NVIDIA L4" },
      (2048 * (6 * 10_000 + 9 * 5000)) / 1e9 + buffers,
    ],
    [
      "the smaller batches of an A100",
      { gpu: "NVIDIA A100-SXM4-80GB" },
      (2048 * (6 * 10_000 + 9 * 5000)) / 1e9 + buffers,
    ],
    [
      "the sequences of a small GPU",
      { gpu: "NVIDIA L4", setup: { maxNumBatchedTokens: 1 } },
      (256 * 6 * 100_000 + 2.5 * 5000) / 1e9 + buffers,
    ],
    [
      "the experts' buffers",
      { shape: EXPERTS },
      (6 * 1024 * 100_000 + 8192 * (2.5 * 5000 + 2 * 8 * (8000 + 4000))) / 1e9 + buffers,
    ],
    [
      "the experts' buffers on four GPUs",
      { shape: EXPERTS, gpus: 4 },
      (6 * 1024 * 100_000 + 8192 * (2.5 * 5000 + 2 * 8 * (5000 + 1000))) / 1e9 + 2.25 * GIB,
    ],
    [
      "no buffers of MXFP4 experts",
      { shape: { ...EXPERTS, quantization: "mxfp4" } },
      layer / 1e9 + buffers,
    ],
    [
      "no buffers of experts of unknown number",
      { shape: { ...EXPERTS, expertsPerToken: null } },
      layer / 1e9 + buffers,
    ],
    [
      "no buffers of experts of unknown size",
      { shape: { ...EXPERTS, expertSize: 0 } },
      layer / 1e9 + buffers,
    ],
    [
      "an estimate from the parameters",
      { shape: null },
      (8192 * (6 * 4 * hidden + 9 * hidden)) / 1e9 + buffers,
    ],
    [
      "an estimate for 64 billion parameters",
      { shape: null, parametersB: 64 },
      (8192 * (6 * 4 * 2 * hidden + 9 * 2 * hidden)) / 1e9 + buffers,
    ],
    [
      "an estimate for 8 billion if their number is unknown",
      { shape: null, parametersB: null },
      (8192 * (6 * 4 * hidden + 9 * hidden)) / 1e9 + buffers,
    ],
    [
      "the estimated vocabulary",
      { shape: null, setup: { maxNumSeqs: 4000 } },
      (4000 * 152_064 * 6 + 8192 * 2.5 * hidden) / 1e9 + buffers,
    ],
    ["nothing if they are outside the share", { setup: { countsActivations: false } }, 0],
  ])("activations: %s", (_, held, gb) => {
    expect(sampler).toBeLessThan(layer);
    expect(parts(held).activationsGb).toBeCloseTo(gb, 6);
  });

  test("CUDA graphs: a part for each layer", () => {
    expect(parts({}).cudaGraphsGb).toBeCloseTo(0.5);
    expect(parts({ shape: null }).cudaGraphsGb).toBeCloseTo(0.58);
    expect(parts({ setup: { countsGraphs: false } }).cudaGraphsGb).toBe(0);
  });

  test("add up; a cache of unknown size counts as a tenth of the weights", () => {
    const { weightsGb, kvCacheGb, activationsGb, cudaGraphsGb, totalGb } = parts({});
    expect(totalGb).toBeCloseTo(weightsGb + (kvCacheGb ?? 0) + activationsGb + cudaGraphsGb);
    const unknown = parts({ tokens: null });
    expect(unknown.totalGb).toBeCloseTo(
      1.1 * unknown.weightsGb + unknown.activationsGb + unknown.cudaGraphsGb,
    );
  });

  test("must fit in the share of the memory that the server may use", () => {
    expect(parts({ setup: { utilization: 0.5 } }).usableGb / GIB).toBeCloseTo(139.8 / 2, 1);
  });
});

test.each([
  [8, { pipelineParallel: 1 }, { tensor: 8, pipeline: 1 }],
  [8, { pipelineParallel: 3 }, { tensor: 2, pipeline: 3 }],
  [1, { pipelineParallel: 2 }, { tensor: 1, pipeline: 2 }],
  [4, { pipelineParallel: 0 }, { tensor: 4, pipeline: 1 }],
  [8, { tensorParallel: 2 }, { tensor: 2, pipeline: 1 }],
])("%d GPUs with %j share a model so: %j", (gpus, setup, spread) => {
  expect(spreadOver(gpus, { ...LATEST_VLLM, ...setup })).toEqual(spread);
});
