/** One request to an API or a proxy URL, for tests. */
export interface RequestEntry {
  /** Real time (ISO 8601), plus what was advanced. */
  at: string;
  method: string;
  path: string;
  /** Without the question mark; absent if there is none. */
  query?: string;
  /** Null until it is answered, 0 if the connection was cut instead. */
  status: number | null;
  /** The user agent. */
  client: string;
  /** What was sent, parsed if it is JSON; absent if it is long. */
  body?: unknown;
}

const KEPT = 50_000;

export class RequestLog {
  private entries: RequestEntry[] = [];

  add(entry: RequestEntry): void {
    this.entries.push(entry);
    if (this.entries.length > KEPT) {
      this.entries = this.entries.slice(KEPT / 10);
    }
  }

  all(): readonly RequestEntry[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
