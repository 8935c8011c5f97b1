import type { Safe } from "@runpod-stack/kit";
import type { Endpoint } from "../../api";
import type { Row } from "../lifecycle/context";

/** What to ask and for how long to wait. Times in milliseconds. */
export interface Wait {
  /** Where progress is shown. */
  readonly row: Row;
  readonly endpointId: string;
  /** The job's input; undefined for a request to a load balancer. */
  readonly input?: unknown;
  /** The path of a request to a load balancer. */
  readonly path?: string | undefined;
  readonly expected: {
    readonly status: number;
    /** A string, or a /regular expression/. */
    readonly output?: string | undefined;
  };
  readonly interval: number;
  readonly timeout: number;
}

/** An answer as expected. */
export interface Answered {
  readonly output: unknown;
  readonly delayTime: number | null;
  readonly executionTime: number | null;
}

/** A request under way. */
export interface Request {
  /** What it is waiting for, in a few words. */
  readonly doing: Safe;
  /** Whether a worker is known to have it. */
  readonly isTaken: boolean;
  /**
   * Sends it or asks for its answer, and waits until it is worth doing again. Undefined: no answer
   * yet. @throws NotReady as soon as it is clear that the answer is not the expected one
   */
  next(endpoint: Endpoint): Promise<Answered | undefined>;
  /** Gives it up. Never throws. */
  abandon(): Promise<void>;
}

/** The endpoint does not answer as expected: it never will, or the wait timed out. */
export class NotReady extends Error {
  /** @param endpoint the endpoint when it was last seen; undefined if it is gone */
  constructor(
    readonly endpoint: Endpoint | undefined,
    override readonly message: Safe,
  ) {
    super(message);
  }
}
