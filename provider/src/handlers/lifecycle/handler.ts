import type { Safe } from "@runpod-stack/kit";
import type { Checked, Inputs, Previewed, Stored, Values } from "../../schema";
import type { Context } from "./context";

/** What a change of inputs means for an object. */
export interface Difference {
  /** The inputs that change the object. Empty: nothing is to be done. */
  readonly changed: readonly string[];
  /** Those among them that replace it. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** What the user should know before agreeing. */
  readonly warnings?: readonly Safe[];
}

/** An object as it was found: its stored outputs, and the inputs that describe it now. */
export interface Found<T> {
  readonly inputs: Stored<T>;
  readonly outputs: Stored<T>;
}

/**
 * How a kind of resource with properties `T` lives. Inputs and outputs are plain values; the host around it converts
 * them, seals secrets, and brings errors into the form the engine expects.
 */
export interface Handler<T> {
  /** Judges what a program gives. `old` is empty on create. Touches no network. */
  check(old: Stored<T>, given: Values): Checked<T> & { readonly notes?: readonly Safe[] };
  /** Compares stored outputs with new inputs. Never throws, touches no network. */
  diff(old: Stored<T>, inputs: Previewed<T>): Difference;
  create(context: Context, inputs: Inputs<T>): Promise<{ id: string; outputs: Stored<T> }>;
  /** Undefined: the object is gone. */
  read(context: Context, id: string, outputs: Stored<T>): Promise<Found<T> | undefined>;
  update(context: Context, id: string, old: Stored<T>, inputs: Inputs<T>): Promise<Stored<T>>;
  /** Succeeds if the object is gone already. */
  delete(context: Context, id: string, outputs: Stored<T>): Promise<void>;
}

/** The object exists, and is not yet what was asked for: it goes into the state with these outputs. */
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
