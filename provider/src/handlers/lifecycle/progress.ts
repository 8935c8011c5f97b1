import { type Safe, safe } from "@runpod-stack/kit";
import { type Clock, later } from "../../core/clock";
import { formatDuration } from "../../core/duration";
import type { Context, Row } from "./context";

const FIRST_SHOWN_MS = 5_000;
/** Not more often, because a pipeline's log keeps every line. */
const SHOW_EVERY_MS = 10_000;
const HINT_EVERY = 6;

/**
 * Shows a wait's progress on its row until canceled. At times it shows how to stop the wait instead,
 * because a plugin cannot detect Ctrl-C.
 * @param stays what stopping does not lose
 */
export function showProgress(
  context: Context,
  row: Row,
  stays: string,
  line: () => Safe,
): () => void {
  let shown = 0;
  return repeat(context.clock, FIRST_SHOWN_MS, SHOW_EVERY_MS, () => {
    const isHint = shown % HINT_EVERY === 0;
    shown += 1;
    context.progress(row, isHint ? safe`Ctrl-C twice to stop now; ${stays}` : line());
  });
}

/** "3m20s": a row is short. */
export function short(ms: number): string {
  return formatDuration(ms).replaceAll(" ", "");
}

/** Calls `act` repeatedly until canceled. */
function repeat(clock: Clock, first: number, every: number, act: () => void): () => void {
  let callOff = later(clock, first, next);
  function next() {
    act();
    callOff = later(clock, every, next);
  }
  return () => callOff();
}
