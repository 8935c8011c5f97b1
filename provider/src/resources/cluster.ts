import type * as pulumi from "@pulumi/pulumi";
import type { ClusterInputs, ClusterOutputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Waivable } from "./policy-waivers";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";
import { withStackTags } from "./stack-tags";

/** Inputs of a `Cluster`. */
export interface ClusterArgs extends Args<ClusterInputs>, Waivable {}

/**
 * An Instant Cluster: equal pods in one data center, on their own fast network. Everything but
 * its name is fixed, and its pods end with it.
 *
 * @example
 * const cluster = new Cluster("train", {
 *   gpuTypeIds: ["NVIDIA H100 80GB HBM3", "NVIDIA H200"],
 *   gpuCount: 8,
 *   podCount: 2,
 *   imageName: "runpod/pytorch:2.8.0-py3.11-cuda12.8.1-cudnn-devel-ubuntu22.04",
 * });
 * export const { primaryPodId, costPerHr } = cluster;
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Cluster extends DynamicResource {
  static readonly __pulumiType = typeToken("Cluster");

  constructor(name: string, args: ClusterArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Cluster", name, args, opts);
    super(
      "Cluster",
      name,
      { ...withStackTags(args), ...ownershipInputs("Cluster", name, opts) },
      ["name", "type"],
      // Two at a time would cost twice as much.
      { deleteBeforeReplace: true, ...opts },
    );
  }

  static override isInstance(object: unknown): object is Cluster {
    return DynamicResource.isOfKind(object, "Cluster");
  }

  /** The cluster's id at RunPod. */
  get clusterId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface Cluster extends Outputs<ClusterInputs, "name" | "type">, Outputs<ClusterOutputs> {}
