import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { join, multiline, redact, type Safe, safe, withSecrets } from "@runpod-stack/kit";
import { isRunpodError, messageFrom, UserError } from "../../core/errors";
import {
  type FieldTable,
  type Hidden,
  isHidden,
  isUnpacked,
  type Previewed,
  packInputs,
  packOutputs,
  rowsOf,
  type Stored,
  sealInputs,
  sealOutputs,
  unpack,
  unseal,
  type Values,
} from "../../schema";
import { type Asked, apiOf, assertSameApi, withAccount } from "../lifecycle/account";
import type { Context } from "../lifecycle/context";
import { type Handler, PartialFailure } from "../lifecycle/handler";

/** What the host needs from the process that it runs in. */
export interface Process {
  configure(get: (key: string) => string | undefined): void;
  /** The API and the key that the process is configured to use. */
  account(): Promise<Asked>;
  context(): Promise<Context>;
  say(line: Safe): void;
}

/**
 * Adapts a handler to Pulumi's dynamic-provider process: plain values in; sealed secrets and no
 * `undefined` out; errors without stacks or secrets.
 */
export function hostHandler<T>(
  handler: Handler<T>,
  table: FieldTable<T>,
  process: Process,
): pulumi.dynamic.ResourceProvider {
  // The engine calls check, then diff. A refresh calls diff without check, with old and new
  // swapped.
  const checked = new Set<string>();
  const sealed = (inputs: Values) => clean(sealInputs(table, inputs));
  const out = (outputs: Values) => clean(packOutputs(sealOutputs(table, outputs)));
  const form: Form = { out, secrets: (values) => secretTexts(table, values) };
  return {
    async configure(request) {
      process.configure((key) => request.config.get(key));
    },
    async check(olds: Values, news: Values) {
      // Does not mask secrets: a plain value may also occur in env, and messages must be able to
      // name it.
      return guard(news, form, async () => {
        const [old, asked] = [stored<Stored<T>>(olds), await process.account()];
        assertSameApi(old, asked);
        const judged = handler.check(old, stored(news));
        const { problems, notes = [] } = judged;
        // The engine passes the line in the state for every resource that is already in the state.
        const isNew = olds["__provider"] === undefined;
        const inputs = withAccount(isNew, old, judged.inputs, asked);
        checked.add(digest(inputs));
        for (const note of notes) {
          process.say(join([safe`note: `, note]));
        }
        // If a property were named, the engine would print its value: a whole env in plain text.
        const failures = problems.map(({ message }) => ({
          property: "",
          reason: message,
        }));
        // The engine would show the change of an older form next to the real one.
        const isForLater = isUnpacked(olds) && digest(old) !== digest(inputs);
        return { inputs: isForLater ? sealed(inputs) : packInputs(sealed(inputs)), failures };
      });
    },
    async diff(_: string, olds: Values, news: Values) {
      const [old, inputs] = [stored<Stored<T>>(olds), stored<Previewed<T>>(news)];
      if (await isElsewhere(process, old)) {
        return { changes: true };
      }
      const difference = handler.diff(old, inputs);
      if (checked.delete(digest(inputs))) {
        for (const warning of difference.warnings ?? []) {
          process.say(join([safe`warning: `, warning]));
        }
      }
      if (difference.changed.length === 0) {
        return { changes: false };
      }
      // The engine compares inputs and would find no difference, since hidden keys are not inputs.
      if (difference.changed.every(isHidden)) {
        return { changes: true };
      }
      // Leaves `changes` undefined: the engine then computes the detailed diff, so that
      // ignoreChanges and replaceOnChanges work. The fields named here still replace the object.
      return {
        replaces: [...difference.replaces],
        deleteBeforeReplace: difference.deleteBeforeReplace ?? false,
      };
    },
    async create(news: Values) {
      return guardSecrets(news, form, async () => {
        const { id, outputs } = await handler.create(await process.context(), stored(news));
        return { id, outs: out(outputs) };
      });
    },
    async read(id: string, olds: Values) {
      return guardStoredKey(olds, form, async () => {
        const found = await handler.read(await process.context(), id, stored(olds));
        if (found === undefined) {
          return {};
        }
        // A refresh would show another form of what is secret.
        const props = isUnpacked(olds) ? sealed(found.outputs) : out(found.outputs);
        return { id, props, inputs: packInputs(sealed(found.inputs)) };
      });
    },
    async update(id: string, olds: Values, news: Values) {
      const update = async () => {
        assertSameApi(stored<Hidden>(olds), await process.account());
        const context = await process.context();
        return { outs: out(await handler.update(context, id, stored(olds), stored(news))) };
      };
      return withSecrets(form.secrets(olds), () => guardSecrets(news, form, update));
    },
    async delete(id: string, olds: Values) {
      return guardStoredKey(olds, form, async () => {
        const context = await process.context();
        const outputs = stored(olds);
        await handler.delete(context, id, outputs as Stored<T>);
        const { __token: token, createdAt } = outputs;
        if (typeof token !== "string") {
          return;
        }
        context.endedTokens.set(token, String(createdAt));
        context.journal.forget(token);
      });
    },
  };
}

/** What is specific to a kind when values leave the process. */
interface Form {
  /** Outputs as they are stored. */
  out(values: Values): Values;
  /** The strings in values that must never be shown. */
  secrets(values: Values): string[];
}

/** States of older releases record their API only in the outputs. `update` rejects those. */
async function isElsewhere(process: Process, old: Hidden): Promise<boolean> {
  const asked = await process.account().catch(() => undefined);
  const at = apiOf(old);
  return asked !== undefined && at !== undefined && at !== asked.origin;
}

/** Runs an operation. Turns its errors into ones that the engine can store and a user can read. */
async function guard<R>(values: Values, form: Form, operation: () => Promise<R>): Promise<R> {
  try {
    return await operation();
  } catch (error) {
    const secrets = form.secrets(values);
    const shown = new Error(messageOf(error, secrets));
    // For some operations the plugin host prints "<error>: <stack>" in addition to the error
    // itself.
    shown.toString = () => "runpod";
    shown.stack = "an operation failed; its resource shows why";
    if (error instanceof PartialFailure) {
      const properties = { ...form.out(error.outputs), __provider: values["__provider"] };
      const reasons = error.reasons.map((reason) => redact(reason, secrets));
      throw Object.assign(shown, { id: error.id, properties, reasons });
    }
    throw shown;
  }
}

/** Like `guard`, and masks the resource's secrets in everything that is shown meanwhile. */
function guardSecrets<R>(values: Values, form: Form, operation: () => Promise<R>): Promise<R> {
  return guard(values, form, () => withSecrets(form.secrets(values), operation));
}

/** Another operation may have made the error, without masking this one's secrets. */
function messageOf(error: unknown, secrets: readonly string[]): Safe {
  return withSecrets(secrets, () =>
    redact(error instanceof PartialFailure ? multiline(error.reasons) : messageFrom(error)),
  );
}

/** Like `guard`, for the operations to which the engine passes the key of the last `up`. */
function guardStoredKey<R>(values: Values, form: Form, operation: () => Promise<R>): Promise<R> {
  return guardSecrets(values, form, async () => {
    try {
      return await operation();
    } catch (error) {
      if (!isRunpodError(error, "unauthorized")) {
        throw error;
      }
      throw new UserError(
        safe`${error.message} \`refresh\` and \`destroy\` use the key stored by the last \`pulumi up\`. If that key was replaced since, set RUNPOD_API_KEY to the new one, or add --run-program. Nothing was changed, and existing objects are still billed.`,
      );
    }
  });
}

/** The values as handlers get them: unsealed, unpacked, and without the line that loads the handlers. */
function stored<P = Values>(values: Values): P {
  const { __provider: _, ...rest } = unpack(unseal(values) as Values);
  return rest as P;
}

/** Strings that must never be shown: the secret inputs of any kind, and the values of env. */
function secretTexts<T>(table: FieldTable<T>, values: Values): string[] {
  const known = stored(values);
  const secret = Object.entries(rowsOf(table)).filter(([, { secret }]) => secret !== undefined);
  return secret
    .flatMap(([name]) => {
      const value = known[name];
      return typeof value === "object" && value !== null ? Object.values(value) : [value];
    })
    .filter((text) => typeof text === "string");
}

/** Drops `undefined` and replaces half a character, at any depth: the plugin's encoding cannot represent them. */
function clean<V>(value: V): V {
  if (typeof value === "string") {
    return value.replace(/\p{Surrogate}/gu, "\uFFFD") as V;
  }
  if (Array.isArray(value)) {
    return value.map(clean) as V;
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [clean(key), clean(item)])) as V;
}

function digest(inputs: Values): string {
  const ordered = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(ordered);
    }
    if (value === null || typeof value !== "object") {
      return value;
    }
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
