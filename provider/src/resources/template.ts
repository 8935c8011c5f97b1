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
 * A reusable set of container settings. Given to a `Pod`, its settings become the pod's own where
 * the pod has none, so that a later change of the template reaches the pod.
 *
 * @example
 * const template = new Template("vllm", { imageName: "vllm/vllm-openai:v0.16.0", ports: ["8000/http"] });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Template extends DynamicResource {
  static readonly __pulumiType = typeToken("Template");
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

export interface Template extends Outputs<TemplateInputs, TemplateDefault> {}

type TemplateDefault =
  | "name"
  | "containerDiskInGb"
  | "startSsh"
  | "startJupyter"
  | "category"
  | "isPublic"
  | "isServerless";
