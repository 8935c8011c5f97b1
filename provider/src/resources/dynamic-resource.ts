import * as pulumi from "@pulumi/pulumi";
import { PROPERTIES } from "../schema/generated/properties";
import { STANDING } from "../schema/hidden";
import { handlerLine, type Kind, typeToken } from "../schema/tokens";
import { readBack } from "./read-back";
import { getIsNotAvailable } from "./refusals";
import { showProgramOnly } from "./stacks";

/**
 * A resource that Pulumi's own dynamic-provider process serves. The state holds one constant line
 * that loads this package's handlers: no code, no key, nothing that becomes stale.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /** @param often inputs that programs often read even if they do not set them */
  constructor(
    kind: Kind,
    name: string,
    props: Record<string, unknown>,
    often: readonly string[],
    opts: pulumi.CustomResourceOptions,
  ) {
    const { inputs, outputs } = PROPERTIES[kind];
    const unset = Object.fromEntries([...outputs, ...often].map((name) => [name, undefined]));
    // Those of older releases are hidden by what they stored.
    const hidden = ["__kept", ...STANDING.filter((key) => key in props)];
    const all = { ...unset, ...props, __provider: handlerLine(kind) };
    const hideDiffs = [...hidden, ...(opts.hideDiffs ?? [])];
    const showAll = showProgramOnly(DynamicResource.name);
    try {
      super(typeToken(kind), name, all, { ...opts, hideDiffs });
    } finally {
      showAll();
    }
    readBack(this, kind, inputs);
  }

  /** Not available for dynamic resources. Always throws an error that names the alternatives. */
  static get(..._: readonly unknown[]): never {
    // biome-ignore lint/complexity/noThisInStatic: the name is that of the class it is called on
    return getIsNotAvailable(this.name);
  }

  /** Whether an object is a resource of the kind, from this or another copy of the package. */
  protected static isOfKind(object: unknown, kind: Kind): boolean {
    const type = (object as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType;
    return type === typeToken(kind);
  }
}
