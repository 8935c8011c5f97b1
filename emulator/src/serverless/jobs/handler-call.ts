import type { JobAnswer } from "../../containers/handlers/job-answer";
import { HANDLER_PORT } from "../../containers/handlers/job-handler";
import { findImage, VLLM_WORKERS } from "../../containers/images";
import type { Worker } from "../../state/endpoint";

/** Lets a worker's handler answer a job. */
export async function askHandler(worker: Worker, id: string, input: unknown): Promise<JobAnswer> {
  const request = new Request("http://worker/job", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, input }),
  });
  try {
    const response = await worker.container?.handle(request, HANDLER_PORT);
    return response?.ok ? ((await response.json()) as JobAnswer) : { error: "the worker is gone" };
  } catch (error) {
    return { error: `handler: ${(error as Error).message}` };
  }
}

/** How many jobs a worker takes at a time: a handler one, unless it is made for more. */
export function concurrencyOf({ settings }: Worker): number {
  if (!VLLM_WORKERS.includes(findImage(settings.image).repository)) {
    return 1;
  }
  const asked = Number(settings.env["MAX_CONCURRENCY"]);
  return Number.isInteger(asked) && asked > 0 ? asked : DEFAULT_CONCURRENCY;
}

/** Of RunPod's vLLM worker. */
const DEFAULT_CONCURRENCY = 30;
