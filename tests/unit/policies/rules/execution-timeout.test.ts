import { UNKNOWN } from "@runpod-stack/provider/schema";
import { LOAD_BALANCER, ofEndpoint, options } from "../scene";

const judged = (executionTimeout: unknown, more = {}) =>
  ofEndpoint("execution-timeout", { executionTimeout, ...more });

describe("execution-timeout", () => {
  test.each(["10m", "5s", "24h", 600_000, UNKNOWN])("accepts %p", (time) => {
    expect(judged(time)).toEqual([]);
  });

  test("accepts none on a load balancer, which has no jobs", () => {
    expect(ofEndpoint("execution-timeout", LOAD_BALANCER)).toEqual([]);
    expect(judged(undefined, { type: UNKNOWN })).toEqual([]);
  });

  test.each([
    [
      undefined,
      "executionTimeout should be set to a time: otherwise a job that hangs may keep its worker running, and billed, without a limit. Set it to the longest time of a job and some spare time: 600000 ms (10m) is the default of RunPod's console.",
    ],
    [
      0,
      "executionTimeout 0 should be set to a time: otherwise a job that hangs may keep its worker running, and billed, without a limit. Set it to the longest time of a job and some spare time: 600000 ms (10m) is the default of RunPod's console.",
    ],
    [
      4_999,
      "executionTimeout 4999 ms should be 5000 ms or more: the unit of RunPod's API is milliseconds, and its jobs take at least 5 seconds. Set it to 4999000 if you mean 4999 seconds.",
    ],
    [
      "48h",
      "executionTimeout of 48 hours should be 24 hours or less: a job that hangs keeps its worker running, and billed, for that long. Lower it to the longest time of a job and some spare time, or raise maxHours in execution-timeout.",
    ],
  ])("advises against %p", (time, message) => {
    expect(judged(time, { gpuTypeIds: ["NVIDIA X1000"] })).toEqual([`advisory: ${message}`]);
  });

  test("shows what a job that hangs costs, and accepts another limit", () => {
    const gpu = { gpuTypeIds: ["NVIDIA H200"], containerDiskInGb: 0 };
    expect(judged("100h", gpu)[0]).toContain("for that long, which costs $558.00 on NVIDIA H200.");
    expect(judged("25h", { ...gpu, gpuCount: UNKNOWN })[0]).toContain("for that long. Lower");
    const config = options("execution-timeout", { maxHours: 168 });
    expect(ofEndpoint("execution-timeout", { executionTimeout: "100h" }, config)).toEqual([]);
  });

  test("recognizes seconds in place of milliseconds", () => {
    expect(judged(600)[0]).toContain("Set it to 600000 if you mean 600 seconds.");
  });
});
