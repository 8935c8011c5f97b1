import { type Fields, isObject } from "../values";
import { badRequest, badValue } from "./errors";
import { pythonRepr } from "./python";
import type { VllmServed } from "./served";

/** Throws what vLLM has against parts of messages, by `_parse_chat_message_content_part` of vllm/entrypoints/chat_utils.py */
export function checkParts(messages: readonly Fields[], served: VllmServed): void {
  for (const { content } of messages) {
    for (const part of Array.isArray(content) ? content : []) {
      if (isObject(part)) {
        checkPart(part, served);
      }
    }
  }
}

function checkPart(part: Fields, served: VllmServed): void {
  const type = part["type"] ?? null;
  const media = MEDIA.find((name) => (type === null ? name in part : type === name));
  if (media !== undefined) {
    if (served.isTextOnly) {
      throw badRequest(`${served.names[0]} is not a multimodal model`);
    }
    return;
  }
  if (type === null) {
    throw badRequest("Missing 'type' field in multimodal part.");
  }
  if (typeof type !== "string") {
    throw badRequest("Invalid 'type' field in multimodal part.");
  }
  if (!TYPES.includes(type)) {
    throw badValue(
      `Unsupported chat content part type: ${pythonRepr(type)}. Supported types: ${TYPES.join(", ")}.`,
      "type",
      type,
    );
  }
}

const MEDIA = ["image_url", "input_image", "audio_url", "input_audio", "video_url"];
const TYPES = [
  "audio_embeds",
  "audio_url",
  "image_embeds",
  "image_pil",
  "image_url",
  "input_audio",
  "input_image",
  "input_text",
  "output_text",
  "prompt_embeds",
  "refusal",
  "text",
  "thinking",
  "tool_reference",
  "video_url",
];
