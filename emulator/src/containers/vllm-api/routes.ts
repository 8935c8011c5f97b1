import type { Fields } from "../values";
import { chatBatch } from "./batch";
import { chat } from "./chat";
import { completions } from "./completions";
import { badRequest, type Endpoint, notEmulated } from "./errors";
import { countMessageTokens, messages } from "./messages";
import { metrics } from "./metrics";
import { models } from "./models";
import { responses } from "./responses";
import type { Call, VllmServed } from "./served";
import { detokenize, tokenize } from "./tokenize";

/** A route that reads a body. */
export interface Posted extends Endpoint {
  answer(body: Fields, call: Call, endpoint: Endpoint): Response;
}

/** Routes that are only read. FastAPI answers HEAD with 405 there. */
export const READ: Readonly<Record<string, (served: VllmServed, startedAt: number) => Response>> = {
  "/health": () => new Response(null),
  "/ping": () => new Response(null),
  "/load": () => Response.json({ server_load: 0 }),
  "/version": ({ version }) => Response.json({ version }),
  "/metrics": metrics,
  "/v1/models": models,
};

/** Routes with a body, and the function that FastAPI's errors name. */
export const POSTED: Readonly<Record<string, Posted>> = Object.fromEntries(
  (
    [
      ["/v1/chat/completions", "create_chat_completion", chat],
      ["/v1/completions", "create_completion", completions],
      ["/v1/responses", "create_responses", responses],
      ["/v1/messages", "create_messages", messages],
      ["/v1/messages/count_tokens", "count_tokens", countMessageTokens],
      ["/invocations", "invocations", invocations],
      ["/tokenize", "tokenize", tokenize],
      ["/detokenize", "detokenize", detokenize],
      ["/generative_scoring", "create_generative_scoring", missingHere],
      ["/inference/v1/generate", "generate", missingHere],
      ["/scale_elastic_ep", "scale_elastic_ep", missingHere],
      ["/v1/chat/completions/batch", "create_batch_chat_completion", chatBatch],
      ["/v1/chat/completions/render", "render_chat_completion", missingHere],
      ["/v1/chat/completions/derender", "derender_chat_completion", missingHere],
      ["/v1/completions/render", "render_completion", missingHere],
      ["/v1/completions/derender", "derender_completion", missingHere],
    ] as const
  ).map(([path, name, answer]) => [path, { path, name, answer }]),
);

/** SageMaker's route takes the bodies of two others, and asks for no key. */
function invocations(body: Fields, call: Call, endpoint: Endpoint): Response {
  if (Array.isArray(body["messages"])) {
    return chat(body, call, endpoint);
  }
  if (body["prompt"]) {
    return completions(body, call, endpoint);
  }
  throw badRequest(
    "Cannot find suitable handler for request. Expected one of: ['ChatCompletionRequest', 'CompletionRequest']",
  );
}

function missingHere(_body: Fields, _call: Call, { path }: Endpoint): Response {
  throw notEmulated(`${path} is a route of vLLM and is not emulated.`);
}
