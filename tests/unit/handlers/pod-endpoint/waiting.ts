import type { Pod } from "../../../../provider/src/api";
import { NotServing, type Wait } from "../../../../provider/src/handlers/pod-endpoint/serving";
import { waitUntilServing } from "../../../../provider/src/handlers/pod-endpoint/wait";
import { pod } from "../../api/fixtures";
import { type FakeScene, fakeScene } from "../fake-context";

export const MINUTE = 60_000;

/** A wait under way, and how it ended. */
export interface Waiting extends FakeScene {
  outcome: unknown;
  /** Lets time pass until a number of milliseconds after the beginning. */
  until(ms: number): Promise<void>;
}

/** Begins to wait for the model `qwen`, up to 45 minutes. */
export function wait(arrange: (scene: FakeScene) => void, options: Partial<Wait> = {}): Waiting {
  const scene = fakeScene();
  arrange(scene);
  const waiting: Waiting = {
    ...scene,
    outcome: undefined,
    until: (ms) => scene.clock.advance(ms - scene.clock.monotonic()),
  };
  waitUntilServing(scene.context, {
    row: { urn: "urn:llm", label: "endpoint 'llm'" },
    podId: pod.id,
    port: 8000,
    url: "https://pod1-8000.proxy.runpod.net",
    expected: { path: "/v1/models", status: 200, model: "qwen" },
    consecutive: 3,
    interval: 5_000,
    timeout: 45 * MINUTE,
    ...options,
  }).then(
    (serving) => {
      waiting.outcome = serving;
    },
    (error) => {
      waiting.outcome = error;
    },
  );
  return waiting;
}

/** The pod, as lists show it from a time on. */
export function podFrom(
  scene: FakeScene,
  views: readonly (readonly [fromMs: number, Partial<Pod>])[],
) {
  Object.defineProperty(scene.runpod, "pods", {
    get: () => {
      const [, view] = views.findLast(([from]) => scene.clock.monotonic() >= from) ?? [];
      return [{ ...pod, ...view }];
    },
  });
}

/** The message of the failed wait. */
export const failureOf = ({ outcome }: Waiting) => {
  expect(outcome).toBeInstanceOf(NotServing);
  return (outcome as NotServing).message;
};
export const logReads = ({ runpod }: Waiting) =>
  runpod.calls.filter((call) => call === "logs pod1").length;
