import type { Fields } from "./values";

/** Server-sent events, written one by one as they are read. */
export function eventStream(frames: Iterator<string, void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = frames.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(encoder.encode(value));
      }
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** One event without a name. */
export function frame(data: unknown): string {
  return `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

/** One event whose name is its data's type. */
export function namedFrame(data: Fields & { type: string }): string {
  return `event: ${data.type}\n${frame(data)}`;
}
