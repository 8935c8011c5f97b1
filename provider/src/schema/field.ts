import type { z } from "zod";
import type { Hidden } from "./hidden";
import type { Known } from "./unknown";

/** What a change to a field does to the object. */
export type Change =
  /** Sent to RunPod; nothing restarts. */
  | "update"
  /** Sent to RunPod, which restarts the container and wipes everything outside the mounts. */
  | "restart"
  /** Sent to RunPod, which makes a new release: idle workers are replaced, busy ones after their job. */
  | "release"
  /** The object is deleted and recreated. */
  | "replace"
  /** Replaces the pod only if the running one no longer satisfies the new value. */
  | "placement"
  /** Starts or stops the pod. */
  | "action"
  /** Attached to the object by requests of its own; the object itself does not change. */
  | "attach"
  /** A setting of this provider; nothing is sent to RunPod. */
  | "local";

/** What removing the field from the program does, if the field has no default. */
export type Removal =
  /** RunPod clears the field; `cleared` is the wire value. */
  | "clear"
  /** The object keeps the value it has. */
  | "keep"
  /** The same as any other change. */
  | "change"
  /** RunPod cannot remove the value, so the object is replaced. */
  | "replace";

/** The request and response bodies of a kind of object. */
export interface Wire {
  /** The body that creates or changes the object. */
  readonly request: object;
  /** The body in which RunPod reports the object. */
  readonly answer: object;
}

/** One row of a resource's field table: everything specific to one input. */
export type Field<V = unknown, W extends Wire = AnyWire> = Row<V> & (Sent<V, W> | Observed<V, W>);

interface Row<V> {
  readonly value: z.ZodType<V>;
  readonly change: Change;
  readonly removal: Removal;
  /** The wire value that clears the field. */
  readonly cleared?: Immutable<V> | null;
  /** What an absent field means, if a program can also set that value. */
  readonly unset?: V;
  /** Filled in by `check` if the program does not set the field. */
  readonly default?: V & (string | number | boolean);
  readonly required?: true;
  /** `whole`: the value is secret. `values`: the values of the map are secret, its keys are not. */
  readonly secret?: "whole" | "values";
  /** Order and repetition do not matter. */
  readonly unordered?: true;
  /** Case does not matter. */
  readonly anyCase?: true;
}

interface Sent<V, W extends Wire> {
  /** The value's dotted path in RunPod's v2 bodies. Absent if mapped by hand or never sent. */
  readonly wire?: PathTo<W["request"], V>;
  /** Other dotted paths in v2 bodies, for values that are mapped by hand. */
  readonly at?: readonly PathTo<W["request"] & W["answer"], unknown>[];
  readonly observed?: undefined;
}

interface Observed<V, W extends Wire> extends Omit<Sent<V, W>, "wire" | "observed"> {
  readonly wire?: PathTo<W["request"], V> & PathTo<W["answer"], V>;
  /** RunPod reports the value, so a refresh can correct it. */
  readonly observed: true;
}

/** The field table of a resource with inputs `T`. The compiler keeps the two in step. */
export type FieldTable<T, W extends Wire = AnyWire> = {
  readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>, W> & Requirement<T, K>;
};

/** A row is required exactly if the input's type is. */
type Requirement<T, K extends keyof T> =
  Partial<Pick<T, K>> extends Pick<T, K>
    ? { readonly required?: undefined }
    : { readonly required: true };

/** For code that works with any table. */
interface AnyWire {
  readonly request: { readonly [key: string]: never };
  readonly answer: { readonly [key: string]: never };
}

/** The dotted paths in a body that hold values of type `V`. */
export type PathTo<Body, V> = string extends keyof Body
  ? string
  : {
      [K in keyof Body & (string | number)]-?: PathFrom<K, NonNullable<Body[K]>, V>;
    }[keyof Body & (string | number)];

type PathFrom<K extends string | number, P, V> =
  | ([V] extends [P] ? `${K}` : unknown extends V ? `${K}` : never)
  | (P extends readonly (infer Item)[]
      ? unknown extends V
        ? `${K}.${number}.${PathTo<Item, V>}`
        : never
      : P extends object
        ? string extends keyof P
          ? never
          : `${K}.${PathTo<P, V>}`
        : never);

type Immutable<V> = V extends readonly (infer Item)[] ? readonly Item[] : Readonly<V>;

/** Unchecked inputs by name, as plain JSON values, of any kind of resource. */
export type Values = Record<string, unknown>;

/** Checked inputs `T`, all known, with the hidden keys. */
export type Inputs<T> = { readonly [K in keyof T]: T[K] } & Hidden;

/** The stored inputs and outputs of an object. An import may lack any of them. */
export type Stored<T> = { readonly [K in keyof T]?: T[K] | undefined } & Hidden;

/** New inputs in `check` and `diff`. Any may be missing or, in a preview, unknown. */
export type Previewed<T> = { readonly [K in keyof T | keyof Hidden]?: Known<(T & Hidden)[K]> };

/** An object's inputs as RunPod reports them. Null means reported as absent. */
export type Reported<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** The rows of any table, by field name. */
export function rowsOf<T, W extends Wire>(table: FieldTable<T, W>): Rows {
  return table as unknown as Rows;
}

type Rows = Readonly<Record<string, Field>>;

/** Whether a change to the field restarts or replaces the object or its workers. No new default justifies that. */
export function isDisruptive(row: Field | undefined): boolean {
  return row !== undefined && ["restart", "release", "replace"].includes(row.change);
}
