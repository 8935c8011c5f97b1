import { safe } from "@runpod-stack/kit";
import { type Clock, later } from "../core/clock";
import { isRunpodError, RunpodError } from "../core/errors";
import { type Headers, retryAfterSeconds } from "./rate-limit";
import { type RateWindow, RateWindows } from "./rate-windows";

/** Whose turn comes first: what ends a bill, then what somebody waits to see, then all else. */
export type Priority = "delete" | "read" | "create";

/** One who wants to pass the gate. */
export interface Passenger {
  /** Verb, noun and name, for messages. */
  readonly operation: string;
  readonly priority: Priority;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: (text: string) => void;
}

/** What the gate looks at of an answer. */
interface Told {
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

/** Of each window, so much is kept from creates, and half of that from reads. */
const RESERVED = { share: 0.1, most: 10 } as const;
/** The end of a window, in which what is still reserved is given to anybody. */
const FINAL = { share: 0.1, leastMs: 1_000 } as const;
/** After so long without an answer, a second call may go ahead of the others. */
const SCOUT_PATIENCE_MS = 2_000;
/** A wait shorter than this is not worth a line. */
const TELL_FROM_MS = 2_000;
/** After a refusal that does not say for how long; doubled with each one. */
const PAUSE = { firstMs: 1_000, longestMs: 60_000 } as const;

/**
 * Keeps an account's calls within its rate limit, as the server's answers tell of it. While it is
 * not known what a window holds, one call goes ahead and its answer decides for the others; calls
 * under way count as if the server had not counted them yet. So none is sent to be refused, as
 * long as nobody else uses up the account's limit.
 */
export class RateGate {
  readonly #queue: Waiting[] = [];
  readonly #underWay = new Set<Ticket>();
  readonly #windows = new RateWindows();
  /** Since when nothing is known, unless an answer to a later call tells. */
  #inDoubtSince = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;
  #scout: Ticket | undefined;
  #toldOf = Number.NEGATIVE_INFINITY;
  #callOffTimer = () => {};

  constructor(private readonly clock: Clock) {}

  /**
   * Makes the call when it is its turn: by priority, then in the order of asking.
   * @throws RunpodError "rateLimited" as soon as it is clear that its turn comes after its deadline
   */
  async run<A extends Told>(passenger: Passenger, call: () => Promise<A>): Promise<A> {
    const ticket = await this.#turn(passenger);
    try {
      const answer = await call();
      this.#learn(answer, ticket);
      return answer;
    } catch (error) {
      // It may have been counted, and no answer says so.
      if (!isRunpodError(error, "notSent")) this.#windows.spendOne();
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
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", leave);
      const behind = this.#queue.findIndex((other) => RANKS[other.priority] > RANKS[priority]);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, waiting);
      this.#letPass();
    });
  }

  /** Lets all pass whose turn it is, and sees to it that the others are looked at in time. */
  #letPass(): void {
    this.#callOffTimer();
    const now = this.clock.monotonic();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (!this.#isTurnOf(next.priority, now)) break;
      const ticket = { sentAt: now, priority: next.priority };
      if (!this.#isSure(now)) this.#scout = ticket;
      this.#underWay.add(ticket);
      this.#queue.shift();
      next.enter(ticket);
    }
    this.#refuseLate(now);
    const [first] = this.#queue;
    if (first === undefined) return;
    const opensAt = this.#opensAt(first.priority, now);
    if (opensAt - now >= TELL_FROM_MS && opensAt - this.#toldOf >= TELL_FROM_MS) {
      this.#toldOf = opensAt;
      first.tell(`rate limit: next call in ${Math.ceil((opensAt - now) / 1_000)} s`);
    }
    this.#callOffTimer = later(this.clock, this.#nextLook(now) - now, () => this.#letPass());
  }

  #isTurnOf(priority: Priority, now: number): boolean {
    if (now < this.#closedUntil) return false;
    if (!this.#isSure(now) && this.#isScoutOut(now)) return false;
    const underWay = [...this.#underWay];
    const equals = underWay.filter((call) => call.priority === priority).length;
    return this.#windows
      .lasting(now)
      .every((it) => this.#hasRoom(it, it.left - underWay.length, equals, priority, now));
  }

  /**
   * Whether a window has room for who is first of a priority.
   * @param left calls that may be sent in it
   * @param underWay calls of the priority that are already
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
    // To keep a reserve from the last who wait would cost them a window, and gain nobody one.
    const isForAll = left >= waiting + underWay || now >= finalFrom(window);
    return left >= 1 && (left > reserved || isForAll);
  }

  #isSure(now: number): boolean {
    return this.#toldAt >= this.#inDoubtSince && !this.#windows.hasEnded(now);
  }

  #isScoutOut(now: number): boolean {
    const scout = this.#scout;
    if (scout === undefined || !this.#underWay.has(scout)) return false;
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
      if (deadline > now && deadline >= opensAt[priority]) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.refuse(this.#tooLate(operation, opensAt[priority] - now));
    }
  }

  /** The next time at which somebody's turn may have come without an answer's doing. */
  #nextLook(now: number): number {
    const windows = this.#windows.lasting(now);
    const times = [
      this.#closedUntil,
      ...windows.flatMap((window) => [finalFrom(window), window.resetAt]),
      ...this.#queue.map(({ deadline }) => deadline),
      (this.#scout?.sentAt ?? now) + SCOUT_PATIENCE_MS,
    ];
    return Math.min(...times.filter((time) => time > now));
  }

  #learn({ status, headers }: Told, { sentAt }: Ticket): void {
    const now = this.clock.monotonic();
    const isTold = this.#windows.learn(headers, sentAt, now);
    if (!isTold) this.#windows.spendOne();
    if (status === 429) {
      this.#close(now, retryAfterSeconds(headers) ?? 0);
    } else if (isTold || status < 300) {
      this.#toldAt = Math.max(this.#toldAt, sentAt);
      this.#refusals = 0;
      this.#windows.forgetEnded(sentAt);
    }
  }

  #close(now: number, seconds: number): void {
    this.#inDoubtSince = now;
    if (seconds > 0) {
      this.#closedUntil = Math.max(this.#closedUntil, now + seconds * 1_000);
    } else if (now >= this.#closedUntil) {
      // Else it was under way together with one that was refused: that is one refusal.
      this.#closedUntil = now + Math.min(PAUSE.firstMs * 2 ** this.#refusals, PAUSE.longestMs);
      this.#refusals += 1;
    }
  }

  #tooLate(operation: string, wait: number): RunpodError {
    const seconds = Math.max(Math.ceil(wait / 1_000), 0);
    const time = new Date(this.clock.now() + seconds * 1_000).toISOString();
    const reason =
      seconds > 0
        ? `RunPod's rate limit is used up and resets at ${time}, in ${seconds} s: later than this operation may take. It was not sent; run it again then`
        : "its turn under RunPod's rate limit did not come in time. It was not sent; run it again";
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
