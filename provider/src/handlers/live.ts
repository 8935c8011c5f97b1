import { type FieldTable, listed, pickInputs, STATE_VERSION, type Values } from "../schema";
import { type AccountMark, accountMark } from "./account";
import type { Context } from "./context";

/** What is stored beside inputs and outputs, for the handlers alone. */
export interface Live {
  readonly version: number;
  readonly account: AccountMark;
  /** When this provider created the object, in milliseconds of its own wall clock. */
  readonly createdAt: number;
  /** When a pod's time limits count from, in milliseconds of RunPod's clock: not comparable with `createdAt`. */
  readonly lifetimeFrom?: number;
  /** CUDA version of the host that was obtained. */
  readonly cudaVersion?: string;
  /** The CPU flavor that was obtained. */
  readonly cpuFlavorId?: string;
  /** It came by an import, and no update has brought it and the program together yet. */
  readonly imported?: true;
}

/** The stored record of an object, made or renewed. */
export function liveRecord(context: Context, old: Values, more: Partial<Live> = {}): Live {
  const createdAt = storedLive(old)?.createdAt ?? context.clock.now();
  return { version: STATE_VERSION, account: accountMark(context), createdAt, ...more };
}

/** The stored record of an object, if it has one. */
export function storedLive(outputs: Values): Live | undefined {
  return outputs["__live"] as Live | undefined;
}

/** Whether an object came by an import, so that what is stored of it may be anything. */
export function isImported(outputs: Values): boolean {
  const live = storedLive(outputs);
  return live === undefined || live.imported === true;
}

/** What a refresh found of an object: one that came by an import stays so. */
export function asFound(found: Values, stored: Values): Values {
  if (!isImported(stored)) return found;
  return { ...found, __live: { ...storedLive(found), imported: true } };
}

/** The inputs that stored outputs carry a copy of, internal ones included. */
export function storedInputs<T>(table: FieldTable<T>, outputs: Values): Values {
  const internal = Object.entries(outputs).filter(
    ([key]) => key.startsWith("__") && !["__live", "__provider", "__reported"].includes(key),
  );
  const inputs = { ...pickInputs(table, outputs), ...Object.fromEntries(internal) };
  for (const field of listed(outputs["__reported"])) delete inputs[String(field)];
  return inputs;
}
