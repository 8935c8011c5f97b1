import type { OnSent } from "../in-flight";
import type { ServedModel } from "../served-model";
import type { Ability } from "./abilities";
import { modelNotFound } from "./errors";
import type { Statistics } from "./statistics";
import type { Vocabulary } from "./vocabulary";

/** Routes that an option or a variable adds. */
export type OptionalRoutes = "development" | "adapters" | "tokenizer";

/** What a vLLM server was started with, and what it counts. */
export interface VllmServed extends ServedModel {
  ability: Ability;
  optionalRoutes: readonly OptionalRoutes[];
  /** Whether `--tool-call-parser` is set, or the model has its own. */
  parsesToolCalls: boolean;
  /** Whether `--enable-auto-tool-choice` is set. */
  choosesTools: boolean;
  /** Whether `--trust-request-chat-template` is set. */
  trustsTemplates: boolean;
  /** Whether the model is known to read no images, sounds or videos. */
  isTextOnly: boolean;
  /** How many tokens the model knows; null if that is not known for sure. */
  vocabularySize: number | null;
  /** `--max-logprobs`; -1 for no limit. */
  maxLogprobs: number;
  /** Whether `/docs` and `/openapi.json` are answered. */
  documents: boolean;
  /** Origins of pages whose scripts may read answers; `*` for all. */
  allowedOrigins: readonly string[];
  statistics: Statistics;
  vocabulary: Vocabulary;
}

/** One request that passed the checks of FastAPI. */
export interface Call {
  served: VllmServed;
  /** 16 hex digits, or the client's `X-Request-Id`. */
  id: string;
  /** In seconds since 1970. */
  created: number;
  /** Absent if nobody waits for the answer. */
  onSent: OnSent | undefined;
}

/** The name by which the model is answered; throws if the server has no such model. */
export function servedName({ names, root }: VllmServed, asked: unknown): string {
  const name = typeof asked === "string" ? asked : (names[0] ?? root);
  if (!names.includes(name)) {
    throw modelNotFound(name);
  }
  return name;
}

export function fingerprint({ version }: VllmServed): string {
  return `vllm-${version}-nohash`;
}
