import {
  bornAt,
  commandBody,
  deadlineEntries,
  lifetimeFrom,
  observedLifetimes,
  withoutTimer,
} from "../../../../provider/src/handlers/pod/lifetime";
import { pod as fixture } from "../../api/fixtures";
import { fakeScene } from "../fake-context";

const HOUR = 3_600_000;
const CREATED = Date.UTC(2026, 10, 23, 12);
const { context } = fakeScene();

const INPUTS = {
  imageName: "python:3.12",
  dockerEntrypoint: ["sleep"],
  dockerStartCmd: ["infinity"],
  terminateAfter: "8h",
  stopAfter: "2h",
};
const at = (time: number) => String(Math.ceil(time / 1_000));

const podWith = (env: Record<string, string> | undefined) => ({
  ...fixture,
  env: env as Record<string, string>,
  createdAt: new Date(CREATED).toISOString(),
});
/** As an older release made it, by a clock that may be wrong. */
const olderPod = (born = CREATED) =>
  podWith({
    RUNPOD_STACK_TERMINATE_AFTER: at(born + 8 * HOUR),
    RUNPOD_STACK_STOP_AFTER: at(born + 2 * HOUR),
  });
const live = (createdAt: number, more = {}) => ({ ...INPUTS, __live: { createdAt, ...more } });

test("the timer gets a time of termination, and the seconds from a start to a stop", () => {
  expect(deadlineEntries(INPUTS, CREATED)).toEqual({
    RUNPOD_STACK_TERMINATE_AFTER: at(CREATED + 8 * HOUR),
    RUNPOD_STACK_STOP_AFTER: "7200",
  });
  expect(deadlineEntries({ stopAfter: "999999999h" }, 0)).toEqual({
    RUNPOD_STACK_STOP_AFTER: "999999999",
  });
});

describe("the observed limit", () => {
  const observed = (env: Record<string, string> | undefined, born = CREATED) =>
    observedLifetimes(podWith(env), INPUTS, born);

  test("is the requested one if it is what this release or an older one sends", () => {
    const asked = { terminateAfter: "8h", stopAfter: "2h" };
    expect(observed(deadlineEntries(INPUTS, CREATED))).toEqual(asked);
    expect(observed(olderPod().env)).toEqual(asked);
  });

  test("is undefined if RunPod shows no env, and null if the env lacks it", () => {
    expect(observed(undefined)).toEqual({});
    expect(observed({})).toEqual({ terminateAfter: null, stopAfter: null });
  });

  test("shows another limit as it is", () => {
    const env = { RUNPOD_STACK_TERMINATE_AFTER: at(CREATED), RUNPOD_STACK_STOP_AFTER: "5400" };
    expect(observed(env)).toEqual({ terminateAfter: `at ${at(CREATED)}`, stopAfter: "1h30m" });
    expect(observed({ RUNPOD_STACK_STOP_AFTER: "soon" })["stopAfter"]).toBe("at soon");
    expect(observed({ RUNPOD_STACK_STOP_AFTER: at(CREATED) })["stopAfter"]).toBe(
      `at ${at(CREATED)}`,
    );
  });
});

describe("the start of a pod's time", () => {
  const SLOW = CREATED - 2 * HOUR;

  test("follows from its deadline, to the second that was sent", () => {
    const sent = CREATED - 3_000;
    const pod = podWith(deadlineEntries(INPUTS, sent));
    expect(lifetimeFrom(pod, INPUTS, {})).toBe(sent);
    expect(lifetimeFrom(pod, INPUTS, live(SLOW, { lifetimeFrom: sent - 1_000 }))).toBe(
      sent - 1_000,
    );
  });

  test("is RunPod's creation time if it has no deadline", () => {
    const pod = podWith({});
    expect(lifetimeFrom(pod, {}, live(SLOW))).toBeUndefined();
    expect(bornAt(context, pod, {}, live(SLOW))).toBe(CREATED);
  });

  test("is what an older release stored, right or wrong, if its deadlines were counted from that", () => {
    expect(lifetimeFrom(olderPod(SLOW), INPUTS, live(SLOW))).toBe(SLOW);
    expect(lifetimeFrom(olderPod(), INPUTS, live(CREATED))).toBe(CREATED);
  });

  test("does not depend on a changed duration, before the pod has it or after", () => {
    const longer = { ...INPUTS, terminateAfter: "8h5m" };
    const after = podWith(deadlineEntries(longer, CREATED));
    for (const pod of [olderPod(), after]) {
      expect(lifetimeFrom(pod, longer, live(SLOW))).toBe(CREATED);
    }
  });

  test("is RunPod's creation time for a found pod with another deadline", () => {
    const longer = { ...INPUTS, terminateAfter: "20h", stopAfter: "9h" };
    expect(bornAt(context, olderPod(), longer, {})).toBe(CREATED);
  });
});

describe("a command behind a timer", () => {
  const found = (entrypoint: string[], dockerStartCmd: string[] = []) => ({
    dockerEntrypoint: ["sh", "-c", ...entrypoint],
    dockerStartCmd,
  });
  const own = { dockerEntrypoint: ["sleep"], dockerStartCmd: ["infinity"] };

  test("is the program's command, whichever release's timer it is", () => {
    const { entrypoint, cmd } = commandBody(INPUTS);
    expect(withoutTimer({ dockerEntrypoint: entrypoint, dockerStartCmd: cmd }, INPUTS)).toEqual(
      own,
    );
    const older = found(["an older script", "runpod-stack-timer", "sleep", "infinity"]);
    expect(withoutTimer(older, INPUTS)).toEqual(own);
  });

  test("is shown if it differs", () => {
    const other = found(["script", "runpod-stack-timer", "sleep"], ["1"]);
    expect(withoutTimer(other, INPUTS)).toEqual({
      dockerEntrypoint: ["sleep", "1"],
      dockerStartCmd: [],
    });
  });
});
