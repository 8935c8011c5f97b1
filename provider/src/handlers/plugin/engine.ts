import { fstatSync } from "node:fs";
import { safe } from "@runpod-stack/kit";
import type { Call } from "../../api";
import { RunpodError } from "../../core/errors";

const STANDARD_INPUT = 0;

/**
 * The engine that started this process. When it is killed the process lives on, and whatever it
 * creates from then on is in nobody's state. The end of standard input gives the engine's death
 * away: from then on nothing is posted, what is under way is finished, and the process ends.
 */
export class Engine {
  #isDead = false;
  #isWatched = false;
  #underWay = 0;
  readonly #beforeEnd: (() => void)[] = [];

  constructor(private readonly exit: () => void = () => process.exit()) {}

  /** Whether the engine was killed: what an operation returns from then on reaches nobody. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Acts when the engine ends this process because its work is done. */
  beforeEnd(act: () => void): void {
    this.#beforeEnd.push(act);
  }

  /** Watches standard input, if an engine can be at its other end. */
  watch(): void {
    if (this.#isWatched || !isPipe(STANDARD_INPUT)) return;
    this.#isWatched = true;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        for (const act of this.#beforeEnd) act();
        this.exit();
      });
    }
    process.stdin.once("close", () => this.die()).resume();
    // To watch must not keep the process alive.
    if ("unref" in process.stdin) process.stdin.unref();
  }

  /** Takes note that the engine is dead. */
  die(): void {
    this.#isDead = true;
    this.#endWhenDone();
  }

  /**
   * Refuses a call that creates an object, or tells a pod to start, stop or restart, once the
   * engine is dead. Asked before each attempt, as late as can be: it may have waited for its turn.
   */
  assertAlive({ method, isIdempotent }: Pick<Call, "method" | "isIdempotent">): void {
    if (!this.#isDead || method !== "POST" || isIdempotent) return;
    throw new RunpodError(
      safe`the Pulumi engine has ended, so nothing more is created: it would be billed and in no state. Nothing was sent. Run \`pulumi cancel\` and then \`pulumi up --refresh\`.`,
      { kind: "aborted" },
    );
  }

  /** Makes a call, for whose end the process waits. */
  async track<R>(call: () => Promise<R>): Promise<R> {
    this.#underWay += 1;
    try {
      return await call();
    } finally {
      this.#underWay -= 1;
      this.#endWhenDone();
    }
  }

  /** A call that directly follows another is given the time to begin. */
  #endWhenDone(): void {
    setImmediate(() => {
      if (this.#isDead && this.#underWay === 0) this.exit();
    });
  }
}

function isPipe(descriptor: number): boolean {
  try {
    const file = fstatSync(descriptor);
    return file.isFIFO() || file.isSocket();
  } catch {
    return false;
  }
}
