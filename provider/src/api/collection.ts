import { safe } from "@runpod-stack/kit";
import { zPagination } from "@runpod-stack/openapi";
import { RunpodError } from "../core/errors";
import type { Call, CallOptions, HttpClient } from "../http/client";
import { path, type SafePath } from "../http/path";
import type { Reader } from "./reader";

/** The operations on every kind of object. All methods throw RunpodError. */
export interface Collection<T, Create, Update> {
  create(body: Create, options?: CallOptions): Promise<T>;
  /** All objects of the account, from all pages. */
  list(options?: CallOptions): Promise<T[]>;
  get(id: string, options?: CallOptions): Promise<T>;
  update(id: string, body: Update, options?: CallOptions): Promise<T>;
  /** @throws RunpodError "notFound" if it does not exist, even if an earlier attempt deleted it */
  delete(id: string, options?: CallOptions): Promise<void>;
}

interface Kind<T, Body> {
  /** The kind's name in messages. */
  readonly noun: string;
  readonly root: SafePath;
  /** The property of a list's answer that holds the objects. */
  readonly key: string;
  readonly read: Reader<T>;
  /** How messages name what a body creates. @default its `name` */
  label?(body: Body): string;
  /** The strings in a body that no message may show. @default the values of its `env` */
  secrets?(body: Body): readonly (string | undefined)[];
}

/** The calls that all kinds share. */
export function collection<T, Create extends object, Update extends object>(
  client: HttpClient,
  kind: Kind<T, Partial<Create & Update>>,
): Collection<T, Create, Update> {
  const { noun, root, key, read, label = nameIn, secrets = valuesOfEnv } = kind;
  const sending = (body: object) => {
    const texts = secrets(body as Partial<Create & Update>);
    return { body, secrets: texts.flatMap((text) => text ?? []) };
  };
  const one = (id: string) => `${root}${path`/${id}`}` as SafePath;
  const ask = async (call: Call) => read((await client.request(call)).body, call.operation);
  return {
    create(body, options) {
      const operation = `creating ${noun} '${label(body)}'`;
      return ask({ ...options, ...sending(body), method: "POST", path: root, operation });
    },
    list(options) {
      return listAll(client, root, key, read, {
        ...options,
        operation: `listing ${noun.replace(/s?$/, "s")}`,
      });
    },
    async get(id, options) {
      return ask({ ...options, method: "GET", path: one(id), operation: `reading ${noun} ${id}` });
    },
    async update(id, body, options) {
      const operation = `updating ${noun} ${id}`;
      return ask({ ...options, ...sending(body), method: "PATCH", path: one(id), operation });
    },
    async delete(id, options) {
      const operation = `deleting ${noun} ${id}`;
      await client.request({ ...options, method: "DELETE", path: one(id), operation });
    },
  };
}

/** No account has more objects than this: a longer list is the server's mistake. */
const MOST_PAGES = 500;

/**
 * All items of a list, within one deadline. Follows pages while the answer reports more; a repeated
 * cursor ends the list.
 */
export async function listAll<T>(
  client: HttpClient,
  root: SafePath,
  key: string,
  read: Reader<T>,
  options: CallOptions & Pick<Call, "operation" | "query">,
): Promise<T[]> {
  const items: T[] = [];
  const followed = new Set<string>();
  const { deadline = client.deadline() } = options;
  let query = options.query ?? {};
  while (followed.size < MOST_PAGES) {
    const call = { ...options, deadline, method: "GET", path: root, query } as const;
    const { body } = await client.request(call);
    const { [key]: page, pagination } = Object(body) as Record<string, unknown>;
    if (!Array.isArray(page)) {
      const remedy = "Check runpod:apiUrl (RUNPOD_REST_V2_URL), which ends in /v2";
      throw unusable(options.operation, `the answer contains no ${key}. ${remedy}`);
    }
    items.push(...page.map((item) => read(item, options.operation)));
    const { nextCursor, hasNextPage } = zPagination.safeParse(pagination).data ?? {};
    if (!nextCursor || hasNextPage === false || followed.has(nextCursor)) {
      return items;
    }
    followed.add(nextCursor);
    query = { ...query, cursor: nextCursor };
  }
  throw unusable(options.operation, `the list did not end after ${MOST_PAGES} pages`);
}

function nameIn(body: object): string {
  return String(Object(body).name);
}

/** An object's environment may contain the user's secrets. */
function valuesOfEnv(body: object): string[] {
  return Object.values(Object(body).env ?? {});
}

function unusable(operation: string, detail: string): RunpodError {
  return new RunpodError(safe`${operation}: ${detail}`, { kind: "protocol", detail, operation });
}
