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

/** Creates or renews the stored record of an object. */
export function liveRecord(context: Context, old: Hidden, more: Partial<Live> = {}): Live {
  const createdAt = storedLive(old)?.createdAt ?? context.clock.now();
  return { version: STATE_VERSION, account: accountMark(context), createdAt, ...more };
}

/** The stored record of an object, if it has one. */
export function storedLive(outputs: Hidden): Partial<Live> | undefined {
  return outputs["__live"];
}

/** Whether an object was imported, so that its stored values may be anything. */
export function isImported(outputs: Hidden): boolean {
  const live = storedLive(outputs);
  return live === undefined || live.imported === true;
}

/** The result of a refresh. An imported object stays imported. */
export function asFound<O extends Hidden>(found: O, stored: Hidden): O {
  if (!isImported(stored)) {
    return found;
  }
  return { ...found, __live: { ...found["__live"], imported: true } };
}

/** Hidden keys of outputs. The others are copies of inputs. */
const OUTPUTS = ["__live", "__provider", "__reported", "__labels", "__added"];

/** The inputs that stored outputs have a copy of, including internal ones. */
export function storedInputs<T>(table: FieldTable<T>, outputs: Values): Stored<T> {
  const internal = Object.entries(outputs).filter(
    ([key]) => isHidden(key) && !OUTPUTS.includes(key),
  );
  const inputs = { ...pickInputs(table, outputs), ...Object.fromEntries(internal) };
  for (const field of listed(outputs["__reported"])) {
    delete inputs[String(field)];
  }
  return inputs as Stored<T>;
}
