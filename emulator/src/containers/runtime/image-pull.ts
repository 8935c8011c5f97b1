import type { Image } from "../images";
import { seconds } from "../machine";

/** Pulls an image, with the lines of RunPod's system log; returns false if it does not exist. */
export function* pullImage(
  { reference, pullError, compressedGb }: Image,
  isCached: boolean,
  gbPerSecond: number,
  tell: (line: string) => void,
): Generator<number, boolean> {
  if (pullError !== null) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      yield seconds(3);
      tell(`error pulling image: ${pullError}`);
      tell(`error creating container: Error response from daemon: No such image: ${reference}`);
      yield seconds(10);
    }
    return false;
  }
  tell(`pending image pull ${reference}`);
  if (isCached) {
    yield seconds(5);
    tell(`Status: Image is up to date for ${reference}`);
    return true;
  }
  for (let step = 1; step <= STEPS; step++) {
    yield seconds((2 + compressedGb / gbPerSecond) / STEPS);
    const doneGb = (compressedGb * step) / STEPS;
    const bar = ">".padStart((50 * step) / STEPS, "=").padEnd(50);
    tell(`${LAYER} Downloading [${bar}]  ${doneGb.toFixed(2)}GB/${compressedGb.toFixed(2)}GB`);
  }
  tell(`${LAYER} Pull complete`);
  tell(`Status: Downloaded newer image for ${reference}`);
  return true;
}

const ATTEMPTS = 3;
const STEPS = 10;
/** The largest layer, which decides how long the pull takes. */
const LAYER = "316f8cbc3be8";
