import { ApiError } from "../../core/problem";
import { RateLimiter } from "../../http/rate-limit";

/** The operations of a queue-based endpoint whose use RunPod limits. */
export type Operation =
  | "run"
  | "runsync"
  | "status"
  | "stream"
  | "cancel"
  | "purge-queue"
  | "openai"
  | "requests";

interface Limit {
  /** Requests in ten seconds. */
  quota: number;
  /** Requests at the same time; absent for any number. */
  concurrent?: number;
}

/** https://docs.runpod.io/serverless/endpoints/send-requests#rate-limits */
const LIMITS: Readonly<Record<Operation, Limit>> = {
  run: { quota: 1000, concurrent: 200 },
  runsync: { quota: 2000, concurrent: 400 },
  status: { quota: 2000, concurrent: 400 },
  stream: { quota: 2000, concurrent: 400 },
  cancel: { quota: 100, concurrent: 20 },
  "purge-queue": { quota: 2 },
  openai: { quota: 2000, concurrent: 400 },
  requests: { quota: 10, concurrent: 2 },
};

const WINDOW_S = 10;

/**
 * RunPod's limits for the operations of one endpoint. The live limits grow with the number of running
 * workers, by an amount that is not documented.
 */
export class JobLimits {
  private readonly limiters = new Map<Operation, RateLimiter>();
  private readonly open = new Map<Operation, number>();

  constructor(private readonly wall: () => number) {}

  /** Counts a request until the returned function is called. @throws 429 beyond a limit */
  enter(operation: Operation): () => void {
    const { quota, concurrent = Number.POSITIVE_INFINITY } = LIMITS[operation];
    const open = this.open.get(operation) ?? 0;
    if (open >= concurrent) {
      throw tooMany(`${concurrent} concurrent requests`, operation);
    }
    if (this.limiter(operation, quota).take(operation).exceeded) {
      throw tooMany(`${quota} requests per ${WINDOW_S} seconds`, operation);
    }
    this.open.set(operation, open + 1);
    return () => this.open.set(operation, (this.open.get(operation) ?? 1) - 1);
  }

  private limiter(operation: Operation, quota: number): RateLimiter {
    const known = this.limiters.get(operation);
    const limiter = known ?? new RateLimiter([{ quota, seconds: WINDOW_S }], this.wall);
    this.limiters.set(operation, limiter);
    return limiter;
  }
}

function tooMany(limit: string, operation: Operation): ApiError {
  return new ApiError(429, `too many requests: /${operation} allows ${limit}`);
}
