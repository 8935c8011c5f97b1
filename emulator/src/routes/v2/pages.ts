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
  const before = seqOfCursor(c);
  const rest = items.filter(({ seq }) => seq < before).reverse();
  const page = rest.slice(0, limit);
  const hasNextPage = rest.length > page.length;
  const nextCursor = hasNextPage ? cursorBefore(page.at(-1)?.seq ?? 0, c.req.path) : null;
  return { items: page, pagination: { pagination: { nextCursor, hasNextPage } } };
}

/** A cursor is valid for the list that issued it. */
function cursorBefore(seq: number, list: string): string {
  return Buffer.from(`${list} before ${seq}`).toString("base64url");
}

/** What the page's items are older than. @throws 422 for a cursor that this list has not issued */
function seqOfCursor(c: Context<Env>): number {
  const cursor = c.req.query("cursor");
  if (cursor === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const text = Buffer.from(cursor, "base64url").toString();
  const [, list, seq] = /^(\S+) before (\d+)$/.exec(text) ?? [];
  if (list === c.req.path && seq !== undefined) {
    return Number(seq);
  }
  throw invalidQuery("cursor", "must be the nextCursor of an earlier page of this list");
}
