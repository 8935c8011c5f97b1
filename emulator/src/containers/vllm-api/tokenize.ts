import { CHARACTERS_PER_TOKEN, textOf } from "../canned-answer";
import { type Fields, isObject } from "../values";
import { missing } from "./body";
import { type Endpoint, malformed } from "./errors";
import { type Call, servedName } from "./served";

/** `POST /tokenize`, of a prompt or of messages. */
export function tokenize(body: Fields, { served }: Call, endpoint: Endpoint): Response {
  const { prompt, messages } = body;
  if (typeof prompt !== "string" && !Array.isArray(messages)) {
    const loc = ["body", "TokenizeCompletionRequest", "prompt"];
    throw malformed([missing(loc, body)], endpoint);
  }
  servedName(served, body["model"]);
  const text =
    typeof prompt === "string"
      ? prompt
      : (messages as unknown[])
          .map((message) => textOf(isObject(message) ? message["content"] : ""))
          .join("\n");
  const pieces = Array.from({ length: Math.ceil(text.length / CHARACTERS_PER_TOKEN) }, (_, index) =>
    text.slice(index * CHARACTERS_PER_TOKEN, (index + 1) * CHARACTERS_PER_TOKEN),
  );
  return Response.json({
    count: pieces.length,
    max_model_len: served.maxModelLen,
    tokens: pieces.map(tokenId),
    token_strs: body["return_token_strs"] === true ? pieces : null,
  });
}

const VOCABULARY = 151_643;

/** The same for the same piece. */
function tokenId(piece: string): number {
  let id = 0;
  for (let index = 0; index < piece.length; index++) {
    id = (id * 31 + piece.charCodeAt(index)) % VOCABULARY;
  }
  return id;
}
