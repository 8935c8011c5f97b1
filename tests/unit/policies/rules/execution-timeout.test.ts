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
    [undefined, "executionTimeout should be set"],
    [0, "executionTimeout 0 should be set"],
    [600, "executionTimeout 600 ms should be 5000 ms or more"],
    ["48h", "executionTimeout of 48 hours should be 24 hours or less"],
  ])("advises against %p", (time, message) => {
    expect(judged(time)).toEqual([expect.stringContaining(`advisory: ${message}`)]);
  });

  test("shows what a job that hangs costs, and accepts another limit", () => {
    const gpu = { gpuTypeIds: ["NVIDIA H200"], containerDiskInGb: 0 };
    expect(judged("100h", gpu)[0]).toContain("which costs $558.00 on NVIDIA H200");
    expect(judged("100h", { gpuTypeIds: ["NVIDIA X1000"] })[0]).toContain("for that long.");
    const config = options("execution-timeout", { maxHours: 168 });
    expect(ofEndpoint("execution-timeout", { executionTimeout: "100h" }, config)).toEqual([]);
  });

  test("recognizes seconds in place of milliseconds", () => {
    expect(judged(600)[0]).toContain("Set it to 600000 if you mean 600 seconds.");
  });
});
