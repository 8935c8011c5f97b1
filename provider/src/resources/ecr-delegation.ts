import type * as pulumi from "@pulumi/pulumi";
import type { EcrDelegationInputs, EcrDelegationOutputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of an `EcrDelegation`. */
export interface EcrDelegationArgs extends Args<EcrDelegationInputs> {}

/**
 * RunPod's right to pull the images of a repository of Amazon ECR, without a password.
 *
 * @example
 * const repository = "arn:aws:ecr:us-east-1:123456789012:repository/worker";
 * new EcrDelegation("worker", { resourceArn: repository });
 */
export class EcrDelegation extends DynamicResource {
  static readonly __pulumiType = typeToken("EcrDelegation");
  constructor(name: string, args: EcrDelegationArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("EcrDelegation", name, args, opts);
    super(
      "EcrDelegation",
      name,
      { ...args, ...ownershipInputs("EcrDelegation", name, opts) },
      ["name"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is EcrDelegation {
    return DynamicResource.isOfKind(object, "EcrDelegation");
  }

  /** The delegation's id at RunPod. */
  get delegationId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface EcrDelegation
  extends Outputs<EcrDelegationInputs, "name">,
    Outputs<EcrDelegationOutputs> {}
