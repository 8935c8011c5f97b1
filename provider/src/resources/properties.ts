import type * as pulumi from "@pulumi/pulumi";

/** A program's inputs. Any value may be an output of another resource. */
export type Args<T> = { [K in keyof T]: Arg<Exclude<T[K], undefined>> };

/**
 * Properties of a resource as a program reads them.
 * @typeParam Set optional inputs that always have a value because of a default
 */
export type Outputs<T, Set extends keyof T = never> = {
  readonly [K in keyof T]-?: K extends Set
    ? pulumi.Output<Exclude<T[K], undefined>>
    : IsOptional<T, K> extends true
      ? pulumi.Output<Exclude<T[K], undefined> | undefined>
      : pulumi.Output<T[K]>;
};

type IsOptional<T, K extends keyof T> = Partial<Pick<T, K>> extends Pick<T, K> ? true : false;

/** Not distributed over unions: `Input<"a" | "b">` is easier to read. */
type Arg<V> = [V] extends [readonly (infer Item)[]]
  ? pulumi.Input<pulumi.Input<Item>[]>
  : [V] extends [Record<string, infer Item>]
    ? pulumi.Input<Record<string, pulumi.Input<Item>>>
    : pulumi.Input<V>;
