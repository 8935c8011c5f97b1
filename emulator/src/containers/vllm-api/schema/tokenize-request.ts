import { isObject } from "../../values";
import { promptViolation } from "../rules";
import { chatMessage } from "./chat-message";
import { tools } from "./chat-request";
import { type Kind, list, model, optional, required, union, within } from "./kinds";
import { bool, int, str } from "./scalars";
import { template } from "./shared";

/** Source: vllm/entrypoints/serve/tokenize/protocol.py */
export const tokenizeRequest = union(
  model({
    model: optional(str),
    prompt: required(str),
    add_special_tokens: bool,
    return_token_strs: optional(bool),
  }),
  promptRuled(
    model({
      model: optional(str),
      messages: required(list(chatMessage)),
      return_token_strs: optional(bool),
      ...template,
      tools,
    }),
  ),
);

function promptRuled(kind: Kind): Kind {
  return {
    ...kind,
    check: (input, loc) => {
      const broken = isObject(input) ? promptViolation(input) : null;
      return broken === null ? kind.check(input, loc) : [{ ...broken, loc }];
    },
  };
}

export const detokenizeRequest = model({
  model: optional(str),
  tokens: required(list(within(int, { ge: 0, le: 2n ** 63n - 1n }))),
});
