import type { Safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import type { Row } from "../lifecycle/context";
import type { Expectation } from "./verdict";

/** What to wait for, and how patiently. Times in milliseconds. */
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

/** The service serves. */
export interface Serving {
  readonly models: readonly string[];
  readonly pod: Pod;
}

/** The service does not serve: either it never will, or the time is up. */
export class NotServing extends Error {
  /** @param pod the pod as it was last seen; undefined if it is gone, or was never seen */
  constructor(
    readonly pod: Pod | undefined,
    override readonly message: Safe,
  ) {
    super(message);
  }
}
