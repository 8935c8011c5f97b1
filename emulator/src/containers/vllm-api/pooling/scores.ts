import { textOf } from "../../canned-answer";
import { type Fields, isObject } from "../../values";
import { badRequest, type Endpoint } from "../errors";
import { checkBody, numberOf } from "../fields";
import { rerankRequest, SIDES, scoreRequest } from "../schema/pooling-request";
import { type Call, servedName } from "../served";
import { listed, measured, promptUsage } from "./inputs";
import { similarity } from "./vector";

/** `POST /score`. */
export function score(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, scoreRequest, endpoint);
  const model = servedName(call.served, body["model"]);
  const [left, right] = SIDES.find((sides) => sides.every((side) => side in body)) ?? SIDES[0];
  const pairs = pairsOf(body[left], body[right]);
  const inputs = pairs.map((pair) => measured(pair, body, call));
  const scores = pairs.map(([one, other]) => scoreOf(one, other, call));
  return listed(`score-${call.id}`, call, model, inputs, (_, index) => ({
    object: "score",
    score: scores[index],
  }));
}

/** `POST /rerank`, with the best document first. */
export function rerank(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, rerankRequest, endpoint);
  const model = servedName(call.served, body["model"]);
  const pairs = pairsOf(body["query"], body["documents"]);
  const { prompt_tokens, total_tokens } = promptUsage(
    pairs.map((pair) => measured(pair, body, call)),
  );
  const top = numberOf(body, "top_n") ?? 0;
  const results = pairs
    .map(([query, text], index) => ({
      index,
      document: { text, multi_modal: null },
      relevance_score: scoreOf(query, text, call),
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score)
    .slice(0, top > 0 ? top : pairs.length);
  return Response.json({
    id: `score-${call.id}`,
    model,
    usage: { prompt_tokens, total_tokens },
    results,
  });
}

/** What a model with one class gives a pair of strings: the more, the more words they share. */
export function probability(one: string, other: string): number {
  return 1 / (1 + Math.exp(3 - 8 * similarity(one, other)));
}

/** Of vectors, vLLM takes the cosine. */
function scoreOf(one: string, other: string, { served }: Call): number {
  return served.ability === "embed" ? similarity(one, other) : probability(one, other);
}

/** Source: vllm/entrypoints/pooling/scoring/utils.py */
function pairsOf(left: unknown, right: unknown): [string, string][] {
  const [ones, others] = [texts(left), texts(right)];
  if (ones.length > 1 && ones.length !== others.length) {
    throw badRequest("Input lengths must be either 1:1, 1:N or N:N");
  }
  if (ones.length === 0) {
    throw badRequest("At least one text element must be given");
  }
  if (others.length === 0) {
    throw badRequest("At least one text_pair element must be given");
  }
  return others.map((other, index) => [ones[ones.length > 1 ? index : 0] ?? "", other]);
}

function texts(side: unknown): string[] {
  return [side].flat().map((item) => (isObject(item) ? textOf(item["content"]) : String(item)));
}
