import type { Clock } from "../../core/clock";

const POLL_FOR_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/** Polls for the object of a lost answer while RunPod's lists may lag; undefined if it never appears. */
export async function pollUntilFound<T>(
  clock: Clock,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = clock.monotonic() + POLL_FOR_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const found = await find();
    if (found !== undefined || clock.monotonic() >= deadline) {
      return found;
    }
    await clock.sleep(pause);
  }
}
