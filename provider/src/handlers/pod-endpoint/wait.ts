import { type Safe, safe } from "@runpod-stack/kit";
import { formatDuration } from "../../core/duration";
import type { Context } from "../lifecycle/context";
import { secretsOf } from "../lifecycle/explanation";
import { short, showProgress } from "../lifecycle/progress";
import { ContainerWatch } from "./container-watch";
import { NotServing, type Serving, type Wait } from "./serving";
import { judge, modelList, type Verdict } from "./verdict";

const STAYS = "the pod stays in the state";
/** How often a wrong answer must be repeated before it counts, since services change as they start. */
const REPEATS = { short: 5, long: 24 } as const;

/**
 * Waits until the service answers as expected, several times in a row. The pod's status comes from
 * the list that all waits share. Logs are read rarely, since each read is an API call.
 * @throws NotServing as soon as it is clear that the service will not serve, or on a timeout
 */
export async function waitUntilServing(context: Context, wait: Wait): Promise<Serving> {
  const begun = context.clock.monotonic();
  const elapsed = () => context.clock.monotonic() - begun;
  const container = new ContainerWatch(context, wait);
  let good = 0;
  let wrong = 0;
  let seen = "no request yet";
  context.progress(
    wait.row,
    safe`waiting up to ${formatDuration(wait.timeout)} for ${wait.url}${wait.expected.path}; press Ctrl-C once to stop after this wait, twice to stop now; ${STAYS} either way`,
    true,
  );
  const stopShowing = showProgress(
    context,
    wait.row,
    STAYS,
    () => safe`${short(elapsed())} ${container.doing}, ${seen}`,
  );
  try {
    for (;;) {
      const pod = await container.check(elapsed());
      const answer = await context.probe(`${wait.url}${wait.expected.path}`, {
        bearer: wait.apiKey,
      });
      const verdict = judge(answer, wait.expected, secretsOf(pod));
      if (verdict.kind === "serving") {
        good += 1;
        wrong = 0;
        if (pod !== undefined && good >= wait.consecutive) {
          const what =
            verdict.models.length === 0
              ? safe`the service`
              : modelList(verdict.models, wait.expected, secretsOf(pod));
          context.progress(wait.row, safe`serving ${what} after ${short(elapsed())}`, true);
          return { models: verdict.models, pod };
        }
      } else {
        good = 0;
        wrong = verdict.kind === "wrong" ? wrong + 1 : 0;
        container.assertReachable(answer);
        if (verdict.kind === "wrong" && wrong >= REPEATS[verdict.patience]) {
          throw new NotServing(pod, safe`${wait.url}: ${verdict.text}. ${verdict.remedy}`);
        }
      }
      seen =
        verdict.kind === "serving"
          ? `serving ${good}/${wait.consecutive}`
          : `${answer.status ?? "no answer"}`;
      if (elapsed() >= wait.timeout) {
        throw new NotServing(
          pod,
          await container.timeoutText(answer, describe(verdict, good, wait)),
        );
      }
      await context.clock.sleep(Math.min(wait.interval, Math.max(wait.timeout - elapsed(), 0)));
    }
  } finally {
    stopShowing();
  }
}

function describe(verdict: Verdict, good: number, wait: Wait): Safe {
  return verdict.kind === "serving"
    ? safe`serving, ${good} of ${wait.consecutive} good answers in a row`
    : verdict.text;
}
