import type * as pulumi from "@pulumi/pulumi";
import type { TemplateInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { type Args, DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import { refuseMistakes } from "./refusals";

/** Inputs of a `Template`. */
export type TemplateArgs = Args<TemplateInputs> & { imageName: pulumi.Input<string> };

/**
 * A reusable set of container settings. Given to a `Pod`, its settings become the pod's own where
 * the pod has none, so that a later change of the template reaches the pod.
 *
 * @example
 * const template = new Template("vllm", { imageName: "vllm/vllm-openai:v0.16.0", ports: ["8000/http"] });
 */
export class Template extends DynamicResource {
  static readonly __pulumiType = typeToken("Template");
  declare readonly name: pulumi.Output<string>;
  /** What the program gave: a `Pod` made from the template inherits it. */
  readonly settings: TemplateArgs;

  constructor(name: string, args: TemplateArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Template", name, args, opts);
    super(
      "Template",
      name,
      { ...args, ...ownershipInputs("Template", name, opts) },
      ["name"],
      opts,
    );
    this.settings = args;
  }

  static override isInstance(object: unknown): object is Template {
    return DynamicResource.isOfKind(object, "Template");
  }

  /** The template's id at RunPod. */
  get templateId(): pulumi.Output<string> {
    return this.id;
  }
}
