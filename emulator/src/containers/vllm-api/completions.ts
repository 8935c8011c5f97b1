import { cannedAnswer, countTokens } from "../canned-answer";
import { eventStream, frame } from "../events";
import { type Fields, isObject } from "../values";
import { badRequest, type Endpoint, malformed, notEmulated } from "./errors";
import { numberOf, violations } from "./fields";
import { allowedTokens, checkChoices, type Generation, generate, tokenUsage } from "./generation";
import { completionLogprobs } from "./logprobs";
import { completionViolation } from "./rules";
import { checkLogprobs, checkSampling, checkVocabulary } from "./sampling";
import { COMPLETION_REQUEST } from "./schema/completion-request";
import { type Call, fingerprint, servedName, type VllmServed } from "./served";
import { structuredText } from "./structured/structured-text";

/** `POST /v1/completions`. */
export function completions(body: Fields, call: Call, endpoint: Endpoint): Response {
  const broken = completionViolation(body);
  const found = broken === null ? violations(body, COMPLETION_REQUEST) : [broken];
  if (found.length > 0) {
    throw malformed(found, endpoint);
  }
  const completion = complete(body, call);
  const options = isObject(body["stream_options"]) ? body["stream_options"] : {};
  return body["stream"] === true
    ? eventStream(frames(completion, call, options["include_usage"] === true))
    : Response.json(whole(completion, call));
}

interface Completion {
  model: string;
  choices: readonly Generation[];
  promptTokens: number;
  /** How many alternatives to report for each token; null for no logprobs. */
  logprobs: number | null;
}

function complete(body: Fields, { served, onSent }: Call): Completion {
  const model = servedName(served, body["model"]);
  checkPrompt(body, served);
  const prompts = promptTexts(body["prompt"]);
  const n = numberOf(body, "n") ?? 1;
  checkChoices(prompts.length * n);
  const logprobs = numberOf(body, "logprobs");
  const limits = {
    name: "max_tokens",
    maxTokens: numberOf(body, "max_tokens") ?? DEFAULT_MAX_TOKENS,
    stop: body["stop"],
  };
  const choices = prompts.flatMap((prompt) => {
    const promptTokens = countTokens(prompt);
    const maxTokens = allowedTokens(limits, promptTokens, served.maxModelLen);
    checkSampling(body, maxTokens);
    checkLogprobs(body, logprobs ?? 0, served);
    checkVocabulary(body, served);
    const said = cannedAnswer(model, prompt);
    const generation = generate(structuredText(body, said) ?? said, limits.stop, maxTokens);
    served.statistics.record({ promptTokens, maxTokens, n, ...generation }, onSent);
    return Array.from({ length: n }, () => generation);
  });
  const promptTokens = prompts.reduce((sum, prompt) => sum + countTokens(prompt), 0);
  return { model, choices, promptTokens, logprobs };
}

const DEFAULT_MAX_TOKENS = 16;

function whole({ model, choices, promptTokens, logprobs }: Completion, call: Call): unknown {
  return {
    id: `cmpl-${call.id}`,
    object: "text_completion",
    created: call.created,
    model,
    choices: choices.map(({ tokens, finish, stopReason }, index) => ({
      index,
      text: tokens.join(""),
      logprobs: logprobs === null ? null : completionLogprobs(tokens, logprobs),
      finish_reason: finish,
      stop_reason: stopReason,
      token_ids: null,
      prompt_logprobs: null,
      prompt_token_ids: null,
      routed_experts: null,
    })),
    service_tier: null,
    system_fingerprint: fingerprint(call.served),
    usage: { ...usage(promptTokens, choices), prompt_tokens_details: null },
    kv_transfer_params: null,
  };
}

function* frames(
  { model, choices, promptTokens, logprobs }: Completion,
  call: Call,
  withUsage: boolean,
): Generator<string, void> {
  const { id, created } = call;
  const head = { id: `cmpl-${id}`, object: "text_completion", created, model };
  const system_fingerprint = fingerprint(call.served);
  for (const [index, { tokens, finish, stopReason }] of choices.entries()) {
    let offset = 0;
    const last = Math.max(0, tokens.length - 1);
    for (let place = 0; place <= last; place++) {
      const text = tokens[place] ?? "";
      const isLast = place === last;
      const choice = {
        index,
        text,
        logprobs:
          logprobs === null ? null : completionLogprobs([text], logprobs, { place, offset }),
        finish_reason: isLast ? finish : null,
        stop_reason: isLast ? stopReason : null,
        prompt_token_ids: null,
        token_ids: null,
      };
      offset += text.length;
      yield frame({
        ...head,
        choices: [choice],
        ...(isLast && !withUsage && { system_fingerprint }),
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

/** Source: `render_completion_request` of vllm/entrypoints/serve/render/serving.py, and vllm/v1/engine/input_processor.py */
function checkPrompt({ prompt, suffix, prompt_embeds: embeds }: Fields, served: VllmServed): void {
  if ((suffix ?? null) !== null) {
    throw badRequest("suffix is not currently supported");
  }
  if ((embeds ?? null) !== null) {
    throw notEmulated("prompt_embeds are not emulated.");
  }
  for (const one of Array.isArray(prompt) ? prompt : []) {
    const tokens = [one].flat();
    if (tokens.length === 0) {
      throw badRequest("The decoder prompt cannot be empty");
    }
    const largest = Math.max(...tokens.map((token) => (typeof token === "number" ? token : 0)));
    if (largest >= (served.vocabularySize ?? Number.POSITIVE_INFINITY)) {
      throw badRequest(`Token id ${largest} is out of vocabulary`);
    }
  }
}

/** One prompt or several, each as text or as the ids of its tokens. */
function promptTexts(prompt: unknown): string[] {
  const list = Array.isArray(prompt) ? prompt : [prompt];
  const isOneOfTokens = list.length > 0 && list.every((item) => typeof item === "number");
  return (isOneOfTokens ? [list] : list).map((item) =>
    typeof item === "string" ? item : [item].flat().join(" "),
  );
}
