import type { Pod } from "../../../../provider/src/api";
import { dueEndpoints, duePods, type Limits } from "../../../../provider/src/cli/reap/due";
import { STRANGER, token } from "../../../support/exported-state";
import { endpoint } from "../../api/fixtures";
import { pod } from "../recover/support";

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
const OWN = token("Pod", "a");
const [MARK = ""] = OWN.split("-");

/** What is to be done with one pod that was created three hours ago. */
function due(
  env: Record<string, string>,
  {
    status,
    locked,
    startedAt = null,
    ...limits
  }: Limits & Pick<Partial<Pod>, "status" | "locked" | "startedAt"> = {},
) {
  const changes = { startedAt, ...(status !== undefined && { status }), ...(locked && { locked }) };
  const all = { env: { RUNPOD_STACK_TOKEN: OWN, ...env }, ...changes };
  return duePods([pod("p1", OWN, all)], NOW, limits).map(
    ({ action, reason }) => `${action}: ${reason}`,
  );
}

const seconds = (time: number) => String(time / 1_000);
const terminateAt = (time: number) => ({ RUNPOD_STACK_TERMINATE_AFTER: seconds(time) });
const stopAt = (time: number) => ({ RUNPOD_STACK_STOP_AFTER: seconds(time) });

describe("a pod's own time limit", () => {
  test("terminates or stops it from exactly its second on", () => {
    expect(due(terminateAt(NOW + 1_000))).toEqual([]);
    expect(due(terminateAt(NOW))).toEqual(["terminate: its time limit passed 0ms ago"]);
    expect(due(stopAt(NOW + 1_000))).toEqual([]);
    expect(due(stopAt(NOW - 2 * HOUR))).toEqual(["stop: its time limit passed 2h ago"]);
  });

  test("terminates it if both have passed", () => {
    expect(due({ ...stopAt(NOW - HOUR), ...terminateAt(NOW - 1_000) })).toEqual([
      "terminate: its time limit passed 1s ago",
    ]);
  });

  test.each(["EXITED", "ERROR"] as const)(
    "does not stop a pod that is %s, and terminates it",
    (status) => {
      expect(due(stopAt(NOW - HOUR), { status })).toEqual([]);
      expect(due(terminateAt(NOW - HOUR), { status })).toHaveLength(1);
    },
  );

  test.each(["", "soon", "1e3", "-5", "2026-11-23T00:00:00Z", "1".repeat(13)])(
    "is none if it cannot be read: %j",
    (text) => {
      const env = { RUNPOD_STACK_TERMINATE_AFTER: text, RUNPOD_STACK_STOP_AFTER: text };
      expect(due(env)).toEqual([]);
    },
  );
});

describe("a stop limit that counts from each start", () => {
  const stopAfter = { RUNPOD_STACK_STOP_AFTER: "3600" };
  const ago = (ms: number) => new Date(NOW - ms).toISOString();

  test("counts from the last start that RunPod reports", () => {
    expect(due(stopAfter, { startedAt: ago(HOUR) })).toEqual([
      "stop: its time limit passed 0ms ago",
    ]);
    expect(due(stopAfter, { startedAt: ago(HOUR - 1_000) })).toEqual([]);
    expect(due(stopAfter, { startedAt: ago(2 * HOUR), status: "EXITED" })).toEqual([]);
  });

  test("shows a pod without a known start, and keeps it", () => {
    expect(due(stopAfter)).toEqual([
      "leave: it stops 1h after a start, but RunPod does not report one",
    ]);
    expect(due({ RUNPOD_STACK_STOP_AFTER: String(4 * 3_600) })).toEqual([]);
  });
});

describe("an age limit for all", () => {
  test("terminates an older pod, even if its own limit is later", () => {
    expect(due(terminateAt(NOW + HOUR), { olderThan: 2 * HOUR })).toEqual(["terminate: 3h old"]);
    expect(due({}, { olderThan: 3 * HOUR })).toEqual([]);
    expect(due({}, { olderThan: 2 * HOUR, status: "EXITED" })).toHaveLength(1);
  });

  test("skips a pod whose age is not known", () => {
    const ageless = pod("p1", OWN, { createdAt: undefined as unknown as string });
    expect(duePods([ageless], NOW, { olderThan: 1 })).toEqual([]);
  });
});

test("a locked pod is shown and kept", () => {
  expect(due(terminateAt(NOW - HOUR), { locked: true })).toEqual([
    "leave: its time limit passed 1h ago, and it is locked",
  ]);
});

test("a pod that is gone, or belongs to no stack, is never due", () => {
  expect(due(terminateAt(NOW - HOUR), { status: "TERMINATED" })).toEqual([]);
  expect(due({ ...terminateAt(NOW - HOUR), RUNPOD_STACK_TOKEN: "mine" })).toEqual([]);
});

test("a stack mark excludes the pods of other stacks", () => {
  const pods = [pod("mine", OWN), pod("theirs", token("Pod", "a", STRANGER))];
  const ids = (limits: Limits) =>
    duePods(pods, NOW, { olderThan: HOUR, ...limits }).map(({ id }) => id);
  expect(ids({})).toEqual(["mine", "theirs"]);
  expect(ids({ mark: MARK })).toEqual(["mine"]);
});

test("the most expensive comes first", () => {
  const pods = [pod("cheap", OWN, { cost: 0.2 }), pod("dear", OWN, { cost: 30 })];
  expect(duePods(pods, NOW, { olderThan: HOUR })).toMatchObject([
    { id: "dear", costPerHr: 30, mark: MARK },
    { id: "cheap" },
  ]);
});

describe("an endpoint with always-on workers", () => {
  const own = {
    ...endpoint,
    workers: { min: 1, max: 3 },
    env: { RUNPOD_STACK_TOKEN: OWN },
    createdAt: new Date(NOW - 3 * HOUR).toISOString(),
  };
  const find = (changes: object, limits: Limits = { olderThan: HOUR }, scales = true) =>
    dueEndpoints([{ ...own, ...changes }], NOW, limits, scales).map(
      ({ action, reason }) => `${action}: ${reason}`,
    );

  test("is scaled to zero past the limit of age, if that is asked for", () => {
    expect(find({})).toEqual(["scale: 3h old, with 1 always-on worker"]);
    expect(find({}, { olderThan: HOUR }, false)).toEqual([
      "leave: 3h old, with 1 always-on worker: --endpoints sets them to 0",
    ]);
  });

  test.each<[string, object, Limits]>([
    ["it has none", { workers: { min: 0, max: 3 } }, { olderThan: HOUR }],
    ["it belongs to no stack", { env: {} }, { olderThan: HOUR }],
    ["it is another stack's", {}, { olderThan: HOUR, mark: STRANGER.slice(0, 8) }],
    ["it is not old enough", {}, { olderThan: 4 * HOUR }],
    ["there is no limit of age", {}, {}],
    ["its age is not known", { createdAt: "?" }, { olderThan: HOUR }],
  ])("is left alone if %s", (_, changes, limits) => {
    expect(find(changes, limits)).toEqual([]);
  });
});
