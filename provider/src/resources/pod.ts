import type * as pulumi from "@pulumi/pulumi";
import type { PodInputs, PodOutputs } from "../schema";
import { TEMPLATE_RESOLVED } from "../schema/hidden";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { inherited } from "./inherited";
import { ownershipInputs } from "./ownership";
import type { Waivable } from "./policy-waivers";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";
import { withStackTags } from "./stack-tags";
import type { Template } from "./template";

/** Inputs that GPU pods and CPU pods share. */
interface AnyPodArgs extends Args<Omit<PodInputs, "gpuTypeIds" | "cpuFlavorIds">>, Waivable {
  /**
   * A template of this program. Its settings apply where the pod has none. Cannot be combined with
   * `templateId`.
   */
  template?: Template;
}

/** Inputs of a `Pod` with GPUs. */
export interface GpuPodArgs extends AnyPodArgs, Required<Args<Pick<PodInputs, "gpuTypeIds">>> {
  cpuFlavorIds?: undefined;
}

/** Inputs of a `Pod` without GPUs. */
export interface CpuPodArgs extends AnyPodArgs, Required<Args<Pick<PodInputs, "cpuFlavorIds">>> {
  gpuTypeIds?: undefined;
}

/** Inputs of a `Pod`, which is either a GPU pod or a CPU pod. */
export type PodArgs = GpuPodArgs | CpuPodArgs;

const TEMPLATE = { field: "template", kind: "Template", idField: "templateId" } as const;

/**
 * A running container, with GPUs or only CPUs. Creation returns as soon as RunPod assigns an id. Use
 * `PodEndpoint` to wait for the service in it.
 *
 * @example
 * const pod = new Pod("llm", {
 *   imageName: "vllm/vllm-openai:v0.20.0",
 *   gpuTypeIds: ["NVIDIA L40S", "NVIDIA A40"],
 *   containerDiskInGb: 100,
 *   ports: ["8000/http"],
 * });
 */
export class Pod extends DynamicResource {
  static readonly __pulumiType = typeToken("Pod");
  // Whether the program sets the ports, itself or through a template.
  readonly namesPorts: boolean;

  constructor(name: string, args: PodArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Pod", name, args, opts, TEMPLATE);
    const { template, ...own } = withStackTags(args);
    const inputs = template
      ? {
          // A pod has one mount; its own wins over the template's.
          ...inherited(
            own,
            template.settings,
            own.networkVolumeId === undefined ? [] : ["volumeInGb"],
          ),
          templateId: template.id,
          __resolved: true,
          [TEMPLATE_RESOLVED]: true,
        }
      : { ...own, __resolved: undefined };
    // For the warning about a change: a handler cannot see what the engine makes of it.
    const { replaceOnChanges } = opts;
    const forced = replaceOnChanges?.length ? { __replaceOnChanges: replaceOnChanges } : {};
    const withDefaults = { deleteBeforeReplace: true, ...opts };
    super(
      "Pod",
      name,
      { ...inputs, ...forced, ...ownershipInputs("Pod", name, opts) },
      ["name", "desiredStatus"],
      withDefaults,
    );
    this.namesPorts = Object(inputs).ports !== undefined;
  }

  static override isInstance(object: unknown): object is Pod {
    return DynamicResource.isOfKind(object, "Pod");
  }

  /** The pod's id at RunPod. */
  get podId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface Pod
  extends Outputs<PodInputs, "name" | "cloudType" | "desiredStatus">,
    Outputs<PodOutputs> {}
