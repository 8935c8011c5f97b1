import { specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "../../../policies/src/known";
import type { EndpointSpec } from "../../../policies/src/spec";
import {
  alwaysOn,
  atMost,
  isScaled,
  workerCost,
  workersWith,
} from "../../../policies/src/worker-cost";

const endpoint = (inputs: Record<string, unknown>) =>
  specOf("ServerlessEndpoint", inputs) as EndpointSpec;

describe("the number of workers", () => {
  test.each([
    [{}, 0, 3, true],
    [{ workersMin: 1, workersMax: 2 }, 1, 2, true],
    [{ workersMin: 3 }, 3, 3, false],
    [{ workersMin: 5, workersMax: 2 }, 5, 5, false],
    [{ workersMin: UNKNOWN, workersMax: 2 }, UNKNOWN, UNKNOWN, false],
    [{ workersMin: 1, workersMax: UNKNOWN }, 1, UNKNOWN, false],
  ])("of %p is at least %p, at most %p, and changes: %p", (given, least, most, changes) => {
    const spec = { ...endpoint({}), ...given } as EndpointSpec;
    expect([alwaysOn(spec), atMost(spec), isScaled(spec)]).toEqual([least, most, changes]);
  });
});

describe("the cost of a worker", () => {
  const gpus = { "NVIDIA L4": { secure: 9, community: null, serverless: 2 } };
  const costOf = (given: object) =>
    workerCost({ ...endpoint({}), ...given } as EndpointSpec, { date: "2026-11-24", gpus });
  const L4 = { gpuTypeIds: ["NVIDIA L4"] };

  test("is that of one GPU without a disk, unless more is set", () => {
    expect(costOf(L4)).toMatchObject({ perHour: 2, worstGpu: "NVIDIA L4", date: "2026-11-24" });
    expect(costOf({ ...L4, gpuCount: 3 })).toMatchObject({ perHour: 6 });
    const withDisk = costOf({ ...L4, containerDiskInGb: 1_000 });
    expect((withDisk as { perHour: number }).perHour).toBeGreaterThan(2);
  });

  test("leaves out a disk of unknown size", () => {
    expect(costOf({ ...L4, containerDiskInGb: UNKNOWN })).toMatchObject({ perHour: 2 });
  });

  test("is unknown while the GPUs are", () => {
    expect(costOf({ gpuTypeIds: UNKNOWN })).toBe(UNKNOWN);
    expect(costOf({ gpuTypeIds: ["NVIDIA L4", UNKNOWN] })).toBe(UNKNOWN);
    expect(costOf({ ...L4, gpuCount: UNKNOWN })).toBe(UNKNOWN);
  });

  test("is not in the table for CPU workers, and for new types", () => {
    expect(costOf({})).toBeUndefined();
    expect(costOf({ gpuTypeIds: ["NVIDIA X1"] })).toBeUndefined();
  });
});

test.each([
  [1, {}, "1 worker with 1 × NVIDIA L4"],
  [1, { gpuCount: 2 }, "1 worker with 2 × NVIDIA L4"],
  [3, { gpuCount: 2 }, "3 workers with 2 × NVIDIA L4 each"],
  [2, { gpuCount: UNKNOWN }, "2 workers with 1 × NVIDIA L4 each"],
])("%p workers of %p are %s", (count, given, text) => {
  const spec = { ...endpoint({}), ...given } as EndpointSpec;
  expect(workersWith(count, spec, "NVIDIA L4")).toBe(text);
});
