import type { z } from "zod";

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

/** One row of a resource's field table: everything that is particular about one input. */
export interface Field {
  readonly value: z.ZodType;
  readonly change: Change;
  readonly removal: Removal;
  /** What clears the field on the wire. */
  readonly cleared?: unknown;
  /** What leaving the field out means, where that is a value a program may also write down. */
  readonly unset?: unknown;
  /** Where the value stands in RunPod's v2 bodies, dotted. Absent: mapped by hand, or never sent. */
  readonly wire?: string;
  /** Filled in by `check` while the program is silent. */
  readonly default?: string | number | boolean;
  readonly required?: true;
  /** `whole`: the value is a secret. `values`: each value of the map is, its keys are not. */
  readonly secret?: "whole" | "values";
  /** RunPod reports it, so that a refresh can correct it. */
  readonly observed?: true;
  /** Order and repetition mean nothing. */
  readonly unordered?: true;
  /** Upper and lower case mean the same. */
  readonly anyCase?: true;
}

/** The field table of a resource with inputs `T`; the compiler holds the two together. */
export type FieldTable<T> = { readonly [K in keyof Required<T>]: Field };

/** Inputs as they travel: plain JSON values by name. */
export type Values = Record<string, unknown>;

/** Whether a change of the field restarts or replaces the object: no default is worth that. */
export function isDisruptive(row: Field | undefined): boolean {
  return row?.change === "restart" || row?.change === "replace";
}
