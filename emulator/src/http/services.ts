import type { HttpBindings } from "@hono/node-server";
import type { Safe } from "@runpod-stack/kit";
import type { Context } from "hono";
import type { Collection } from "../core/collection";
import { ApiError } from "../core/problem";
import type { SshServers } from "../ssh/servers";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import type { Faults } from "./faults";
import type { KeyRights } from "./key-rights";
import type { RateLimiter } from "./rate-limit";
import type { RequestEntry, RequestLog } from "./request-log";

/** What the routes share. */
export interface Services {
  readonly world: World;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Null for no limit. */
  readonly limiter: RateLimiter | null;
  /** Objects on a page of a list that asks for no `limit`; null answers lists whole, as RunPod once did. */
  readonly pageSize: number | null;
  /** Whether REST v1 answers as it did before RunPod retired it. */
  readonly restV1: boolean;
  readonly keyRights: KeyRights;
  /** The pods' SSH servers; null without `--ssh`. */
  readonly ssh: SshServers | null;
  /** Prints a line of the log. */
  readonly log: (line: Safe) => void;
  /** Fulfilled once all that has happened so far will survive the end of the process, or if nothing is kept. */
  readonly saved: () => Promise<void>;
}

/** What a request changed, for the faults that make reads lag. */
export interface Touched {
  hide?: (ms: number, scope: "list" | "all") => void;
  linger?: (ms: number) => void;
}

/** Hono's types for one request. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    account: Account;
    /** The key's rights; null for all. */
    rights: readonly string[] | null;
    /** The raw body; absent if there is none. */
    bytes?: Buffer<ArrayBuffer>;
    /** The same, for a request that does not go to a container. */
    text: string;
    /** The parsed body, undefined if it is not JSON. */
    body: unknown;
    entry: RequestEntry;
    touched: Touched;
    /** The most objects on this page of a list, because of a fault. */
    mostOnPage?: number;
  };
}

/** The body of a request that must have one. */
export function bodyOf(c: Context<Env>): unknown {
  const body = c.get("body");
  if (body === undefined) {
    throw new ApiError(400, "request body is not valid JSON");
  }
  return body;
}

/** Records that this request created `item`, and returns it. */
export function created<T extends { readonly id: string; readonly seq: number }>(
  c: Context<Env>,
  collection: Collection<T>,
  item: T,
): T {
  c.set("touched", { hide: (ms, scope) => collection.hide(item.id, ms, scope) });
  return item;
}

/** Records that this request deleted `item`. */
export function deleted<T extends { readonly id: string; readonly seq: number }>(
  c: Context<Env>,
  collection: Collection<T>,
  item: T,
): void {
  c.set("touched", { linger: (ms) => collection.linger(item, ms) });
}
