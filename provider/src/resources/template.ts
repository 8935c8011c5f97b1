import type * as pulumi from "@pulumi/pulumi";
import type { TemplateInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Waivable } from "./policy-waivers";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `Template`. */
export interface TemplateArgs extends Args<TemplateInputs>, Waivable {}

/**
 * A reusable set of container settings. They apply to a `Pod` with this template where the pod has
 * none, so a later change to the template reaches the pod.
 *
 * @example
 * const template = new Template("vllm", { imageName: "vllm/vllm-openai:v0.16.0", ports: ["8000/http"] });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Template extends DynamicResource {
  static readonly __pulumiType = typeToken("Template");
  /** The program's inputs, which a `Pod` made from the template inherits. */
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

export interface Template extends Outputs<TemplateInputs, TemplateDefault> {}

type TemplateDefault =
  | "name"
  | "containerDiskInGb"
  | "startSsh"
  | "startJupyter"
  | "category"
  | "isPublic"
  | "isServerless";
