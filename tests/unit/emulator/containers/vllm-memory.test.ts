import gpus from "../../../../models/src/data/gpus.json";
import models from "../../../../models/src/data/models.json";
import starts from "../../models/fixtures/measured-memory.json";
import { container, text } from "./support";

/** Starts of models of the table, whose weights are known exactly. */
const KNOWN = starts.filter(
  ({ model, quantization, kvCacheDtype }) =>
    quantization === null &&
    kvCacheDtype === "auto" &&
    models.some(({ id }) => id.toLowerCase() === model.toLowerCase()),
);

/** The emulated log of a start. */
function startedAs(start: (typeof starts)[number]): string {
  const { model, release, tensorParallel, maxModelLen, maxNumSeqs, maxNumBatchedTokens } = start;
  const row = gpus.gpus.find(({ id }) => id === start.gpu);
  const deviceGib = ((row?.memoryMib ?? 0) - 600) / 1024;
  const utilization = (start.weightsGib + start.otherGib + start.kvCacheGib) / deviceGib;
  const runtime = container({
    image: `vllm/vllm-openai:${release}`,
    cmd: [
      ...[
        model,
        "--tensor-parallel-size",
        `${tensorParallel}`,
        "--max-model-len",
        `${maxModelLen}`,
      ],
      ...["--max-num-seqs", `${maxNumSeqs}`, "--max-num-batched-tokens", `${maxNumBatchedTokens}`],
      ...["--gpu-memory-utilization", utilization.toFixed(2)],
      ...(start.enforceEager ? ["--enforce-eager"] : []),
    ],
    env: { HF_TOKEN: "hf_test", VLLM_ALLOW_LONG_MAX_MODEL_LEN: "1" },
    diskGb: 500,
    gpu: {
      id: start.gpu,
      count: tensorParallel,
      memoryGb: row?.memoryGb ?? 0,
      computeCapability: row?.computeCapability ?? "9.0",
    },
  });
  while (!runtime.listening(8000) && runtime.restarts === 0 && runtime.nextEventAt() !== null) {
    runtime.advanceTo(runtime.nextEventAt() ?? 0);
  }
  return text(runtime, "container");
}

test.each(KNOWN.map((start) => [start.model, start.release, start.tensorParallel, start] as const))(
  "%s with vLLM %s on %i GPUs has about the cache that was measured",
  (_model, _release, _gpus, start) => {
    const log = startedAs(start);
    const cache = Number(/Available KV cache memory: ([\d.]+) GiB/.exec(log)?.[1]);
    const total = start.weightsGib + start.otherGib + start.kvCacheGib;
    expect(Math.abs(cache - start.kvCacheGib)).toBeLessThan(0.02 * total);
    const tokens = Number(/KV cache size: ([\d,]+) tokens/.exec(log)?.[1]?.replaceAll(",", ""));
    const [own, measured] = [cache / tokens, start.kvCacheGib / start.kvTokens];
    expect(own / measured).toBeCloseTo(1, 2);
  },
);
