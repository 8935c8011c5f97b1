import type { Context } from "hono";
import { ApiError } from "../../core/problem";
import type { Env } from "../../http/services";
import { integer } from "./queries";

export interface Page<T> {
  items: T[];
  /** Absent if lists are answered whole. */
  pagination: { pagination?: { nextCursor: string | null; hasNextPage: boolean } };
}

const MAX_LIMIT = 1000;

/** The page that `limit` and `cursor` select; items are ordered by `seq`. */
export function pageOf<T extends { readonly seq: number }>(
  c: Context<Env>,
  items: T[],
  pageSize: number | null,
): Page<T> {
  if (pageSize === null) {
    return { items, pagination: {} };
  }
  const limit = integer(c, "limit", 1, MAX_LIMIT, pageSize);
  const after = afterCursor(c.req.query("cursor"));
  const rest = after === null ? items : items.filter(({ seq }) => seq > after);
  const page = rest.slice(0, limit);
  const hasNextPage = rest.length > page.length;
  const nextCursor = hasNextPage ? cursorAfter(page.at(-1)?.seq ?? 0) : null;
  return { items: page, pagination: { pagination: { nextCursor, hasNextPage } } };
}

function cursorAfter(seq: number): string {
  return Buffer.from(`after:${seq}`).toString("base64url");
}

function afterCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) {
    return null;
  }
  const [, seq] = /^after:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (!seq) {
    throw new ApiError(400, "invalid cursor");
  }
  return Number(seq);
}
