import type { KnownList } from "../../../policies/src/input-values";
import { type Known, UNKNOWN } from "../../../policies/src/known";
import {
  isLoadBalancer,
  LOAD_BALANCER_PORT,
  workersOf,
  workerVolume,
} from "../../../policies/src/workers";

const GIVEN: Record<string, unknown> = {
  type: "QUEUE",
  workersMin: 1,
  workersMax: 3,
  idleTimeout: 5,
  scalerType: "QUEUE_DELAY",
  flashboot: "OFF",
  executionTimeout: "10m",
  networkVolumeIds: ["a", "b"],
};

describe("the workers of an endpoint", () => {
  test("are read from its inputs", () => {
    expect(workersOf((name) => GIVEN[name])).toEqual({ ...GIVEN, executionTimeout: 600_000 });
    expect(Object.values(workersOf(() => undefined))).toEqual(Array(8).fill(undefined));
  });

  test.each([
    [600_000, 600_000],
    ["1h30m", 5_400_000],
    ["soon", UNKNOWN],
    [UNKNOWN, UNKNOWN],
    [undefined, undefined],
    [true, UNKNOWN],
  ])("have a time limit of %p as %p milliseconds", (given, milliseconds) => {
    const { executionTimeout } = workersOf((name) => ({ executionTimeout: given })[name]);
    expect(executionTimeout).toBe(milliseconds);
  });

  test.each<[KnownList, string | undefined, Known<string>]>([
    [["a", "b"], "global", "a"],
    [[UNKNOWN], "global", UNKNOWN],
    [[], "global", "global"],
    [[], undefined, undefined],
    [undefined, "global", "global"],
    [undefined, undefined, undefined],
    [UNKNOWN, "global", UNKNOWN],
  ])("mount of the volumes %p and the global volume %p: %p", (ids, globalId, volume) => {
    expect(workerVolume(ids, globalId)).toBe(volume);
  });

  test("are behind a load balancer only in an endpoint of that type", () => {
    const of = (kind: string, type?: string) => isLoadBalancer({ kind, type } as { kind: string });
    expect(of("ServerlessEndpoint", "LOAD_BALANCER")).toBe(true);
    expect(of("ServerlessEndpoint", "QUEUE")).toBe(false);
    expect(of("ServerlessEndpoint")).toBe(false);
    expect(of("Template", "LOAD_BALANCER")).toBe(false);
    // RunPod docs, serverless/load-balancing/overview.
    expect(LOAD_BALANCER_PORT).toBe("80");
  });
});
