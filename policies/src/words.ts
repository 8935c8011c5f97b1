import { foreign } from "@runpod-stack/kit";
import type { ModelSize } from "@runpod-stack/models";
import type { Serving } from "./serving";
import type { ContainerSpec } from "./spec";

const SHORT = { most: 200 };

/** Storage or memory, as "56 GB". */
export function gb(amount: number): string {
  return `${amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)} GB`;
}

/** A share from 0 to 1, as "92%". */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** What a spec describes, as a noun. */
export function nounOf({ kind }: ContainerSpec): string {
  return NOUNS[kind];
}

const NOUNS = { Pod: "pod", Template: "template", ServerlessEndpoint: "endpoint" } as const;

/** An amount of money, as "$20.00". */
export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** Rounds up to whole GB. */
export function enough(amount: number): number {
  return Math.ceil(amount - 1e-9);
}

/** How a size is known, for use after the size. */
export function basisOf({ basis, margin, shape }: ModelSize): string {
  const spread = `±${percent(margin)}`;
  if (basis === "user") {
    return "your figure";
  }
  if (basis === "base") {
    return `computed from ${shape?.id}, ${spread}`;
  }
  if (basis === "table") {
    return margin === 0 ? "measured" : `from its published parameters, ${spread}`;
  }
  return `estimated from the name, ${spread}`;
}

/** Where the weights are stored and what sets this, as "/data/hub (HF_HOME)". */
export function cachePlace({ cache }: Serving): string {
  return typeof cache === "object"
    ? `${foreign(cache.path, SHORT)} (${foreign(cache.from, SHORT)})`
    : "its cache";
}

/** The model's name, or "the model". */
export function modelName({ model, setup }: Serving): string {
  const more = setup.companions.length;
  const name = typeof model === "string" ? foreign(model, SHORT) : "the model";
  return more === 0 ? name : `${name} and ${more} more`;
}

/** "a", "a and b", "a, b and c". */
export function enumerate(items: readonly string[], last = "and"): string {
  if (items.length < 2) {
    return items.join("");
  }
  return `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}
