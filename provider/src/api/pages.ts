import type { CallOptions, HttpClient } from "../http/client";
import type { SafePath } from "../http/path";

interface Page {
  readonly pagination?: { readonly nextCursor?: string | null; readonly hasNextPage?: boolean };
}

/**
 * Everything a list holds. Pages are followed where the answer tells of more; a cursor that comes
 * again ends the list, so that a server's mistake cannot keep a client busy for ever.
 */
export async function listAll<T>(
  client: HttpClient,
  path: SafePath,
  key: string,
  noun: string,
  options: CallOptions = {},
): Promise<T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let query: Record<string, string> = {};
  for (;;) {
    const operation = `listing ${noun}`;
    const page = (await client.request({
      ...options,
      method: "GET",
      path,
      query,
      operation,
    })) as Page & Record<string, unknown>;
    items.push(...((page?.[key] as T[] | undefined) ?? []));
    const cursor = page?.pagination?.nextCursor;
    if (!page?.pagination?.hasNextPage || !cursor || seen.has(cursor)) return items;
    seen.add(cursor);
    query = { cursor };
  }
}
