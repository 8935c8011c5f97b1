import { safe } from "@runpod-stack/kit";
import { formatDuration, parseDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import type { ServerlessEndpointProperties, Stored } from "../../schema";
import type { Context } from "../lifecycle/context";

const AGAIN_MS = 5_000;

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
  const { api, clock, say } = context;
  const limit = parseDuration(outputs["drainTimeout"]) ?? 0;
  const deadline = clock.monotonic() + limit;
  const busy = limit === 0 ? undefined : await workersOf(context, id);
  if (busy === undefined || busy.total === 0) {
    return;
  }
  const what = `endpoint '${outputs["name"]}' (${id})`;
  try {
    context.endpoints.put(await api.endpoints.update(id, { workers: { min: 0, max: 0 } }));
  } catch (error) {
    if (isRunpodError(error)) {
      return;
    }
    throw error;
  }
  let running = busy.running;
  for (let isShown = false; running > 0; isShown = true) {
    if (!isShown) {
      say(
        safe`${what}: waiting up to ${formatDuration(limit)} for ${running} ${running === 1 ? "worker" : "workers"} to finish their jobs; queued jobs are canceled`,
      );
    }
    if (clock.monotonic() >= deadline) {
      say(
        safe`${what}: ${running} ${running === 1 ? "worker still has a job" : "workers still have jobs"} after ${formatDuration(limit)}; deleting it anyway. Set drainTimeout to wait longer`,
      );
      return;
    }
    await clock.sleep(Math.min(AGAIN_MS, deadline - clock.monotonic()));
    running = (await workersOf(context, id))?.running ?? 0;
  }
}

/** How many workers an endpoint has, and how many of them have a job; undefined if that is not known. */
async function workersOf(
  { api }: Context,
  id: string,
): Promise<{ readonly total: number; readonly running: number } | undefined> {
  try {
    const { summary, workers = [] } = await api.endpoints.workers(id);
    const running = workers.filter(({ status }) => status === "RUNNING").length;
    return { total: summary?.total ?? workers.length, running: summary?.running ?? running };
  } catch (error) {
    if (isRunpodError(error)) {
      return undefined;
    }
    throw error;
  }
}
