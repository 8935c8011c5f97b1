import * as pulumi from "@pulumi/pulumi";
import { HIDDEN_KEYS } from "../schema/hidden";
import { handlerLine, type Kind, typeToken } from "../schema/tokens";
import { getIsNotAvailable } from "./refusals";

/** Inputs as a program gives them: any value may still be an output of another resource. */
export type Args<T> = { [K in keyof T]: Deep<T[K]> };

type Deep<V> = V extends readonly (infer Item)[]
  ? pulumi.Input<pulumi.Input<Item>[]>
  : V extends Record<string, infer Item>
    ? pulumi.Input<Record<string, pulumi.Input<Item>>>
    : pulumi.Input<V>;

/**
 * A resource that Pulumi's own dynamic-provider process serves. What goes into the state is one
 * constant line that requires this package's handlers: no code, no key, nothing to go stale.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param outputs the names of properties that are not inputs
   */
  constructor(
    kind: Kind,
    name: string,
    props: Record<string, unknown>,
    outputs: readonly string[],
    opts: pulumi.CustomResourceOptions,
  ) {
    const undefinedOutputs = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(
      typeToken(kind),
      name,
      { ...undefinedOutputs, ...props, __provider: handlerLine(kind) },
      { ...opts, hideDiffs: [...HIDDEN_KEYS, ...(opts.hideDiffs ?? [])] },
    );
  }

  /** Not available, as for every dynamic resource: it throws, and the error names the other ways. */
  static get(..._: readonly unknown[]): never {
    // biome-ignore lint/complexity/noThisInStatic: the class that it is called on gives the name
    return getIsNotAvailable(this.name);
  }

  /** Whether an object is a resource of the kind, also if another copy of this package made it. */
  protected static isOfKind(object: unknown, kind: Kind): boolean {
    const type = (object as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType;
    return type === typeToken(kind);
  }
}
