import { UNKNOWN } from "@runpod-stack/provider/schema";
import { ofEndpoint, options } from "../scene";

const judged = (changes: Record<string, unknown>, config = {}) =>
  ofEndpoint("idle-timeout", changes, config);
const COUNTING = { scalerType: "REQUEST_COUNT" };

describe("idle-timeout", () => {
  test("accepts a short one, and none", () => {
    expect(judged({})).toEqual([]);
    expect(judged({ idleTimeout: undefined })).toEqual([]);
    expect(judged({ ...COUNTING, idleTimeout: undefined })).toEqual([]);
    expect(judged({ ...COUNTING, type: "LOAD_BALANCER" })).toEqual([]);
  });

  test("refuses one on a queue that scales by requests, as RunPod does", () => {
    expect(judged(COUNTING)).toEqual([
      "mandatory: idleTimeout 5 must not be set on a queue that scales by REQUEST_COUNT: RunPod rejects it with status 422. Remove idleTimeout, or set scalerType to QUEUE_DELAY.",
    ]);
  });

  test("only advises if the type is not set, and says nothing if it is not known", () => {
    expect(judged({ ...COUNTING, type: undefined })[0]).toMatch(/^advisory: idleTimeout 5/);
    expect(judged({ ...COUNTING, type: UNKNOWN })).toEqual([]);
    expect(judged({ scalerType: UNKNOWN })).toEqual([]);
    expect(judged({ ...COUNTING, idleTimeout: UNKNOWN })).toEqual([]);
  });

  test("advises against a long one, and shows what it costs", () => {
    const advice = (cost: string) =>
      `advisory: idleTimeout 1800 should be 300 or less: each worker is billed that many seconds after its last job${cost}. Lower idleTimeout to about the time of a cold start, or raise maxSeconds in idle-timeout.`;
    expect(judged({ idleTimeout: 1_800, gpuTypeIds: ["NVIDIA L40S"] })).toEqual([
      advice(", which costs $0.96 on NVIDIA L40S each time"),
    ]);
    expect(judged({ idleTimeout: 1_800, gpuTypeIds: ["NVIDIA X1000"] })).toEqual([advice("")]);
    expect(judged({ idleTimeout: 301 })).toHaveLength(1);
    expect(judged({ idleTimeout: 300 })).toEqual([]);
    expect(judged({ idleTimeout: 600 }, options("idle-timeout", { maxSeconds: 600 }))).toEqual([]);
  });

  test("accepts a long one where no worker ever stops", () => {
    expect(judged({ idleTimeout: 3_600, workersMin: 3, workersMax: 3 })).toEqual([]);
  });
});
