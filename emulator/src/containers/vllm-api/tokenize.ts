import { textOf } from "../canned-answer";
import { type Fields, isObject } from "../values";
import { type Endpoint, malformedText } from "./errors";
import { checkBody } from "./fields";
import { detokenizeRequest, tokenizeRequest } from "./schema/tokenize-request";
import { type Call, servedName } from "./served";

/** `POST /tokenize`, of a prompt or of messages. */
export function tokenize(body: Fields, { served }: Call, endpoint: Endpoint): Response {
  checkBody(body, tokenizeRequest, endpoint);
  servedName(served, body["model"]);
  const { prompt, messages } = body;
  const text =
    typeof prompt === "string"
      ? prompt
      : (messages as unknown[])
          .map((message) => textOf(isObject(message) ? message["content"] : ""))
          .join("\n");
  const { vocabulary } = served;
  const pieces = vocabulary.split(text);
  return Response.json({
    count: pieces.length,
    max_model_len: served.maxModelLen,
    tokens: pieces.map((piece) => vocabulary.idOf(piece)),
    token_strs: body["return_token_strs"] === true ? pieces : null,
  });
}

/** `POST /detokenize`, the inverse. */
export function detokenize(body: Fields, { served }: Call, endpoint: Endpoint): Response {
  checkBody(body, detokenizeRequest, endpoint);
  servedName(served, body["model"]);
  const tokens = (body["tokens"] as unknown[]).map(Number);
  if (tokens.some((token) => token > MAX_TOKEN)) {
    throw malformedText("out of range integral type conversion attempted");
  }
  return Response.json({ prompt: served.vocabulary.text(tokens) });
}

/** The tokenizer counts in 32 bits. */
const MAX_TOKEN = 2 ** 32 - 1;
