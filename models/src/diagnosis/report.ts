import { type Cause, possible } from "./cause";
import { isQuiet } from "./level";

/** Lines that report a failure without its cause. */
export const REPORT_CAUSE: Cause = {
  name: "engine-core-wrapper-only",
  remedy:
    "These lines only report that a part of the server failed. The error itself is earlier in the log. Read more lines, from the start of the container.",
  signs: [
    possible(/Engine core initialization failed|Engine process failed to start/),
    possible(/EngineCore failed to start|EngineDeadError|Received sigquit from a child/),
    possible(/ShardCannotStart|Shard \d{1,4} failed to start|Shard process was signaled/),
    possible(/WorkerProc initialization failed|(?:Engine core|Worker) proc \S{1,60} died/),
    possible(/EngineCore encountered (?:a fatal error|an issue)|[Gg]ot fatal signal from worker/),
    possible(/SIGQUIT received\. .{0,60}child failed|Subprocess \S{1,60} .{0,40}crashed with/),
    possible(/Scheduler hit an exception|Initialization failed\. \w{1,40}_state:/),
    possible(/llama runner (?:process )?(?:has terminated|no longer running)/),
    possible(/exiting due to model loading error|main: error: unable to load model/),
  ],
};

/** Remedy for an error that is in the log but not in the table of causes. */
export const UNKNOWN_ERROR_REMEDY =
  "No known cause, but the log contains the error: the line shown. Read the lines around it, and search the server's issues for its message and this release.";

/** An uncaught error, or the signal that ended a process. */
const ERROR =
  /\b[A-Z]\w{0,60}(?:Error|Exception|Interrupt)\b(?=:|\(|\s{0,8}$)|\b(?:signal:?|with signal) \w|\bSIG(?:SEGV|ABRT|BUS|FPE|ILL|KILL)\b|Segmentation fault|core dumped|terminate called after|Fatal Python error|panicked at|GGML_ASSERT|error loading model|\bCUDA error\b/;
/** A line that only repeats such an error. */
const PASSED_ON =
  /During handling of the above exception|above exception was the direct cause|Exception ignored in|\[Errno 24\] Too many open files|^\s*(?:raise|except|return|File) /;

/** The last error of a run that is not a report; one before the last report, if possible. */
export function lastError(lines: readonly string[]): string | undefined {
  const isReport = (line: string) => REPORT_CAUSE.signs.some(({ pattern }) => pattern.test(line));
  const end = lines.findLastIndex(isReport);
  const errors = (end < 0 ? lines : lines.slice(0, end)).filter((line) => isError(line));
  const named = errors.filter((line) => !isReport(line));
  const signal = errors.findLast((line) =>
    /Shard process was signaled|has terminated: /.test(line),
  );
  const later = lines.slice(end + 1).findLast((line) => isError(line) && !isReport(line));
  return named.at(-1) ?? signal ?? later;
}

function isError(line: string): boolean {
  const found = ERROR.exec(line);
  return found !== null && !PASSED_ON.test(line) && !isQuiet(line, found.index);
}
