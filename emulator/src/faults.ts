/** With which RunPod has been seen to answer that no machine is free. */
const CAPACITY_STATUSES = [400, 409, 500] as const;
export type CapacityStatus = (typeof CAPACITY_STATUSES)[number];

/** What to do to a matching request. */
export type FaultKind =
  | { kind: "reset"; when: "before" | "after" }
  | { kind: "status"; code: number; when: "before" | "after" }
  | { kind: "slow"; ms: number }
  | { kind: "truncate"; bytes: number }
  | { kind: "html"; code: number }
  | { kind: "capacity"; code: CapacityStatus }
  | { kind: "cloudflare" }
  | { kind: "lag"; ms: number; scope: "list" | "all" }
  | { kind: "delete-lag"; ms: number };

interface Fault {
  method: string | null;
  path: RegExp | null;
  /** Matches still to let pass. */
  after: number;
  /** Matches still to be hit. */
  times: number;
  effect: FaultKind;
}

/** As the control plane takes it. */
export interface FaultRequest {
  match?: { method?: string; path?: string };
  times?: number;
  after?: number;
  fault?: unknown;
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

  /** @throws an Error that says what is wrong with it. */
  add({ match, times = Number.POSITIVE_INFINITY, after = 0, fault }: FaultRequest): void {
    this.faults.push({
      method: match?.method?.toUpperCase() ?? null,
      path: match?.path === undefined ? null : new RegExp(match.path),
      after,
      times,
      effect: parseFault(fault),
    });
  }

  clear(): void {
    this.faults = [];
  }

  /** What hits this request, oldest fault first; each match is counted. */
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
  return (method === null || method === requestMethod) && (path === null || path.test(requestPath));
}

function decides({ kind }: FaultKind): boolean {
  return ANSWERS.has(kind);
}

function parseFault(text: unknown): FaultKind {
  const [kind, first, second] = String(text).split(":");
  const number = Number(first);
  const when = kind === "reset" ? first : second;
  if (kind === "cloudflare" && first === undefined) {
    return { kind };
  }
  if (kind === "capacity") {
    const code = CAPACITY_STATUSES.find((status) => String(status) === (first ?? "400"));
    if (code !== undefined && second === undefined) {
      return { kind, code };
    }
  }
  if (kind === "reset" && (when === "before" || when === "after")) {
    return { kind, when };
  }
  if (kind === "html" && (first === undefined || isStatus(number))) {
    return { kind, code: first === undefined ? 502 : number };
  }
  if (kind === "status" && isStatus(number) && (when === "before" || when === "after")) {
    return { kind, code: number, when };
  }
  if (first !== undefined && Number.isInteger(number) && number >= 0) {
    if (kind === "truncate") {
      return { kind, bytes: number };
    }
    if (kind === "slow" || kind === "delete-lag") {
      return { kind, ms: number };
    }
    if (kind === "lag" && (second === "list" || second === "all")) {
      return { kind, ms: number, scope: second };
    }
  }
  throw new Error(
    `unknown fault "${text}": use reset:before|after, status:<code>:before|after, slow:<ms>, ` +
      "truncate:<bytes>, html[:<code>], capacity[:400|409|500], cloudflare, lag:<ms>:list|all or delete-lag:<ms>",
  );
}

function isStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 200 && code <= 599;
}
