import { UNKNOWN } from "@runpod-stack/provider/schema";
import { LOAD_BALANCER, ofEndpoint } from "../scene";

const judged = (executionTimeout: unknown, more = {}) =>
  ofEndpoint("execution-timeout", { executionTimeout, ...more });

describe("execution-timeout", () => {
  test.each(["10m", "5s", "168h", 600_000, UNKNOWN])("accepts %p", (time) => {
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
    ["200h", "executionTimeout 720000000 ms should be 604800000 ms or less"],
  ])("advises against %p", (time, message) => {
    expect(judged(time)).toEqual([expect.stringContaining(`advisory: ${message}`)]);
  });

  test("recognizes seconds in place of milliseconds", () => {
    expect(judged(600)[0]).toContain("Set it to 600000 if you mean 600 seconds.");
  });
});
