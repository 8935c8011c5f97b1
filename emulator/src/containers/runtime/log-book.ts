import { MAX_LOG_LINE } from "../limits";
import type { LogLine } from "../types";

const KEPT_LINES = 500;
/** Lines are dropped in batches, so that a busy container does not copy the whole log for each line. */
const SLACK = 100;
const MAX_INTERNED = 5000;
const MAX_INTERNED_LENGTH = 500;

interface Entry {
  /** Milliseconds since the container's start: small integers, which need no separate memory. */
  offset: number;
  source: LogLine["source"];
  text: string;
}

/** A container's newest log lines, stored cheaply enough for thousands of containers. */
export class LogBook {
  private readonly entries: Entry[] = [];
  private dropped = 0;

  constructor(private readonly startedAt: number) {}

  /**
   * The first of these marks in a line is replaced by the line's time when it is read: `%T`
   * (`11-23 20:48:10`, as vLLM), `%S` (with the year, as SGLang), `%I` (ISO 8601, as TGI); in UTC.
   */
  append(at: number, source: LogLine["source"], text: string): void {
    this.entries.push({
      offset: Math.round(at - this.startedAt),
      source,
      text: intern(text.slice(0, MAX_LOG_LINE)),
    });
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
  if (text.length > MAX_INTERNED_LENGTH) {
    return text;
  }
  const known = interned.get(text);
  if (known !== undefined) {
    return known;
  }
  if (interned.size >= MAX_INTERNED) {
    interned.clear();
  }
  // A copy, because a part of a script would keep the whole script in memory.
  const own = Buffer.from(text, "utf16le").toString("utf16le");
  interned.set(own, own);
  return own;
}

function fillIn(text: string, at: number): string {
  return text.replace(/%[TSI]/, (mark) => {
    const iso = new Date(at).toISOString();
    const [from, to] = TIME_FORMATS[mark as keyof typeof TIME_FORMATS];
    return mark === "%I" ? iso : iso.slice(from, to).replace("T", " ");
  });
}

/** The part of `2026-11-23T20:48:10.000Z` that replaces each mark. */
const TIME_FORMATS = { "%T": [5, 19], "%S": [0, 19], "%I": [0, 24] } as const;
