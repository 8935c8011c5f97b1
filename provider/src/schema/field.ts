import type { z } from "zod";
import type { Hidden } from "./hidden";
import type { Known } from "./unknown";

/** What a change of a field does to the object. */
export type Change =
  /** Told to RunPod; nothing restarts. */
  | "update"
  /** Told to RunPod, which restarts the container and wipes everything outside the mounts. */
  | "restart"
  /** The object is deleted and created anew. */
  | "replace"
  /** Replaces the pod only if the running one no longer satisfies the new value. */
  | "placement"
  /** Starts or stops the pod. */
  | "action"
  /** A setting of this provider: RunPod is told nothing. */
  | "local";

/** What taking the field out of the program does, where the field has no default. */
export type Removal =
  /** RunPod is told to clear it: the wire value is in `cleared`. */
  | "clear"
  /** The object keeps the value it has. */
  | "keep"
  /** As `Change` says of any other change. */
  | "change"
  /** RunPod cannot take it away: the object is replaced. */
  | "replace";

/** The bodies of an API in which a kind of object travels. */
export interface Wire {
  /** What creates and changes it. */
  readonly request: object;
  /** What RunPod reports of it. */
  readonly answer: object;
}

/** One row of a resource's field table: everything that is particular about one input. */
export type Field<V = unknown, W extends Wire = AnyWire> = Row<V> & (Sent<V, W> | Observed<V, W>);

interface Row<V> {
  readonly value: z.ZodType<V>;
  readonly change: Change;
  readonly removal: Removal;
  /** What clears the field on the wire. */
  readonly cleared?: Immutable<V> | null;
  /** What leaving the field out means, where that is a value a program may also write down. */
  readonly unset?: V;
  /** Filled in by `check` while the program is silent. */
  readonly default?: V & (string | number | boolean);
  readonly required?: true;
  /** `whole`: the value is a secret. `values`: each value of the map is, its keys are not. */
  readonly secret?: "whole" | "values";
  /** Order and repetition mean nothing. */
  readonly unordered?: true;
  /** Upper and lower case mean the same. */
  readonly anyCase?: true;
}

interface Sent<V, W extends Wire> {
  /** Where the value stands in RunPod's v2 bodies, dotted. Absent: mapped by hand, or never sent. */
  readonly wire?: PathTo<W["request"], V>;
  /** Other places in v2 bodies, dotted, for values that are mapped by hand. */
  readonly at?: readonly PathTo<W["request"] & W["answer"], unknown>[];
  readonly observed?: undefined;
}

interface Observed<V, W extends Wire> extends Omit<Sent<V, W>, "wire" | "observed"> {
  readonly wire?: PathTo<W["request"], V> & PathTo<W["answer"], V>;
  /** RunPod reports it, so that a refresh can correct it. */
  readonly observed: true;
}

/** The field table of a resource with inputs `T`; the compiler holds the two together. */
export type FieldTable<T, W extends Wire = AnyWire> = {
  readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>, W> & Requirement<T, K>;
};

/** What a program must give by type, the row must ask for as well, and nothing else. */
type Requirement<T, K extends keyof T> =
  Partial<Pick<T, K>> extends Pick<T, K>
    ? { readonly required?: undefined }
    : { readonly required: true };

/** For what works with any table. */
interface AnyWire {
  readonly request: { readonly [key: string]: never };
  readonly answer: { readonly [key: string]: never };
}

/** The dotted paths in a body that take, or give, values of type `V`. */
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

/** Inputs as they travel: plain JSON values by name, not judged yet, or of any kind of resource. */
export type Values = Record<string, unknown>;

/** Checked inputs `T`, all known, with the hidden keys. */
export type Inputs<T> = { readonly [K in keyof T]: T[K] } & Hidden;

/** What is stored of an object: inputs and outputs, of which an import may lack any. */
export type Stored<T> = { readonly [K in keyof T]?: T[K] | undefined } & Hidden;

/** New inputs in `check` and `diff`: any may be missing, and in a preview not known yet. */
export type Previewed<T> = { readonly [K in keyof T | keyof Hidden]?: Known<(T & Hidden)[K]> };

/** What RunPod reports of an object's inputs; null is reported to be absent. */
export type Reported<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** The rows of any table, by the names of their fields. */
export function rowsOf<T, W extends Wire>(table: FieldTable<T, W>): Rows {
  return table as unknown as Rows;
}

type Rows = Readonly<Record<string, Field>>;

/** Whether a change of the field restarts or replaces the object: no default is worth that. */
export function isDisruptive(row: Field | undefined): boolean {
  return row?.change === "restart" || row?.change === "replace";
}
