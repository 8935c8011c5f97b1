import { type Safe, safe } from "@runpod-stack/kit";
import { formatDuration, parseDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import type { ServerlessEndpointProperties, Stored } from "../../schema";
import type { Context } from "../lifecycle/context";

const AGAIN_MS = 5_000;

/** How long the number of queued jobs is asked for, which is only shown. */
const QUEUE_MS = 5_000;

/**
 * Lets running jobs finish before an endpoint is deleted, which would cancel them: takes its workers
 * away, and waits for those that have a job, until `drainTimeout`. Nothing here may prevent the
 * deletion.
 */
export async function drain(
  context: Context,
  id: string,
  outputs: Stored<ServerlessEndpointProperties>,
): Promise<void> {
  const limit = parseDuration(outputs["drainTimeout"]) ?? 0;
  if (limit === 0) {
    return;
  }
  const what = safe`endpoint '${outputs["name"]}' (${id})`;
  const busy = await workersOf(context, id);
  if (busy !== undefined && busy.total > 0 && (await isParked(context, id))) {
    await awaitJobs(context, id, what, busy.running, limit);
  }
  if (outputs["type"] !== "LOAD_BALANCER") {
    await reportQueue(context, id, what);
  }
}

/** Takes the workers away. False if RunPod rejects that. */
async function isParked({ api, endpoints }: Context, id: string): Promise<boolean> {
  const parked = await unlessFailed(api.endpoints.update(id, { workers: { min: 0, max: 0 } }));
  if (parked !== undefined) {
    endpoints.put(parked);
  }
  return parked !== undefined;
}

async function awaitJobs(
  context: Context,
  id: string,
  what: Safe,
  atFirst: number,
  limit: number,
): Promise<void> {
  const { clock, say } = context;
  const deadline = clock.monotonic() + limit;
  const workers = (count: number) => `${count} ${count === 1 ? "worker" : "workers"}`;
  let running = atFirst;
  if (running > 0) {
    say(
      safe`${what}: waiting up to ${formatDuration(limit)} for ${workers(running)} to finish their jobs`,
    );
  }
  while (running > 0) {
    if (clock.monotonic() >= deadline) {
      say(
        safe`${what}: ${workers(running)} had not finished after ${formatDuration(limit)}; deleting it anyway. Set drainTimeout to wait longer`,
      );
      return;
    }
    await clock.sleep(Math.min(AGAIN_MS, deadline - clock.monotonic()));
    running = (await workersOf(context, id))?.running ?? 0;
  }
}

/** Shows how many jobs the deletion cancels, if that can be found out quickly. */
async function reportQueue({ api, clock, say }: Context, id: string, what: Safe): Promise<void> {
  const queued = await unlessFailed(
    api.jobs.queued(id, { deadline: clock.monotonic() + QUEUE_MS, onProgress: () => {} }),
  );
  if (queued !== undefined && queued > 0) {
    say(safe`${what}: ${queued} queued ${queued === 1 ? "job is" : "jobs are"} canceled`);
  }
}

/** How many workers an endpoint has, and how many of them have a job; undefined if that is not known. */
async function workersOf(
  { api }: Context,
  id: string,
): Promise<{ readonly total: number; readonly running: number } | undefined> {
  const found = await unlessFailed(api.endpoints.workers(id));
  if (found === undefined) {
    return undefined;
  }
  const { summary, workers = [] } = found;
  const running = workers.filter(({ status }) => status === "RUNNING").length;
  return { total: summary?.total ?? workers.length, running: summary?.running ?? running };
}

/** The answer to a call; undefined if it fails. */
async function unlessFailed<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isRunpodError(error)) {
      return undefined;
    }
    throw error;
  }
}
