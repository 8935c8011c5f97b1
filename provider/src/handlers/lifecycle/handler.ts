import type { Safe } from "@runpod-stack/kit";
import type { Checked, Inputs, Previewed, Stored, Values } from "../../schema";
import type { Context } from "./context";

/** What a change of inputs means for an object. */
export interface Difference {
  /** The inputs that change the object. Empty if there is nothing to do. */
  readonly changed: readonly string[];
  /** The changed inputs that replace the object. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** What the user should know before agreeing to the update. */
  readonly warnings?: readonly Safe[];
}

/** An object after a refresh: its stored outputs, and the inputs that describe it now. */
export interface Found<T> {
  readonly inputs: Stored<T>;
  readonly outputs: Stored<T>;
}

/**
 * The life cycle of a kind of resource with properties `T`. Inputs and outputs are plain values.
 * The host converts them, seals secrets, and brings errors into the form that the engine expects.
 */
export interface Handler<T> {
  /** Checks a program's inputs. `old` is empty on create. Makes no network call. */
  check(old: Stored<T>, given: Values): Checked<T> & { readonly notes?: readonly Safe[] };
  /** Compares stored outputs with new inputs. Never throws, and makes no network call. */
  diff(old: Stored<T>, inputs: Previewed<T>): Difference;
  create(context: Context, inputs: Inputs<T>): Promise<{ id: string; outputs: Stored<T> }>;
  /** Undefined if the object is gone. */
  read(context: Context, id: string, outputs: Stored<T>): Promise<Found<T> | undefined>;
  update(context: Context, id: string, old: Stored<T>, inputs: Inputs<T>): Promise<Stored<T>>;
  /** Succeeds if the object is already gone. */
  delete(context: Context, id: string, outputs: Stored<T>): Promise<void>;
}

/** The object exists but is not fully configured. It goes into the state with these outputs. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Values,
    readonly reasons: readonly Safe[],
  ) {
    super(reasons.join("\n"));
    this.name = "PartialFailure";
  }
}
