import { safe } from "@runpod-stack/kit";
import { formatDuration } from "../../core/duration";
import type { Context } from "../lifecycle/context";
import { short, showProgress } from "../lifecycle/progress";
import { BalancedRequest } from "./balanced";
import { JobRequest } from "./job";
import { type Answered, NotReady, type Wait } from "./ready";
import { WorkerWatch } from "./worker-watch";

const STAYS = "the endpoint stays in the state";

/**
 * Sends one request and waits until it is answered as expected. Whether the endpoint exists and may
 * have workers comes from the list that all waits share. Workers and their logs are read rarely,
 * since each read is an API call.
 * @throws NotReady as soon as it is clear that it will not be, or on a timeout
 */
export async function waitUntilAnswered(context: Context, wait: Wait): Promise<Answered> {
  const begun = context.clock.monotonic();
  const elapsed = () => context.clock.monotonic() - begun;
  const workers = new WorkerWatch(context, wait);
  const request =
    wait.path === undefined
      ? new JobRequest(context, wait, workers)
      : new BalancedRequest(context, wait, workers);
  const what = wait.path === undefined ? safe`a job` : safe`a request to ${wait.path}`;
  context.progress(
    wait.row,
    safe`waiting up to ${formatDuration(wait.timeout)} for endpoint ${wait.endpointId} to answer ${what}; press Ctrl-C once to stop after this wait, twice to stop now; ${STAYS} either way`,
    true,
  );
  const stopShowing = showProgress(
    context,
    wait.row,
    STAYS,
    () => safe`${short(elapsed())} ${request.doing}; ${workers.doing}`,
  );
  try {
    for (;;) {
      const endpoint = await workers.check(elapsed(), request.isTaken);
      if (endpoint === undefined) {
        await context.clock.sleep(wait.interval);
      } else {
        const answered = await request.next(endpoint);
        if (answered !== undefined) {
          context.progress(wait.row, safe`answered after ${short(elapsed())}`, true);
          return answered;
        }
      }
      if (elapsed() >= wait.timeout) {
        throw new NotReady(endpoint, await workers.timeoutText(request.doing));
      }
    }
  } finally {
    stopShowing();
    await request.abandon();
  }
}
