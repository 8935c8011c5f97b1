import { architectureOf } from "./architectures";
import { cannedAnswer, countTokens } from "./canned-answer";
import type { OwnRoute, ServedModel } from "./served-model";
import { isObject } from "./values";

const info: OwnRoute = { method: "GET", answer: (model) => Response.json(modelInfo(model)) };
const server: OwnRoute = {
  method: "GET",
  answer: (model) =>
    Response.json({
      model_path: model.root,
      served_model_name: model.names[0],
      context_length: model.maxModelLen,
      max_total_num_tokens: model.capacity?.cacheTokens ?? null,
      internal_states: [{}],
      version: model.version,
    }),
};

/** SGLang's own routes (entrypoints/http_server.py of 0.5.10), with the fields that clients read. */
export const SGLANG_ROUTES: Readonly<Record<string, OwnRoute>> = {
  "/health_generate": { method: "GET", answer: () => new Response("") },
  "/model_info": info,
  "/get_model_info": info,
  "/server_info": server,
  "/get_server_info": server,
  "/generate": { method: "POST", answer: generate },
};

function modelInfo({ root }: ServedModel): unknown {
  const architecture = architectureOf(root);
  return {
    model_path: root,
    tokenizer_path: root,
    is_generation: true,
    preferred_sampling_params: null,
    weight_version: "default",
    has_image_understanding: false,
    has_audio_understanding: false,
    ...(architecture === null ? {} : { architectures: [architecture] }),
  };
}

async function generate(model: ServedModel, request: Request): Promise<Response> {
  const body: unknown = await request.json().catch(() => undefined);
  const text = isObject(body) ? body["text"] : undefined;
  const ids = isObject(body) ? body["input_ids"] : undefined;
  if (typeof text !== "string" && !Array.isArray(ids)) {
    const message = "Either text, input_ids or input_embeds should be provided.";
    return Response.json({ error: { message } }, { status: 400 });
  }
  if (isObject(body) && body["stream"] === true) {
    const message = "The emulator does not stream /generate";
    return Response.json({ error: { message } }, { status: 501 });
  }
  const prompt = typeof text === "string" ? text : "";
  const answer = cannedAnswer(model.names[0] ?? model.root, prompt);
  return Response.json({
    text: answer,
    meta_info: {
      id: "0".repeat(32),
      finish_reason: { type: "stop" },
      prompt_tokens: Array.isArray(ids) ? ids.length : countTokens(prompt),
      completion_tokens: countTokens(answer),
    },
  });
}
