import type * as pulumi from "@pulumi/pulumi";
import type { GlobalVolumeInputs, GlobalVolumeOutputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `GlobalVolume`. */
export interface GlobalVolumeArgs extends Args<GlobalVolumeInputs> {}

/**
 * Object storage that the workers of serverless endpoints mount in every data center. RunPod bills
 * what it stores. Pods cannot mount it through the API.
 *
 * @example
 * const weights = new GlobalVolume("weights", {}, { protect: true });
 */
export class GlobalVolume extends DynamicResource {
  static readonly __pulumiType = typeToken("GlobalVolume");
  constructor(name: string, args: GlobalVolumeArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("GlobalVolume", name, args, opts);
    super(
      "GlobalVolume",
      name,
      { ...args, ...ownershipInputs("GlobalVolume", name, opts) },
      ["name"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is GlobalVolume {
    return DynamicResource.isOfKind(object, "GlobalVolume");
  }

  /** The volume's id at RunPod. */
  get globalVolumeId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface GlobalVolume
  extends Outputs<GlobalVolumeInputs, "name">,
    Outputs<GlobalVolumeOutputs> {}
