import type { LogLine } from "./types";

const KEPT_LINES = 500;
/** Lines are dropped in batches, so that a busy container does not move the whole log for each line. */
const SLACK = 100;
const MAX_INTERNED = 5000;

interface Entry {
  /** Milliseconds since the container's start: small integers, which cost no memory of their own. */
  offset: number;
  source: LogLine["source"];
  text: string;
}

/** A container's newest log lines, kept as cheaply as thousands of containers at once demand. */
export class LogBook {
  private entries: Entry[] = [];
  private dropped = 0;

  constructor(private readonly startedAt: number) {}

  /** `%T` in the text stands for the time, which is filled in when the line is read. */
  append(at: number, source: LogLine["source"], text: string): void {
    this.entries.push({ offset: Math.round(at - this.startedAt), source, text: intern(text) });
    if (this.entries.length > KEPT_LINES + SLACK) {
      this.entries.splice(0, SLACK);
      this.dropped += SLACK;
    }
  }

  lines(): LogLine[] {
    const first = Math.max(0, this.entries.length - KEPT_LINES);
    return this.entries.slice(first).map(({ offset, source, text }, index) => {
      const at = this.startedAt + offset;
      return { at, source, line: fillIn(text, at), seq: this.dropped + first + index };
    });
  }
}

/** Containers of one kind print the same lines: they share one copy of each. */
const interned = new Map<string, string>();

function intern(text: string): string {
  const known = interned.get(text);
  if (known !== undefined) {
    return known;
  }
  if (interned.size >= MAX_INTERNED) {
    interned.clear();
  }
  interned.set(text, text);
  return text;
}

/** Python's logging format as the model servers set it: `11-23 20:48:10`, in UTC. */
function fillIn(text: string, at: number): string {
  return text.includes("%T")
    ? text.replaceAll("%T", new Date(at).toISOString().slice(5, 19).replace("T", " "))
    : text;
}
