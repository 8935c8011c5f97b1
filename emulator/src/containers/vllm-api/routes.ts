import type { Fields } from "../values";
import { chatBatch } from "./batch";
import { chat } from "./chat";
import { completions } from "./completions";
import { badRequest, type Endpoint, notEmulated } from "./errors";
import { countMessageTokens, messages } from "./messages";
import { metrics } from "./metrics";
import { models } from "./models";
import { classify, embeddings, pooling } from "./pooling/embeddings";
import { rerank, score } from "./pooling/scores";
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
  "/is_sleeping": () => Response.json({ is_sleeping: false }),
  "/is_paused": () => missing("/is_paused"),
  "/get_world_size": () => missing("/get_world_size"),
  "/server_info": () => missing("/server_info"),
  "/tokenizer_info": () => missing("/tokenizer_info"),
};

/** Routes that are posted to without a body. */
export const COMMANDS: Readonly<Record<string, () => Response>> = {
  "/ping": () => new Response(null),
  "/is_scaling_elastic_ep": () => Response.json({ is_scaling_elastic_ep: false }),
  "/reset_prefix_cache": () => new Response(null),
  "/reset_mm_cache": () => new Response(null),
  "/reset_encoder_cache": () => new Response(null),
  ...Object.fromEntries(
    [
      "/pause",
      "/resume",
      "/init_weight_transfer_engine",
      "/start_weight_update",
      "/update_weights",
      "/finish_weight_update",
      "/collective_rpc",
      "/sleep",
      "/wake_up",
      "/v1/load_lora_adapter",
      "/v1/unload_lora_adapter",
    ].map((path) => [path, () => missing(path)]),
  ),
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
      ["/pooling", "create_pooling", pooling],
      ["/classify", "create_classify", classify],
      ["/v1/embeddings", "create_embedding", embeddings],
      ["/v2/embed", "create_cohere_embedding", missingHere],
      ["/score", "create_score", score],
      ["/v1/score", "create_score_v1", score],
      ["/rerank", "do_rerank", rerank],
      ["/v1/rerank", "do_rerank_v1", rerank],
      ["/v2/rerank", "do_rerank_v2", rerank],
    ] as const
  ).map(([path, name, answer]) => [path, { path, name, answer }]),
);

/** SageMaker's route takes the bodies of two others, and asks for no key. */
function invocations(body: Fields, call: Call, endpoint: Endpoint): Response {
  if (call.served.ability !== "generate") {
    return invokePooling(body, call, endpoint);
  }
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

function invokePooling(body: Fields, call: Call, endpoint: Endpoint): Response {
  if ("query" in body) {
    return rerank(body, call, endpoint);
  }
  if (!("input" in body || "messages" in body)) {
    return score(body, call, endpoint);
  }
  return call.served.ability === "embed"
    ? embeddings(body, call, endpoint)
    : classify(body, call, endpoint);
}

function missingHere(_body: Fields, _call: Call, { path }: Endpoint): Response {
  return missing(path);
}

function missing(path: string): never {
  throw notEmulated(`${path} is a route of vLLM and is not emulated.`);
}
