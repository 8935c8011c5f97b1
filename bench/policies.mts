// How long the policy pack takes for each resource of a preview.
import { judge, settingsOf, specOf } from "@runpod-stack/policies";
import { seal, typeToken } from "@runpod-stack/provider/schema";
import { type Judged, startAnalyzer } from "./support/analyzer.mts";
import { type Measurement, median } from "./support/measure.mts";

const COUNT = 200;
/** Each round starts a process, as each preview does. The first one warms up this process. */
const ROUNDS = 8;
const BAR_MS = 2;

/** Times in milliseconds. */
interface Round {
  readonly start: number;
  /** The median for a pod. */
  readonly pod: number;
  /** A pod's share of the time for all of them together. */
  readonly share: number;
}

export const policies: Measurement = async ({ progress }) => {
  const pods = Array.from({ length: COUNT }, (_, index) => podOf(index));
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    progress(`policies: ${COUNT} pods, ${round === 0 ? "warming up" : `round ${round}`}`);
    const measured = await judgeBy(pods);
    if (round > 0) {
      rounds.push(measured);
    }
  }
  // All rounds do the same work: other load on the machine only makes a round longer.
  const [best] = rounds.toSorted((a, b) => bothOf(a) - bothOf(b));
  if (best === undefined) {
    throw new Error("no round");
  }
  const both = bothOf(best);
  const alone = rulesAlone(pods);
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return {
    tables: [
      {
        columns: ["policy pack", "takes", "bar"],
        rows: [
          ["to start, once", `${(best.start / 1000).toFixed(1)} s`, ""],
          ["a pod, by itself", ms(best.pod), ""],
          [`a pod, as one of all ${COUNT} together`, ms(best.share), ""],
          ["a pod, both", ms(both), `${BAR_MS} ms`],
          ["a pod, the rules alone", ms(alone), ""],
        ],
      },
    ],
    raw: { rounds, alone },
    missed:
      both < BAR_MS
        ? []
        : [`The policy pack takes ${ms(both)} per resource, not less than ${BAR_MS}.`],
  };
};

function bothOf({ pod, share }: Round): number {
  return pod + share;
}

async function judgeBy(pods: readonly Judged[]): Promise<Round> {
  const begun = performance.now();
  const analyzer = await startAnalyzer();
  const start = performance.now() - begun;
  try {
    const { each, together } = await analyzer.judge(pods);
    return { start, pod: median(each), share: together / pods.length };
  } finally {
    await analyzer.close();
  }
}

function rulesAlone(pods: readonly Judged[]): number {
  const settings = settingsOf();
  const spans = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    const items = pods.map(({ name, props }) => ({
      id: name,
      spec: specOf("Pod", props),
      dependencies: {},
    }));
    judge(items, settings);
    return (performance.now() - begun) / pods.length;
  });
  return Math.min(...spans);
}

/** The guide's deployment, with different values for each, so that no result can be reused. */
function podOf(index: number): Judged {
  return {
    type: typeToken("Pod"),
    name: `n${index}`,
    props: {
      imageName: "vllm/vllm-openai:v0.20.0",
      dockerStartCmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
      gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
      gpuCount: 1,
      minCudaVersion: "13.0",
      containerDiskInGb: 100 + index,
      volumeInGb: 100,
      volumeMountPath: "/root/.cache/huggingface",
      ports: ["8000/http"],
      env: { VLLM_API_KEY: seal("{{ RUNPOD_SECRET_vllm }}") },
      terminateAfter: "8h",
    },
  };
}
