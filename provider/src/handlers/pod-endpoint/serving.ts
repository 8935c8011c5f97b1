import type { Safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import type { Row } from "../lifecycle/context";
import type { Expectation } from "./verdict";

/** What to wait for, and for how long. Times in milliseconds. */
export interface Wait {
  /** Where progress is shown. */
  readonly row: Row;
  readonly podId: string;
  /** The port inside the container. */
  readonly port: number;
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly expected: Expectation;
  readonly consecutive: number;
  readonly interval: number;
  readonly timeout: number;
}

/** The result of a wait for a service that serves. */
export interface Serving {
  readonly models: readonly string[];
  readonly pod: Pod;
}

/** The service does not serve: it never will, or the wait timed out. */
export class NotServing extends Error {
  /** @param pod the pod when it was last seen; undefined if it is gone or was never seen */
  constructor(
    readonly pod: Pod | undefined,
    override readonly message: Safe,
  ) {
    super(message);
  }
}
