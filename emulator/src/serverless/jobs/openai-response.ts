import type { World } from "../../state/world";
import { hold } from "../hold";
import { type Job, yielded } from "./job";
import type { JobQueue } from "./job-queue";
import { jobView } from "./job-view";

/** RunPod documents no limit; a client gives up earlier. */
const LONGEST_WAIT_MS = 600_000;

/**
 * The answer to a request that the platform has passed on as a job: the handler's only chunk or its
 * output as JSON, chunks of text as they come, and 500 for a job that failed.
 */
export async function openaiResponse(
  world: World,
  queue: JobQueue,
  job: Job,
  signal: AbortSignal,
): Promise<Response> {
  const patience = { ms: LONGEST_WAIT_MS, signal };
  /** Chunks from the nth on, once there are any or there will be no more. */
  const chunksFrom = (place: number) =>
    hold(world, patience, async () => {
      await queue.settled();
      const chunks = yielded(job, world.clock.now()).slice(place);
      return chunks.length > 0 || job.end || queue.isGone(job) ? chunks : undefined;
    });
  const [first] = (await chunksFrom(0)) ?? [];
  if (typeof first === "string") {
    return streamed(chunksFrom);
  }
  await hold(world, patience, () => job.end ?? queue.isGone(job));
  await queue.settled();
  const { status, error, output } = jobView(job);
  if (status !== "COMPLETED") {
    return Response.json({ error: error ?? `the job is ${status}` }, { status: 500 });
  }
  const isOne = first !== undefined && Array.isArray(output) && output.length === 1;
  return Response.json(isOne ? first : (output ?? null));
}

function streamed(
  chunksFrom: (place: number) => Promise<readonly unknown[] | undefined>,
): Response {
  const encoder = new TextEncoder();
  let place = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunks = (await chunksFrom(place)) ?? [];
      place += chunks.length;
      if (chunks.length === 0) {
        controller.close();
      } else {
        controller.enqueue(encoder.encode(chunks.map(asText).join("")));
      }
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function asText(chunk: unknown): string {
  return typeof chunk === "string" ? chunk : `data: ${JSON.stringify(chunk)}\n\n`;
}
