import * as pulumi from "@pulumi/pulumi";
import type { ServerlessEndpointInputs, ServerlessEndpointOutputs } from "../schema";
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
import { Volume } from "./volume";

/** Inputs that GPU endpoints and CPU endpoints share. */
interface AnyServerlessEndpointArgs
  extends Args<Omit<ServerlessEndpointInputs, "gpuTypeIds" | "cpuFlavorIds">>,
    Waivable {
  /**
   * A template of this program, with `isServerless: true`. Its settings apply where the endpoint has
   * none. Cannot be combined with `templateId`.
   */
  template?: Template;
}

/** Inputs of a `ServerlessEndpoint` with GPUs. */
export interface GpuServerlessEndpointArgs
  extends AnyServerlessEndpointArgs,
    Required<Args<Pick<ServerlessEndpointInputs, "gpuTypeIds">>> {
  cpuFlavorIds?: undefined;
}

/** Inputs of a `ServerlessEndpoint` without GPUs. */
export interface CpuServerlessEndpointArgs
  extends AnyServerlessEndpointArgs,
    Required<Args<Pick<ServerlessEndpointInputs, "cpuFlavorIds">>> {
  gpuTypeIds?: undefined;
}

/** Inputs of a `ServerlessEndpoint`, which is either a GPU endpoint or a CPU endpoint. */
export type ServerlessEndpointArgs = GpuServerlessEndpointArgs | CpuServerlessEndpointArgs;

const TEMPLATE = { field: "template", kind: "Template", idField: "templateId" } as const;
/** What a template may set for pods only. */
const FOR_PODS = ["volumeInGb", "volumeMountPath", "startSsh", "startJupyter"] as const;

/**
 * Workers that RunPod starts and stops by demand, behind a queue of jobs or a load balancer.
 * Creation returns as soon as RunPod assigns an id.
 *
 * @example
 * const endpoint = new ServerlessEndpoint("llm", {
 *   imageName: "runpod/worker-v1-vllm:v2.7.0stable-cuda12.1.0",
 *   gpuTypeIds: ["NVIDIA L40S", "NVIDIA A40"],
 *   workersMax: 3,
 *   env: { MODEL_NAME: "Qwen/Qwen3-0.6B" },
 * });
 * export const { openaiBaseUrl } = endpoint;
 */
export class ServerlessEndpoint extends DynamicResource {
  static readonly __pulumiType = typeToken("ServerlessEndpoint");

  constructor(name: string, args: ServerlessEndpointArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("ServerlessEndpoint", name, args, opts, TEMPLATE);
    const { template, ...own } = withStackTags(args);
    const inputs = template
      ? {
          ...inherited(own, template.settings, FOR_PODS),
          templateId: template.id,
          __resolved: true,
          [TEMPLATE_RESOLVED]: true,
          __serverlessTemplate: pulumi
            .output(template.settings.isServerless)
            .apply((isServerless) => isServerless === true),
        }
      : { ...own, __resolved: undefined };
    const places = placesOf(own.networkVolumeIds);
    super(
      "ServerlessEndpoint",
      name,
      {
        ...inputs,
        ...(places !== undefined && { __volumePlaces: places }),
        ...ownershipInputs("ServerlessEndpoint", name, opts),
      },
      ["name"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is ServerlessEndpoint {
    return DynamicResource.isOfKind(object, "ServerlessEndpoint");
  }

  /** The endpoint's id at RunPod. */
  get endpointId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface ServerlessEndpoint
  extends Outputs<ServerlessEndpointInputs, EndpointDefault>,
    Outputs<ServerlessEndpointOutputs> {}

type EndpointDefault =
  | "name"
  | "type"
  | "workersMin"
  | "workersMax"
  | "scalerType"
  | "scalerValue"
  | "flashboot"
  | "executionTimeout"
  | "drainTimeout";

/**
 * The data center of each network volume that is a volume of this program, and null for others.
 * Undefined if there are none.
 */
function placesOf(ids: unknown): pulumi.Output<(string | null)[]> | undefined {
  if (!Array.isArray(ids)) {
    return undefined;
  }
  const volumes = ids.map(volumeOf);
  if (volumes.every((volume) => volume === undefined)) {
    return undefined;
  }
  return pulumi.all(volumes.map((volume) => volume?.dataCenterId ?? null));
}

/** The volume whose id an output is. */
function volumeOf(id: unknown): Volume | undefined {
  if (!pulumi.Output.isInstance(id)) {
    return undefined;
  }
  // Pulumi uses it to find out on what a resource depends, and its types leave it out.
  const sources = (id as unknown as { resources(): ReadonlySet<object> }).resources();
  const [only, ...others] = [...sources];
  return others.length === 0 && Volume.isInstance(only) ? only : undefined;
}
