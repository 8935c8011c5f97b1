import {
  type FieldTable,
  type Hidden,
  isHidden,
  type Live,
  listed,
  pickInputs,
  STATE_VERSION,
  type Stored,
  type Values,
} from "../../schema";
import { accountMark } from "./account";
import type { Context } from "./context";

/** The stored record of an object, made or renewed. */
export function liveRecord(context: Context, old: Hidden, more: Partial<Live> = {}): Live {
  const createdAt = storedLive(old)?.createdAt ?? context.clock.now();
  return { version: STATE_VERSION, account: accountMark(context), createdAt, ...more };
}

/** The stored record of an object, if it has one. */
export function storedLive(outputs: Hidden): Partial<Live> | undefined {
  return outputs["__live"];
}

/** Whether an object came by an import, so that what is stored of it may be anything. */
export function isImported(outputs: Hidden): boolean {
  const live = storedLive(outputs);
  return live === undefined || live.imported === true;
}

/** What a refresh found of an object: one that came by an import stays so. */
export function asFound<O extends Hidden>(found: O, stored: Hidden): O {
  if (!isImported(stored)) return found;
  return { ...found, __live: { ...found["__live"], imported: true } };
}

/** The inputs that stored outputs carry a copy of, internal ones included. */
export function storedInputs<T>(table: FieldTable<T>, outputs: Values): Stored<T> {
  const internal = Object.entries(outputs).filter(
    ([key]) => isHidden(key) && !["__live", "__provider", "__reported"].includes(key),
  );
  const inputs = { ...pickInputs(table, outputs), ...Object.fromEntries(internal) };
  for (const field of listed(outputs["__reported"])) delete inputs[String(field)];
  return inputs as Stored<T>;
}
