import { type FieldTable, pickInputs, STATE_VERSION, type Values } from "../schema";
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

/** The inputs that stored outputs carry a copy of, internal ones included. */
export function storedInputs<T>(table: FieldTable<T>, outputs: Values): Values {
  const internal = Object.entries(outputs).filter(
    ([key]) => key.startsWith("__") && key !== "__live" && key !== "__provider",
  );
  return { ...pickInputs(table, outputs), ...Object.fromEntries(internal) };
}
