import { cannedAnswer } from "../canned-answer";
import { eventStream, frame } from "../events";
import type { Fields } from "../values";
import type { Endpoint } from "./errors";
import { checkBody, numberOf } from "./fields";
import { allowedTokens, checkChoices, type Generation, generate, tokenUsage } from "./generation";
import { completionLogprobs } from "./logprobs";
import { checkPrompt, type Prompt, promptsOf } from "./prompts";
import { completionViolation } from "./rules";
import { checkLogprobs, checkSampling, checkVocabulary } from "./sampling";
import { completionRequest } from "./schema/completion-request";
import { type Call, fingerprint, servedName } from "./served";
import { ShownTokens } from "./shown-tokens";
import { structuredText } from "./structured/structured-text";

/** `POST /v1/completions`. */
export function completions(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, completionRequest, endpoint, completionViolation(body));
  const completion = complete(body, call);
  return body["stream"] === true
    ? eventStream(frames(completion, call))
    : Response.json(whole(completion, call));
}

interface Completion {
  model: string;
  choices: readonly Choice[];
  promptTokens: number;
  /** How many alternatives to report for each token; null for no logprobs. */
  logprobs: number | null;
  shown: ShownTokens;
  /** Whether the prompt is repeated before the answer. */
  echo: boolean;
}

interface Choice extends Generation {
  prompt: Prompt;
  /** What is shown of the answer: nothing if `max_tokens` is 0, which asks for the prompt alone. */
  said: readonly string[];
}

function complete(body: Fields, { served, onSent }: Call): Completion {
  const model = servedName(served, body["model"]);
  checkPrompt(body, served);
  const prompts = promptsOf(body["prompt"], served.vocabulary);
  const n = numberOf(body, "n") ?? 1;
  checkChoices(prompts.length * n);
  const logprobs = numberOf(body, "logprobs");
  const echo = body["echo"] === true;
  const asked = numberOf(body, "max_tokens") ?? DEFAULT_MAX_TOKENS;
  const isPromptOnly = echo && asked === 0;
  const limits = { name: "max_tokens", maxTokens: asked, stop: body["stop"] };
  const choices = prompts.flatMap((prompt) => {
    const promptTokens = prompt.pieces.length;
    const allowed = allowedTokens(limits, promptTokens, served.maxModelLen);
    const maxTokens = isPromptOnly ? 1 : allowed;
    checkSampling(body, maxTokens);
    checkLogprobs(body, logprobs ?? 0, served);
    checkVocabulary(body, served);
    const said = cannedAnswer(model, prompt.text);
    const generation = generate(structuredText(body, said) ?? said, limits.stop, maxTokens);
    served.statistics.record({ promptTokens, maxTokens, n, ...generation }, onSent);
    return Array.from({ length: n }, () => ({
      ...generation,
      prompt,
      said: isPromptOnly ? [] : generation.tokens,
    }));
  });
  const promptTokens = prompts.reduce((sum, { pieces }) => sum + pieces.length, 0);
  const shown = new ShownTokens(body, served.vocabulary);
  return { model, choices, promptTokens, logprobs, shown, echo };
}

const DEFAULT_MAX_TOKENS = 16;

function whole(completion: Completion, call: Call): unknown {
  const { model, choices, promptTokens, logprobs, shown, echo } = completion;
  return {
    id: `cmpl-${call.id}`,
    object: "text_completion",
    created: call.created,
    model,
    choices: choices.map(({ prompt, tokens, said, finish, stopReason }, index) => {
      const repeated = echo ? prompt.pieces : [];
      const begin = { place: 0, offset: 0, isPrompt: echo };
      return {
        index,
        text: echoedText(completion, prompt) + said.join(""),
        logprobs:
          logprobs === null
            ? null
            : completionLogprobs([...repeated, ...said], logprobs, begin, shown.show),
        finish_reason: finish,
        stop_reason: stopReason,
        token_ids: shown.numbers(tokens),
        prompt_logprobs: shown.promptLogprobs(prompt.pieces),
        prompt_token_ids: shown.ids ? prompt.ids() : null,
        routed_experts: null,
      };
    }),
    service_tier: null,
    system_fingerprint: fingerprint(call.served),
    usage: { ...usage(promptTokens, choices), prompt_tokens_details: null },
    kv_transfer_params: null,
  };
}

/** The prompt before the answer; not with `return_token_ids`, which has the prompt's own. */
function echoedText({ echo, shown }: Completion, { text }: Prompt): string {
  return echo && !shown.ids ? text : "";
}

function* frames(completion: Completion, call: Call): Generator<string, void> {
  const { model, choices, promptTokens, logprobs, shown, echo } = completion;
  const { withUsage } = shown;
  const { id, created } = call;
  const head = { id: `cmpl-${id}`, object: "text_completion", created, model };
  const system_fingerprint = fingerprint(call.served);
  for (const [index, { prompt, tokens, said, finish, stopReason }] of choices.entries()) {
    let offset = 0;
    const last = Math.max(0, tokens.length - 1);
    for (let place = 0; place <= last; place++) {
      const text = said[place] ?? "";
      const isLast = place === last;
      const isFirst = place === 0;
      const repeated = echo && isFirst ? prompt.pieces : [];
      const begin = { place, offset, isPrompt: echo && isFirst };
      const choice = {
        index,
        text: (isFirst ? echoedText(completion, prompt) : "") + text,
        logprobs:
          logprobs === null
            ? null
            : completionLogprobs(
                [...repeated, ...said.slice(place, place + 1)],
                logprobs,
                begin,
                shown.show,
              ),
        finish_reason: isLast ? finish : null,
        stop_reason: isLast ? stopReason : null,
        prompt_token_ids: isFirst && (echo || shown.ids) ? prompt.ids() : null,
        token_ids: shown.numbers(tokens.slice(place, place + 1)),
      };
      offset += text.length;
      yield frame({
        ...head,
        choices: [choice],
        ...(isLast && !withUsage && { system_fingerprint }),
        ...shown.usageSoFar(prompt.pieces.length, Math.min(place + 1, tokens.length)),
      });
    }
  }
  if (withUsage) {
    yield frame({ ...head, choices: [], usage: usage(promptTokens, choices), system_fingerprint });
  }
  yield frame("[DONE]");
}

function usage(promptTokens: number, choices: readonly Generation[]) {
  return tokenUsage(
    promptTokens,
    choices.reduce((sum, { tokens }) => sum + tokens.length, 0),
  );
}
