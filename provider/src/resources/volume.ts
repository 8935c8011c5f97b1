import type * as pulumi from "@pulumi/pulumi";
import type { VolumeInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { type Args, DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import { refuseMistakes } from "./refusals";

/** Inputs of a `Volume`. */
export type VolumeArgs = Args<VolumeInputs> & {
  size: pulumi.Input<number>;
  dataCenterId: pulumi.Input<string>;
};

/**
 * A network volume: storage that outlives pods. It grows in place and never shrinks.
 *
 * @example
 * const cache = new Volume("cache", { size: 200, dataCenterId: "EU-RO-1" }, { protect: true });
 */
export class Volume extends DynamicResource {
  static readonly __pulumiType = typeToken("Volume");
  declare readonly name: pulumi.Output<string>;
  /** Size in GB. */
  declare readonly size: pulumi.Output<number>;
  declare readonly dataCenterId: pulumi.Output<string>;
  /** The storage type, as RunPod reports it. */
  declare readonly type: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Volume", name, args, opts);
    const outputs = ["name", "type"];
    super("Volume", name, { ...args, ...ownershipInputs("Volume", name, opts) }, outputs, opts);
  }

  static override isInstance(object: unknown): object is Volume {
    return DynamicResource.isOfKind(object, "Volume");
  }

  /** The volume's id at RunPod. */
  get volumeId(): pulumi.Output<string> {
    return this.id;
  }
}
