import * as pulumi from "@pulumi/pulumi";
import type { PodInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { type Args, DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import { refuseMistakes } from "./refusals";
import type { Template, TemplateArgs } from "./template";

/** Inputs of a `Pod`. */
export type PodArgs = Omit<Args<PodInputs>, "templateId"> & {
  /** The id of a template that this program does not manage. Not together with `template`. */
  templateId?: pulumi.Input<string>;
  /** A template of this program: its settings become the pod's own where the pod has none. */
  template?: Template;
};

const TEMPLATE = { field: "template", kind: "Template", idField: "templateId" } as const;

const OUTPUTS = [
  "name",
  "desiredStatus",
  "revision",
  "gpuTypeId",
  "dataCenterId",
  "costPerHr",
  "endpointUrls",
  "sshCommand",
  "createdAt",
];

/**
 * A running container with GPUs. Creating it returns as soon as RunPod has given it an id; waiting
 * for the service in it is `PodEndpoint`'s work.
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
  declare readonly name: pulumi.Output<string>;
  /** Whether the program wants it to run: RUNNING or EXITED. */
  declare readonly desiredStatus: pulumi.Output<string>;
  /** The exposed ports, if the program names any. */
  declare readonly ports?: pulumi.Output<string[]>;
  /** Counts the container's lives: raised by every change that restarts it. */
  declare readonly revision: pulumi.Output<number>;
  /** The GPU type that was obtained; null on a CPU pod. */
  declare readonly gpuTypeId: pulumi.Output<string | null>;
  /** Where the pod runs; null until RunPod has placed it. */
  declare readonly dataCenterId: pulumi.Output<string | null>;
  /** Price in USD per hour. */
  declare readonly costPerHr: pulumi.Output<number>;
  /** The proxy URL of each HTTP port. */
  declare readonly endpointUrls: pulumi.Output<Record<string, string>>;
  /** A shell through RunPod's SSH proxy; null until the pod has a machine. */
  declare readonly sshCommand: pulumi.Output<string | null>;
  declare readonly createdAt: pulumi.Output<string>;

  constructor(name: string, args: PodArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Pod", name, args, opts, TEMPLATE);
    const { template, ...own } = args;
    const inputs = template
      ? { ...inherited(own, template.settings), templateId: template.id, __resolved: true }
      : own;
    // For the warning of a change: what the engine makes of it, a handler does not see.
    const { replaceOnChanges } = opts;
    const forced = replaceOnChanges?.length ? { __replaceOnChanges: replaceOnChanges } : {};
    const withDefaults = { deleteBeforeReplace: true, ...opts };
    super(
      "Pod",
      name,
      { ...inputs, ...forced, ...ownershipInputs("Pod", name, opts) },
      OUTPUTS,
      withDefaults,
    );
  }

  static override isInstance(object: unknown): object is Pod {
    return DynamicResource.isOfKind(object, "Pod");
  }

  /** The pod's id at RunPod. */
  get podId(): pulumi.Output<string> {
    return this.id;
  }
}

/** The pod's inputs with the template's settings where it has none; env is merged by name. */
function inherited(own: Args<PodInputs>, template: TemplateArgs): Record<string, unknown> {
  const env = pulumi
    .all([template.env, own.env])
    .apply(([base, over]) => (base || over ? { ...base, ...over } : undefined));
  const {
    name: _,
    category: __,
    isPublic: ___,
    isServerless: ____,
    allowDuplicateName: _____,
    ...settings
  } = template;
  // What a program names without a value, it does not set.
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...settings,
    // A pod mounts one volume and knows one CUDA constraint: its own wins over the template's.
    ...(own.networkVolumeId !== undefined && { volumeInGb: undefined }),
    ...(own.minCudaVersion !== undefined && { allowedCudaVersions: undefined }),
    ...given,
    // The handlers seal every value by itself: names stay visible in diffs, values never are.
    env: pulumi.unsecret(env),
  };
}
