import * as pulumi from "@pulumi/pulumi";
import { PROPERTIES } from "../schema/generated/properties";
import { HIDDEN_KEYS, POLICY_KEYS } from "../schema/hidden";
import { handlerLine, type Kind, typeToken } from "../schema/tokens";
import { readBack } from "./read-back";
import { getIsNotAvailable } from "./refusals";

/**
 * A resource that Pulumi's own dynamic-provider process serves. What goes into the state is one
 * constant line that requires this package's handlers: no code, no key, nothing to go stale.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param often inputs that are read also where the program leaves them out
   */
  constructor(
    kind: Kind,
    name: string,
    props: Record<string, unknown>,
    often: readonly string[],
    opts: pulumi.CustomResourceOptions,
  ) {
    const { inputs, outputs } = PROPERTIES[kind];
    const unset = Object.fromEntries([...outputs, ...often].map((name) => [name, undefined]));
    super(
      typeToken(kind),
      name,
      { ...unset, ...props, __provider: handlerLine(kind) },
      { ...opts, hideDiffs: [...HIDDEN_KEYS, ...POLICY_KEYS, ...(opts.hideDiffs ?? [])] },
    );
    readBack(this, inputs);
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
