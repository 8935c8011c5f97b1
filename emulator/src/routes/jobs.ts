import { type Context, Hono } from "hono";
import { ApiError, notFound } from "../core/problem";
import type { Env, Services } from "../http/services";
import { endpointOfType, ownEndpoint } from "../serverless/create";
import { hold } from "../serverless/hold";
import { type Job, stateOf, yielded } from "../serverless/jobs/job";
import type { Operation } from "../serverless/jobs/job-limits";
import type { JobQueue } from "../serverless/jobs/job-queue";
import { openaiJob, readJob } from "../serverless/jobs/job-request";
import { jobView } from "../serverless/jobs/job-view";
import { openaiResponse } from "../serverless/jobs/openai-response";
import { watch } from "../serverless/jobs/watch";
import { requestArrived } from "../serverless/life";
import { limitsOf, queueOf } from "../serverless/requests";
import { healthWorkers } from "../serverless/worker-view";
import type { Endpoint } from "../state/endpoint";
import type { World } from "../state/world";

const SYNC_WAIT_MS = 90_000;
const STREAM_WAIT_MS = 10_000;
const OPENAI = "/openai/";
const WAIT_MS = { least: 1_000, most: 300_000 };

/** One call of an operation on a queue. */
interface Call {
  c: Context<Env>;
  endpoint: Endpoint;
  queue: JobQueue;
}

/**
 * `/serverless/v2/{endpointId}/…`, for `https://api.runpod.ai/v2/{endpointId}/…`, by
 * https://docs.runpod.io/serverless/endpoints/operation-reference
 */
export function jobRoutes(services: Services): Hono<Env> {
  const { world } = services;
  const app = new Hono<Env>();

  /** Answers an operation within its limits, with JSON unless it makes a response itself. */
  const on =
    (operation: Operation | null, answer: (call: Call) => object | Promise<object>) =>
    async (c: Context<Env>) => {
      const endpoint = queueEndpoint(c);
      const leave = operation && services.limiter && limitsOf(world, endpoint).enter(operation);
      try {
        const queue = queueOf(world, endpoint);
        await queue.settled();
        const body = await answer({ c, endpoint, queue });
        return body instanceof Response ? body : Response.json(body);
      } finally {
        leave?.();
      }
    };

  app.post(
    "/:id/run",
    on("run", (call) => {
      const { id } = submit(world, call, false);
      return { id, status: "IN_QUEUE" };
    }),
  );

  app.post(
    "/:id/runsync",
    on("runsync", (call) => whenEnded(world, call, submit(world, call, true))),
  );

  app.get(
    "/:id/status/:jobId",
    on("status", (call) => {
      const job = findJob(world, call);
      const ttl = Number(call.c.req.query("ttl"));
      if (ttl > 0) {
        call.queue.limit(job, ttl, world.clock.now());
      }
      return jobView(job);
    }),
  );

  // What RunPod's JavaScript library asks while it waits.
  app.get(
    "/:id/status-sync/:jobId",
    on("status", (call) => whenEnded(world, call, findJob(world, call))),
  );

  app.get(
    "/:id/stream/:jobId",
    on("stream", (call) => nextChunks(world, call, findJob(world, call))),
  );

  app.post(
    "/:id/cancel/:jobId",
    on("cancel", (call) => {
      const job = findJob(world, call);
      call.queue.cancel(job, world.clock.now());
      return { id: job.id, status: stateOf(job) };
    }),
  );

  app.post(
    "/:id/retry/:jobId",
    on(null, (call) => {
      const job = findJob(world, call);
      const state = stateOf(job);
      if (state !== "FAILED" && state !== "TIMED_OUT") {
        throw new ApiError(400, `job ${job.id} is ${state}: only a failed job can be retried`);
      }
      call.queue.retry(job, world.clock.now());
      requestArrived(world, call.endpoint);
      return { id: job.id, status: "IN_QUEUE" };
    }),
  );

  app.post(
    "/:id/purge-queue",
    on("purge-queue", ({ queue }) => ({ removed: queue.purge(), status: "completed" })),
  );

  app.get(
    "/:id/requests",
    on("requests", ({ queue }) => ({ requests: queue.list(world.clock.now()).map(jobView) })),
  );

  app.on(
    ["GET", "POST"],
    "/:id/openai/*",
    on("openai", async ({ c, endpoint, queue }) => {
      const route = c.req.path.slice(c.req.path.indexOf(OPENAI) + OPENAI.length - 1);
      const body = c.req.method === "GET" ? undefined : c.get("body");
      const job = queue.add(openaiJob(route, body), world.clock.now());
      requestArrived(world, endpoint);
      return openaiResponse(world, queue, job, c.req.raw.signal);
    }),
  );

  app.get("/:id/health", async (c) => {
    const endpoint = ownEndpoint(c.get("account"), c.req.param("id"));
    const workers = healthWorkers(endpoint);
    if (endpoint.type !== "QUEUE") {
      return c.json({ jobs: NO_JOBS, workers });
    }
    const queue = queueOf(world, endpoint);
    await queue.settled();
    return c.json({ jobs: queue.counts(), workers });
  });

  return app;
}

const NO_JOBS = { completed: 0, failed: 0, inProgress: 0, inQueue: 0, retried: 0 };

function submit(world: World, { c, endpoint, queue }: Call, isSync: boolean): Job {
  const job = queue.add(readJob(c.get("body"), isSync), world.clock.now());
  requestArrived(world, endpoint);
  if (job.request.webhook !== null) {
    watch(world, endpoint, queue);
  }
  return job;
}

/** The job once it has ended, or as it is at the end of the wait. */
async function whenEnded(world: World, { c, queue }: Call, job: Job): Promise<object> {
  const patience = { ms: waitOf(c, SYNC_WAIT_MS), signal: c.req.raw.signal };
  await hold(world, patience, () => job.end ?? queue.isGone(job));
  await queue.settled();
  if (queue.isGone(job)) {
    throw notFound("job", job.id);
  }
  return jobView(job);
}

/** What the job has yielded since the last call; waits while that is nothing. */
async function nextChunks(world: World, { c, queue }: Call, job: Job): Promise<object> {
  const fresh = () => yielded(job, world.clock.now()).slice(job.streamed);
  const patience = { ms: waitOf(c, STREAM_WAIT_MS), signal: c.req.raw.signal };
  await hold(world, patience, async () => {
    await queue.settled();
    return job.end ?? (fresh().length > 0 || queue.isGone(job));
  });
  const chunks = fresh();
  job.streamed += chunks.length;
  return { status: stateOf(job), stream: chunks.map((output) => ({ output })) };
}

function findJob(world: World, { c, queue }: Call): Job {
  const id = c.req.param("jobId") ?? "";
  const job = queue.find(id, world.clock.now());
  if (!job) {
    throw notFound("job", id);
  }
  return job;
}

function queueEndpoint(c: Context<Env>): Endpoint {
  return endpointOfType(c.get("account"), c.req.param("id") ?? "", "QUEUE");
}

/** `?wait` in milliseconds, within what RunPod allows. */
function waitOf(c: Context<Env>, usual: number): number {
  const asked = Number(c.req.query("wait") ?? usual);
  return Math.min(Math.max(asked || usual, WAIT_MS.least), WAIT_MS.most);
}
