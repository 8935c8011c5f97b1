import { z } from "zod";
import type { CallOptions, HttpClient } from "../http/client";
import { path } from "../http/path";
import { objectReader } from "./reader";

/** What a job is asked. */
export interface JobRequest {
  readonly input: unknown;
  /** How long the job may exist, in milliseconds, whatever its state. */
  readonly ttlMs?: number;
}

/** A serverless job. RunPod may add statuses. */
export interface Job {
  readonly id: string;
  readonly status:
    | "IN_QUEUE"
    | "IN_PROGRESS"
    | "COMPLETED"
    | "FAILED"
    | "CANCELLED"
    | "TIMED_OUT"
    | (string & Record<never, never>);
  readonly output?: unknown;
  readonly error?: unknown;
  /** Milliseconds in the queue. */
  readonly delayTime?: number;
  /** Milliseconds that the worker had it. */
  readonly executionTime?: number;
  /** The worker that had it, if RunPod reports it. */
  readonly workerId?: string;
}

/** The jobs of queues. All methods throw RunpodError. */
export interface JobsApi {
  /** Puts a job into the queue. */
  run(endpointId: string, request: JobRequest, options?: CallOptions): Promise<Job>;
  /** @throws RunpodError "notFound" for a job that RunPod has removed */
  status(endpointId: string, jobId: string, options?: CallOptions): Promise<Job>;
  cancel(endpointId: string, jobId: string, options?: CallOptions): Promise<void>;
  /** How many jobs wait in the queue; undefined if RunPod does not report it. */
  queued(endpointId: string, options?: CallOptions): Promise<number | undefined>;
}

const optional = <T>(type: z.ZodType<T>) => type.nullish().transform((value) => value ?? undefined);
const zJob = z.object({
  id: z.string(),
  status: z.string(),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
  delayTime: optional(z.number()),
  executionTime: optional(z.number()),
  workerId: optional(z.string()),
});

const zHealth = z.object({ jobs: z.object({ inQueue: z.number() }) });

/** @param client that of the API of serverless jobs, which is made when it is first needed */
export function jobs(client: () => HttpClient, log: (text: string) => void): JobsApi {
  const read = objectReader<Job>("job", zJob, log);
  return {
    async run(endpointId, { input, ttlMs }, options) {
      const operation = `sending a job to endpoint ${endpointId}`;
      const body = { input, ...(ttlMs !== undefined && { policy: { ttl: ttlMs } }) };
      const call = { ...options, method: "POST", path: path`/${endpointId}/run`, body } as const;
      return read((await client().request({ ...call, operation })).body, operation);
    },
    async status(endpointId, jobId, options) {
      const operation = `reading job ${jobId} of endpoint ${endpointId}`;
      const at = path`/${endpointId}/status/${jobId}`;
      const call = { ...options, method: "GET", path: at, operation } as const;
      return read((await client().request(call)).body, operation);
    },
    async cancel(endpointId, jobId, options) {
      const operation = `canceling job ${jobId} of endpoint ${endpointId}`;
      const at = path`/${endpointId}/cancel/${jobId}`;
      // Canceling twice is as good as once.
      const call = { ...options, method: "POST", path: at, operation, isIdempotent: true } as const;
      await client().request({ ...call, priority: "delete" });
    },
    async queued(endpointId, options) {
      const operation = `reading the health of endpoint ${endpointId}`;
      const at = path`/${endpointId}/health`;
      const call = { ...options, method: "GET", path: at, operation } as const;
      const { body } = await client().request(call);
      return zHealth.safeParse(body).data?.jobs.inQueue;
    },
  };
}
