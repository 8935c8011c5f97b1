import { safe } from "@runpod-stack/kit";
import { type Clock, later } from "../core/clock";
import { isRunpodError, RunpodError } from "../core/errors";
import { type Headers, retryAfterSeconds } from "./rate-limit";
import { type RateWindow, RateWindows } from "./rate-windows";

/** The order of queued calls: first what ends billing, then what someone waits for, then the rest. */
export type Priority = "delete" | "read" | "create";

/** A call that waits at the gate. */
export interface Passenger {
  /** Verb, noun and name, for messages. */
  readonly operation: string;
  readonly priority: Priority;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly report: (text: string) => void;
}

/** The part of an answer that the gate reads. */
interface AnswerHead {
  readonly status: number;
  readonly headers: Headers;
}

/** A call under way. */
interface Ticket {
  readonly sentAt: number;
  readonly priority: Priority;
}

interface Waiting extends Passenger {
  enter(ticket: Ticket): void;
  refuse(error: RunpodError): void;
}

const RANKS: Readonly<Record<Priority, number>> = { delete: 0, read: 1, create: 2 };

/** The share of each window that creates may not use. Reads may use half of it. */
const RESERVED = { share: 0.1, most: 10 } as const;
/** The end of a window, when any call may use the reserve. */
const FINAL = { share: 0.1, leastMs: 1_000 } as const;
/** After this time without an answer, a second call may go ahead of the others. */
const SCOUT_PATIENCE_MS = 2_000;
/** Shorter waits are not reported. */
const REPORT_FROM_MS = 2_000;
/** The pause after a 429 that does not give one. Doubles each time. */
const PAUSE = { firstMs: 1_000, longestMs: 60_000 } as const;

/**
 * Keeps an account's calls within the rate limit that the server's answers report. While the state
 * of a window is unknown, one call goes ahead and its answer decides for the others. Calls under
 * way count as not yet counted by the server. So calls stay under the limit, unless someone else
 * uses the same account.
 */
export class RateGate {
  readonly #queue: Waiting[] = [];
  readonly #underWay = new Set<Ticket>();
  readonly #windows = new RateWindows();
  /** Since when the limit is unknown, until a later call is answered. */
  #inDoubtSince = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;
  #scout: Ticket | undefined;
  #announcedUntil = Number.NEGATIVE_INFINITY;
  #callOffTimer = () => {};

  constructor(private readonly clock: Clock) {}

  /**
   * Makes the call when it is its turn: by priority, then in order of arrival.
   * @throws RunpodError "rateLimited" as soon as it is clear that its turn comes after its deadline
   */
  async run<A extends AnswerHead>(passenger: Passenger, call: () => Promise<A>): Promise<A> {
    const ticket = await this.#turn(passenger);
    try {
      const answer = await call();
      this.#learn(answer, ticket);
      return answer;
    } catch (error) {
      // The server may have counted it, although no answer shows that.
      if (!isRunpodError(error, "notSent")) {
        this.#windows.spendOne();
      }
      throw error;
    } finally {
      this.#underWay.delete(ticket);
      this.#letPass();
    }
  }

  #turn(passenger: Passenger): Promise<Ticket> {
    const { signal, priority } = passenger;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(signal?.reason);
        this.#letPass();
      };
      const waiting: Waiting = {
        ...passenger,
        enter: (ticket) => {
          signal?.removeEventListener("abort", leave);
          resolve(ticket);
        },
        refuse: (error) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      };
      if (signal?.aborted) {
        return reject(signal.reason);
      }
      signal?.addEventListener("abort", leave);
      const behind = this.#queue.findIndex((other) => RANKS[other.priority] > RANKS[priority]);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, waiting);
      this.#letPass();
    });
  }

  /** Admits every call whose turn it is, and schedules the next check for the others. */
  #letPass(): void {
    this.#callOffTimer();
    const now = this.clock.monotonic();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (!this.#isTurnOf(next.priority, now)) {
        break;
      }
      const ticket = { sentAt: now, priority: next.priority };
      if (!this.#isSure(now)) {
        this.#scout = ticket;
      }
      this.#underWay.add(ticket);
      this.#queue.shift();
      next.enter(ticket);
    }
    this.#refuseLate(now);
    const [first] = this.#queue;
    if (first === undefined) {
      return;
    }
    const opensAt = this.#opensAt(first.priority, now);
    if (opensAt - now >= REPORT_FROM_MS && opensAt - this.#announcedUntil >= REPORT_FROM_MS) {
      this.#announcedUntil = opensAt;
      first.report(`rate limit: next call in ${Math.ceil((opensAt - now) / 1_000)} s`);
    }
    this.#callOffTimer = later(this.clock, this.#nextCheck(now) - now, () => this.#letPass());
  }

  #isTurnOf(priority: Priority, now: number): boolean {
    if (now < this.#closedUntil) {
      return false;
    }
    if (!this.#isSure(now) && this.#isScoutOut(now)) {
      return false;
    }
    const underWay = [...this.#underWay];
    const equals = underWay.filter((call) => call.priority === priority).length;
    return this.#windows
      .lasting(now)
      .every((it) => this.#hasRoom(it, it.left - underWay.length, equals, priority, now));
  }

  /**
   * Whether a window has room for the first call of a priority.
   * @param left calls that may still be sent in it
   * @param underWay calls of the same priority that are under way
   */
  #hasRoom(
    window: RateWindow,
    left: number,
    underWay: number,
    priority: Priority,
    now: number,
  ): boolean {
    const waiting = this.#queue.filter((other) => other.priority === priority).length;
    const share = Math.min(window.quota * RESERVED.share, RESERVED.most);
    const reserved = Math.floor((share * RANKS[priority]) / RANKS.create);
    // Keeping a reserve from the last waiting calls would delay them by a window and help no one.
    const isForAll = left >= waiting + underWay || now >= finalFrom(window);
    return left >= 1 && (left > reserved || isForAll);
  }

  #isSure(now: number): boolean {
    return this.#reportedAt >= this.#inDoubtSince && !this.#windows.hasEnded(now);
  }

  #isScoutOut(now: number): boolean {
    const scout = this.#scout;
    if (scout === undefined || !this.#underWay.has(scout)) {
      return false;
    }
    return now - scout.sentAt < SCOUT_PATIENCE_MS;
  }

  /** When the gate opens for a priority, as far as that is certain. */
  #opensAt(priority: Priority, now: number): number {
    const used = this.#windows
      .lasting(now)
      .filter((window) => !this.#hasRoom(window, window.left, 0, priority, now));
    const ends = used.map((window) => (window.left < 1 ? window.resetAt : finalFrom(window)));
    return Math.max(this.#closedUntil, ...ends);
  }

  #refuseLate(now: number): void {
    const opensAt = {
      delete: this.#opensAt("delete", now),
      read: this.#opensAt("read", now),
      create: this.#opensAt("create", now),
    };
    for (const waiting of [...this.#queue]) {
      const { operation, priority, deadline } = waiting;
      if (deadline > now && deadline >= opensAt[priority]) {
        continue;
      }
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.refuse(this.#tooLate(operation, opensAt[priority] - now));
    }
  }

  /** Next time a queued call may proceed even if no response arrives. */
  #nextCheck(now: number): number {
    const windows = this.#windows.lasting(now);
    const times = [
      this.#closedUntil,
      ...windows.flatMap((window) => [finalFrom(window), window.resetAt]),
      ...this.#queue.map(({ deadline }) => deadline),
      (this.#scout?.sentAt ?? now) + SCOUT_PATIENCE_MS,
    ];
    return Math.min(...times.filter((time) => time > now));
  }

  #learn({ status, headers }: AnswerHead, { sentAt }: Ticket): void {
    const now = this.clock.monotonic();
    const isReported = this.#windows.learn(headers, sentAt, now);
    if (!isReported) {
      this.#windows.spendOne();
    }
    if (status === 429) {
      this.#close(now, retryAfterSeconds(headers) ?? 0);
    } else if (isReported || status < 300) {
      this.#reportedAt = Math.max(this.#reportedAt, sentAt);
      this.#refusals = 0;
      this.#windows.forgetEnded(sentAt);
    }
  }

  #close(now: number, seconds: number): void {
    this.#inDoubtSince = now;
    if (seconds > 0) {
      this.#closedUntil = Math.max(this.#closedUntil, now + seconds * 1_000);
    } else if (now >= this.#closedUntil) {
      // Otherwise it was under way together with another rejected call: both count as one.
      this.#closedUntil = now + Math.min(PAUSE.firstMs * 2 ** this.#refusals, PAUSE.longestMs);
      this.#refusals += 1;
    }
  }

  #tooLate(operation: string, wait: number): RunpodError {
    const seconds = Math.max(Math.ceil(wait / 1_000), 0);
    const time = new Date(this.clock.now() + seconds * 1_000).toISOString();
    const reason =
      seconds > 0
        ? `RunPod's rate limit is used up and resets at ${time}, in ${seconds} s, which is after this operation's deadline. Nothing was sent. Run it again after the reset`
        : "RunPod's rate limit left no room for this call in time. Nothing was sent. Run it again";
    return new RunpodError(safe`${operation}: ${reason}.`, {
      kind: "rateLimited",
      operation,
      ...(seconds > 0 && { retryAfterSeconds: seconds }),
    });
  }
}

function finalFrom({ resetAt, length }: RateWindow): number {
  return resetAt - Math.max(length * FINAL.share, FINAL.leastMs);
}
