import { setTimeout as delay } from "node:timers/promises";
import type { JobView } from "./job-view";

/**
 * Sends a job's result, and sends it again if the answer is not 200:
 * https://docs.runpod.io/serverless/endpoints/send-requests#webhook-notifications
 * @param pauseMs real milliseconds between two tries
 */
export async function sendWebhook(url: string, view: JobView, pauseMs: number): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await isReceived(url, view)) {
      return true;
    }
    if (attempt < ATTEMPTS) {
      await delay(pauseMs, undefined, { ref: false });
    }
  }
  return false;
}

export const WEBHOOK_PAUSE_MS = 10_000;
const ATTEMPTS = 3;
const TIMEOUT_MS = 10_000;

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
