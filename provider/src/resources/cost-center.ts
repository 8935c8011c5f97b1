import type * as pulumi from "@pulumi/pulumi";
import type { CostCenterInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `CostCenter`. */
export interface CostCenterArgs extends Args<CostCenterInputs> {}

/**
 * A cost center, by which invoices group what resources cost.
 *
 * @example
 * const research = new CostCenter("research", { value: "Research" });
 * new Pod("llm", { costCenterId: research.costCenterId, … });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class CostCenter extends DynamicResource {
  static readonly __pulumiType = typeToken("CostCenter");
  constructor(name: string, args: CostCenterArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("CostCenter", name, args, opts);
    super("CostCenter", name, { ...args, ...ownershipInputs("CostCenter", name, opts) }, [], opts);
  }

  static override isInstance(object: unknown): object is CostCenter {
    return DynamicResource.isOfKind(object, "CostCenter");
  }

  /** The cost center's id at RunPod. */
  get costCenterId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface CostCenter extends Outputs<CostCenterInputs> {}
