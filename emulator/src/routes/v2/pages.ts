import type { Context } from "hono";
import type { Env } from "../../http/services";
import { integer, invalidQuery } from "./queries";

export interface Page<T> {
  items: T[];
  /** Absent if lists are answered whole. */
  pagination: { pagination?: { nextCursor: string | null; hasNextPage: boolean } };
}

const MAX_LIMIT = 1000;

/** The page that `limit` and `cursor` select, newest first. Items are ordered by `seq`. */
export function pageOf<T extends { readonly seq: number }>(
  c: Context<Env>,
  items: T[],
  pageSize: number | null,
): Page<T> {
  if (pageSize === null) {
    return { items, pagination: {} };
  }
  const limit = integer(c, "limit", 1, MAX_LIMIT, pageSize);
  const from = positionOf(c);
  const rest = items.filter(({ seq }) => seq < from.before).reverse();
  const page = rest.slice(0, Math.min(limit, c.get("mostOnPage") ?? limit));
  const hasNextPage = rest.length > page.length;
  const last = page.at(-1);
  const next = last ? { before: last.seq, empty: 0 } : { ...from, empty: from.empty + 1 };
  const nextCursor = hasNextPage ? cursorOf(next, c.req.path) : null;
  return { items: page, pagination: { pagination: { nextCursor, hasNextPage } } };
}

/** The newest object that an earlier page did not contain. Each empty page has its own cursor. */
interface Position {
  before: number;
  /** Empty pages since the last object. */
  empty: number;
}

/** A cursor is valid for the list that issued it. */
function cursorOf({ before, empty }: Position, list: string): string {
  return Buffer.from(`${list} before ${before} ${empty}`).toString("base64url");
}

/** @throws 422 for a cursor that this list has not issued */
function positionOf(c: Context<Env>): Position {
  const cursor = c.req.query("cursor");
  if (cursor === undefined) {
    return { before: Number.MAX_SAFE_INTEGER, empty: 0 };
  }
  const text = Buffer.from(cursor, "base64url").toString();
  const [, list, before, empty] = /^(\S+) before (\d+) (\d+)$/.exec(text) ?? [];
  if (list === c.req.path && before !== undefined) {
    return { before: Number(before), empty: Number(empty) };
  }
  throw invalidQuery("cursor", "must be the nextCursor of an earlier page of this list");
}
