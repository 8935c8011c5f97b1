/** The statuses with which RunPod reports that no machine is free. */
export type CapacityStatus = 400 | 409 | 500;

/** What to do to a matching request. */
export type FaultKind =
  | { kind: "reset"; when: "before" | "after" }
  | { kind: "status"; code: number; when: "before" | "after" }
  | { kind: "slow"; ms: number }
  | { kind: "truncate"; bytes: number }
  | { kind: "html"; code: number }
  | { kind: "capacity"; code: CapacityStatus }
  | { kind: "cloudflare" }
  | { kind: "page"; most: number }
  | { kind: "lag"; ms: number; scope: "list" | "all" }
  | { kind: "delete-lag"; ms: number };

/** What to do to which requests. */
export interface Fault {
  /** In uppercase; null for any. */
  method: string | null;
  /** Whether the path matches; null for any. */
  path: ((path: string) => boolean) | null;
  /** Matches to let pass before the fault. */
  after: number;
  /** Matches left to hit. */
  times: number;
  effect: FaultKind;
}

/** Several may hit one request, but only one of them can decide its answer. */
const ANSWERS = new Set<FaultKind["kind"]>([
  "reset",
  "status",
  "truncate",
  "html",
  "capacity",
  "cloudflare",
]);

export class Faults {
  private faults: Fault[] = [];

  add(fault: Fault): void {
    this.faults.push(fault);
  }

  clear(): void {
    this.faults = [];
  }

  /** The faults for this request, oldest first. Counts each match. */
  hits(method: string, path: string): FaultKind[] {
    const hits: FaultKind[] = [];
    for (const fault of this.faults) {
      if (!matches(fault, method, path)) {
        continue;
      }
      if (fault.after > 0) {
        fault.after -= 1;
      } else if (fault.times > 0 && !(decides(fault.effect) && hits.some(decides))) {
        fault.times -= 1;
        hits.push(fault.effect);
      }
    }
    return hits;
  }
}

function matches({ method, path }: Fault, requestMethod: string, requestPath: string): boolean {
  return (method === null || method === requestMethod) && (path === null || path(requestPath));
}

function decides({ kind }: FaultKind): boolean {
  return ANSWERS.has(kind);
}

const STATUS = "(?!204|205|304)([2-5]\\d\\d)";
/** Timers take at most 2^31 - 1 milliseconds. */
const AMOUNT = "(\\d{1,9})";

const FORMS: readonly (readonly [form: string, read: (...words: string[]) => FaultKind])[] = [
  ["reset:(before|after)", (when) => ({ kind: "reset", when: when as "before" | "after" })],
  [
    `status:${STATUS}:(before|after)`,
    (code, when) => ({ kind: "status", code: Number(code), when: when as "before" | "after" }),
  ],
  [`slow:${AMOUNT}`, (ms) => ({ kind: "slow", ms: Number(ms) })],
  [`truncate:${AMOUNT}`, (bytes) => ({ kind: "truncate", bytes: Number(bytes) })],
  [`html(?::${STATUS})?`, (code = "502") => ({ kind: "html", code: Number(code) })],
  [
    "capacity(?::(400|409|500))?",
    (code = "400") => ({ kind: "capacity", code: Number(code) as CapacityStatus }),
  ],
  ["cloudflare", () => ({ kind: "cloudflare" })],
  ["page:(\\d{1,4})", (most) => ({ kind: "page", most: Number(most) })],
  [
    `lag:${AMOUNT}:(list|all)`,
    (ms, scope) => ({ kind: "lag", ms: Number(ms), scope: scope as "list" | "all" }),
  ],
  [`delete-lag:${AMOUNT}`, (ms) => ({ kind: "delete-lag", ms: Number(ms) })],
];

/** Null if it is not a fault. */
export function parseFault(text: string): FaultKind | null {
  for (const [form, read] of FORMS) {
    const match = new RegExp(`^${form}$`).exec(text);
    if (match) {
      return read(...match.slice(1));
    }
  }
  return null;
}
