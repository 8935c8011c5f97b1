/**
 * A log level as programs and log shippers write it. Two matches do not count: NCCL logs its errors
 * as WARN, and its hints mention NCCL_DEBUG=INFO. Python's warnings name their class.
 */
const LEVEL =
  /(?<![=\w]|NCCL )(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b|\blevel=(?:debug|info|warn|error|fatal)\b|\b[A-Z]\w{0,40}Warning(?=: )/g;
const QUIET = /TRACE|DEBUG|INFO|WARN|Warning|=debug|=info|=warn/;
/** Levels that log shippers assign to everything on one output stream. */
const SHIPPED = /TRACE|DEBUG|INFO|=debug|=info/;

/** What may appear between a level and the message: code locations, processes, times, loggers, streams. */
const HEADER =
  /^(?:[\s"':|>\])-]{1,40}|\[[^\]]{0,120}\]|\([^)]{0,120}\)|\d[\d:.,TZ+-]{0,40}(?=\s)|(?:msg|message)="?|\w{1,40}=\S{0,120}|[\w./-]{1,80}(?::|\s[|>-]|(?=\sstd)))/;
const MAX_HEADER_PARTS = 12;
/** Uncaught errors, which no program logs as information. */
const RAW_ERROR =
  /^(?:Traceback \(most|[\w.]{0,120}(?:Error|Exception)\b|terminate called|exec: "|\S{1,80}: (?:line \d{1,9}|error): |error loading model)/;

/** Whether the program itself logged what is at index `at` as information or as a warning. */
export function isQuiet(line: string, at: number): boolean {
  const level = [...line.slice(0, at).matchAll(LEVEL)].at(-1);
  if (level === undefined || !QUIET.test(level[0])) {
    return false;
  }
  return !(SHIPPED.test(level[0]) && isRawError(line.slice(level.index + level[0].length)));
}

/** Whether a message begins like an uncaught error: the log shipper then chose its level, not the program. */
function isRawError(text: string): boolean {
  let rest = text;
  for (let part = 0; part < MAX_HEADER_PARTS; part++) {
    if (RAW_ERROR.test(rest)) {
      return true;
    }
    const header = HEADER.exec(rest);
    if (header === null) {
      return false;
    }
    rest = rest.slice(header[0].length);
  }
  return false;
}
