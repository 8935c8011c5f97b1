import { fstatSync } from "node:fs";
import { safe } from "@runpod-stack/kit";
import type { Call } from "../../api";
import { RunpodError } from "../../core/errors";

const STANDARD_INPUT = 0;

/**
 * The engine that started this process. If the engine is killed, this process lives on, and
 * whatever it creates from then on is in no state. The end of standard input reveals that the
 * engine is dead. From then on nothing is created, calls under way finish, and the process ends.
 */
export class Engine {
  #isDead = false;
  #isWatched = false;
  #underWay = 0;
  readonly #beforeEnd: (() => void)[] = [];

  constructor(private readonly exit: () => void = () => process.exit()) {}

  /** Whether the engine was killed, so that the results of operations are no longer stored. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Calls `act` when the engine ends this process because its work is done. */
  beforeEnd(act: () => void): void {
    this.#beforeEnd.push(act);
  }

  /** Watches standard input, if an engine can be at its other end. */
  watch(): void {
    if (this.#isWatched || !isPipe(STANDARD_INPUT)) {
      return;
    }
    this.#isWatched = true;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        for (const act of this.#beforeEnd) {
          act();
        }
        this.exit();
      });
    }
    process.stdin.once("close", () => this.die()).resume();
    // Watching must not keep the process alive.
    if ("unref" in process.stdin) {
      process.stdin.unref();
    }
  }

  /** Records that the engine is dead. */
  die(): void {
    this.#isDead = true;
    this.#endWhenDone();
  }

  /**
   * Rejects a call that creates an object, or starts, stops or restarts a pod, once the engine is
   * dead. Called as late as possible before each attempt, since a call may have waited for its
   * turn.
   */
  assertAlive({ method, isIdempotent }: Pick<Call, "method" | "isIdempotent">): void {
    if (!this.#isDead || method !== "POST" || isIdempotent) {
      return;
    }
    throw new RunpodError(
      safe`the Pulumi engine has ended, so nothing more is created: a new object would be billed but in no state. Nothing was sent. Run \`pulumi cancel\`, and then \`pulumi up --refresh\`.`,
      { kind: "aborted" },
    );
  }

  /** Makes a call. The process waits for it before it ends. */
  async track<R>(call: () => Promise<R>): Promise<R> {
    this.#underWay += 1;
    try {
      return await call();
    } finally {
      this.#underWay -= 1;
      this.#endWhenDone();
    }
  }

  /** A call that directly follows another needs a moment to begin. */
  #endWhenDone(): void {
    setImmediate(() => {
      if (this.#isDead && this.#underWay === 0) {
        this.exit();
      }
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
