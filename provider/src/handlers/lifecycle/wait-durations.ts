import { parseDuration } from "../../core/duration";
import { type Checked, type Problem, problem } from "../../schema";

const MIN_INTERVAL_MS = 250;

/** Problems between the interval and the timeout of a wait. */
export function waitProblems({
  inputs,
  problems,
}: Checked<{ interval?: string; timeout?: string }>): Problem[] {
  if (problems.length > 0) {
    return [];
  }
  const [interval, timeout] = [parseDuration(inputs["interval"]), parseDuration(inputs["timeout"])];
  if (interval === undefined || timeout === undefined) {
    return [];
  }
  if (interval < MIN_INTERVAL_MS) {
    return [
      problem(
        "interval",
        inputs["interval"],
        "must be at least 250ms, to spare the service. Set it to 1s or more",
      ),
    ];
  }
  if (interval <= timeout) {
    return [];
  }
  return [
    problem(
      "interval",
      inputs["interval"],
      "must not be longer than timeout. Shorten it, or set a longer timeout",
    ),
  ];
}
