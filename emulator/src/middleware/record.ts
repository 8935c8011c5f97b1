import type { IncomingMessage } from "node:http";
import type { MiddlewareHandler } from "hono";
import { isObject } from "../containers/values";
import { parseJson } from "../core/json";
import { ApiError } from "../core/problem";
import type { Env, Services } from "../http/services";

const MIB = 1024 * 1024;
/** Ten times RunPod's limit. */
const MAX_BODY = MIB;
/** Other limits: RunPod's own, and for the proxy what requests with images need. */
const MAX_BODIES: readonly (readonly [path: RegExp, most: number])[] = [
  [/^\/proxy\//, 16 * MIB],
  [/^\/lb\//, 30 * MIB],
  [/^\/serverless\/v2\/[^/]+\/run$/, 10 * MIB],
  [/^\/serverless\/v2\/[^/]+\/(?:runsync$|openai\/)/, 20 * MIB],
];
/** Longer bodies are not recorded: a log of thousands of requests must fit into memory. */
const MAX_KEPT_BODY = 20_000;
const HIDDEN = [
  ["/v2/account/secrets", "value"],
  ["/v2/registries", "password"],
] as const;
const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request goes to a server in a container: it is private. */
function isPassedOn(path: string): boolean {
  return path.startsWith("/proxy/") || path.startsWith("/lb/");
}

/** Records every request and reads its body, unless it is too large. */
export function record({ requests }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { method, path } = c.req;
    const entry = c.get("entry");
    if (!path.startsWith("/_emulator/")) {
      requests.add(entry);
    }
    if (!BODILESS.has(method)) {
      const [, most] = MAX_BODIES.find(([pattern]) => pattern.test(path)) ?? [null, MAX_BODY];
      const bytes = await readBody(c.env.incoming, most);
      c.set("bytes", bytes);
      if (!isPassedOn(path)) {
        const text = bytes.toString();
        c.set("text", text);
        c.set("body", parseJson(text));
        if (text !== "" && text.length <= MAX_KEPT_BODY) {
          entry.body = withoutSecrets(path, c.get("body"), text);
        }
      }
    }
    return next();
  };
}

/** Nothing shows the value of a secret or the password of a registry. */
function withoutSecrets(path: string, body: unknown, text: string): unknown {
  const field = HIDDEN.find(([start]) => path.startsWith(start))?.[1];
  if (field !== undefined) {
    return isObject(body) ? { ...body, ...(field in body && { [field]: "[hidden]" }) } : "[hidden]";
  }
  const isHidden = path.startsWith("/graphql") && /password/i.test(text);
  return isHidden ? "[hidden]" : (body ?? text);
}

/** @throws 413 as soon as it is known to be larger, with a content-length or in chunks. */
async function readBody(incoming: IncomingMessage, most: number): Promise<Buffer<ArrayBuffer>> {
  const refusal = () => new ApiError(413, `request exceeds the limit of ${most} bytes`);
  if (Number(incoming.headers["content-length"] ?? 0) > most) {
    throw refusal();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying it would close the connection before the answer is sent.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > most) {
      throw refusal();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
