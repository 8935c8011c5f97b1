import type * as pulumi from "@pulumi/pulumi";
import type { VolumeInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Waivable } from "./policy-waivers";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";
import { withStackTags } from "./stack-tags";

/** Inputs of a `Volume`. */
export interface VolumeArgs extends Args<VolumeInputs>, Waivable {}

/**
 * A network volume: storage that outlives pods. It grows in place and never shrinks.
 *
 * @example
 * const cache = new Volume("cache", { size: 200, dataCenterId: "EU-RO-1" }, { protect: true });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Volume extends DynamicResource {
  static readonly __pulumiType = typeToken("Volume");
  constructor(name: string, args: VolumeArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Volume", name, args, opts);
    super(
      "Volume",
      name,
      { ...withStackTags(args), ...ownershipInputs("Volume", name, opts) },
      ["name", "type"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is Volume {
    return DynamicResource.isOfKind(object, "Volume");
  }

  /** The volume's id at RunPod. */
  get volumeId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface Volume extends Outputs<VolumeInputs, "name" | "type"> {}
