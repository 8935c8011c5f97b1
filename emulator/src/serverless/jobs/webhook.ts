import { setTimeout as delay } from "node:timers/promises";
import type { World } from "../../state/world";
import type { Job } from "./job";
import { type JobView, jobView } from "./job-view";

/**
 * Sends the results of jobs to their webhooks, and again if the answer is not 200:
 * https://docs.runpod.io/serverless/endpoints/send-requests#webhook-notifications
 */
export function webhookSender({ options, clock }: World): (job: Job) => void {
  const pauseMs = options.speed === "instant" ? 0 : PAUSE_MS / clock.pace;
  return (job) => {
    const { webhook } = job.request;
    if (webhook !== null) {
      void send(webhook, jobView(job), pauseMs);
    }
  };
}

const ATTEMPTS = 3;
const PAUSE_MS = 10_000;
const TIMEOUT_MS = 10_000;

async function send(url: string, view: JobView, pauseMs: number): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if ((await isReceived(url, view)) || attempt === ATTEMPTS) {
      return;
    }
    await delay(pauseMs, undefined, { ref: false });
  }
}

async function isReceived(url: string, view: JobView): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(view),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
