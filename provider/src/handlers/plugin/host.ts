import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { join, multiline, redact, type Safe, safe, withSecrets } from "@runpod-stack/kit";
import { isRunpodError, messageFrom, UserError } from "../../core/errors";
import {
  type FieldTable,
  type Hidden,
  isHidden,
  type Previewed,
  type Stored,
  sealInputs,
  unseal,
  type Values,
} from "../../schema";
import { type Asked, apiOf, assertSameApi, withAccount } from "../lifecycle/account";
import type { Context } from "../lifecycle/context";
import { type Handler, PartialFailure } from "../lifecycle/handler";

/** What the host needs of the process that it runs in. */
export interface Process {
  configure(get: (key: string) => string | undefined): void;
  /** Which API, and as whom, it is configured to ask. */
  account(): Promise<Asked>;
  context(): Promise<Context>;
  say(line: Safe): void;
}

/**
 * Presents a handler as Pulumi's dynamic-provider process wants it: plain values in, sealed
 * secrets and no `undefined` out, and errors without stacks or secrets.
 */
export function hostHandler<T>(
  handler: Handler<T>,
  table: FieldTable<T>,
  process: Process,
): pulumi.dynamic.ResourceProvider {
  // The engine checks, then compares; a refresh compares without a check, the other way round.
  const checked = new Set<string>();
  const out = (values: Values) => clean(sealInputs(table, values));
  return {
    async configure(request) {
      process.configure((key) => request.config.get(key));
    },
    async check(olds: Values, news: Values) {
      // What a program writes openly may be a value of its env too, and is to be named here.
      return guard(news, out, async () => {
        const [old, asked] = [stored<Stored<T>>(olds), await process.account()];
        assertSameApi(old, asked);
        const judged = handler.check(old, stored(news));
        const { problems, notes = [] } = judged;
        // The engine gives the line in the state for every resource that is in it.
        const isNew = olds["__provider"] === undefined;
        const inputs = withAccount(isNew, old, judged.inputs, asked);
        checked.add(digest(inputs));
        for (const note of notes) process.say(join([safe`note: `, note]));
        // The engine would print the value of a property that is named, of a whole env in the clear.
        const failures = problems.map(({ message }) => ({
          property: "",
          reason: message,
        }));
        return { inputs: out(inputs), failures };
      });
    },
    async diff(_: string, olds: Values, news: Values) {
      const [old, inputs] = [stored<Stored<T>>(olds), stored<Previewed<T>>(news)];
      if (await isElsewhere(process, old)) return { changes: true };
      const difference = handler.diff(old, inputs);
      if (checked.delete(digest(inputs))) {
        for (const warning of difference.warnings ?? [])
          process.say(join([safe`warning: `, warning]));
      }
      if (difference.changed.length === 0) return { changes: false };
      // The engine compares inputs, and these are none: it would find nothing.
      if (difference.changed.every(isHidden)) return { changes: true };
      // No verdict on `changes`: the engine then works out the detailed diff by itself, so that
      // ignoreChanges and replaceOnChanges work; what is named here is replaced all the same.
      return {
        replaces: [...difference.replaces],
        deleteBeforeReplace: difference.deleteBeforeReplace ?? false,
      };
    },
    async create(news: Values) {
      return guardSecrets(news, out, async () => {
        const { id, outputs } = await handler.create(await process.context(), stored(news));
        return { id, outs: out(outputs) };
      });
    },
    async read(id: string, olds: Values) {
      return guardStoredKey(olds, out, async () => {
        const found = await handler.read(await process.context(), id, stored(olds));
        if (found === undefined) return {};
        return { id, props: out(found.outputs), inputs: out(found.inputs) };
      });
    },
    async update(id: string, olds: Values, news: Values) {
      const update = async () => {
        assertSameApi(stored<Hidden>(olds), await process.account());
        const context = await process.context();
        return { outs: out(await handler.update(context, id, stored(olds), stored(news))) };
      };
      return withSecrets(secretTexts(olds), () => guardSecrets(news, out, update));
    },
    async delete(id: string, olds: Values) {
      return guardStoredKey(olds, out, async () => {
        const context = await process.context();
        const outputs = stored(olds);
        await handler.delete(context, id, outputs as Stored<T>);
        const { __token: token, createdAt } = outputs;
        if (typeof token !== "string") return;
        context.endedTokens.set(token, String(createdAt));
        context.journal.forget(token);
      });
    },
  };
}

/** States of older releases show only in their outputs where they belong: then `update` refuses. */
async function isElsewhere(process: Process, old: Hidden): Promise<boolean> {
  const asked = await process.account().catch(() => undefined);
  const at = apiOf(old);
  return asked !== undefined && at !== undefined && at !== asked.origin;
}

/** Runs an operation; what it throws becomes what the engine can store and a user can read. */
async function guard<R>(
  values: Values,
  out: (values: Values) => Values,
  operation: () => Promise<R>,
): Promise<R> {
  try {
    return await operation();
  } catch (error) {
    const secrets = secretTexts(values);
    const told = new Error(messageOf(error, secrets));
    // For some operations the plugin host prints "<error>: <stack>" beside the error itself.
    told.toString = () => "runpod";
    told.stack = "an operation failed, and its resource shows why";
    if (error instanceof PartialFailure) {
      const properties = { ...out(error.outputs), __provider: values["__provider"] };
      const reasons = error.reasons.map((reason) => redact(reason, secrets));
      throw Object.assign(told, { id: error.id, properties, reasons });
    }
    throw told;
  }
}

/** As `guard`, with the resource's secrets masked in all that is shown meanwhile. */
function guardSecrets<R>(
  values: Values,
  out: (values: Values) => Values,
  operation: () => Promise<R>,
): Promise<R> {
  return guard(values, out, () => withSecrets(secretTexts(values), operation));
}

/** Another operation may have made the error, without this one's secrets in mind. */
function messageOf(error: unknown, secrets: readonly string[]): Safe {
  return withSecrets(secrets, () =>
    redact(error instanceof PartialFailure ? multiline(error.reasons) : messageFrom(error)),
  );
}

/** As `guard`, for the operations to which the engine hands the key of the last `up`. */
function guardStoredKey<R>(
  values: Values,
  out: (values: Values) => Values,
  operation: () => Promise<R>,
): Promise<R> {
  return guardSecrets(values, out, async () => {
    try {
      return await operation();
    } catch (error) {
      if (!isRunpodError(error, "unauthorized")) throw error;
      throw new UserError(
        safe`${error.message} \`refresh\` and \`destroy\` use the key stored at the last \`pulumi up\`: if it has been replaced since, set RUNPOD_API_KEY to the new one, or add --run-program. Nothing was changed, and what exists is still billed.`,
      );
    }
  });
}

/** The values as handlers see them: unsealed, and without the line that led here. */
function stored<P = Values>(values: Values): P {
  const { __provider: _, ...rest } = unseal(values) as Values;
  return rest as P;
}

/** Texts that must never be shown: the values of env and the service's key. */
function secretTexts(values: Values): string[] {
  const { env, apiKey } = stored(values);
  return [...Object.values(Object(env)), apiKey].filter((text) => typeof text === "string");
}

/** What the plugin's encoding has no word for, at any depth: drops `undefined`, and replaces half a character. */
function clean<V>(value: V): V {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\uFFFD") as V;
  if (Array.isArray(value)) return value.map(clean) as V;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [clean(key), clean(item)])) as V;
}

function digest(inputs: Values): string {
  const ordered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(ordered);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, ordered(item)]),
    );
  };
  return createHash("sha256")
    .update(JSON.stringify(ordered(clean(inputs))))
    .digest("hex");
}
