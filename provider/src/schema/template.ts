import type { CreateTemplateRequest, Template, UpdateTemplateRequest } from "@runpod-stack/openapi";
import { type ContainerInputs, containerFields } from "./container";
import type { FieldTable, Previewed } from "./field";
import { envLeavesRoom, type Problem, problem, type Rule } from "./rules";
import { cudaVersion, flag, listOf, oneOf, text } from "./values";

/** Inputs of a template: container settings for pods to start from. Sizes are in GB. */
export interface TemplateInputs extends ContainerInputs {
  /** The template's name. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates the template even if another with the same name exists outside this stack. @default false */
  allowDuplicateName?: boolean;
  /** The container image. */
  imageName: string;
  /** Container disk in GB. Wiped on every restart. @default 50 */
  containerDiskInGb?: number;
  /** Persistent disk on the pod's host in GB, at least 10. */
  volumeInGb?: number;
  /** The mount path of the persistent disk. @default /workspace if there is one */
  volumeMountPath?: string;
  /** Host CUDA versions to accept, matched exactly. @default any */
  allowedCudaVersions?: string[];
  /** Sets up SSH with the account's public keys. @default true */
  startSsh?: boolean;
  /** Starts JupyterLab in images that support it. @default true */
  startJupyter?: boolean;
  /** The hardware it is for: `NVIDIA`, `AMD` or `CPU`. @default NVIDIA */
  category?: "NVIDIA" | "AMD" | "CPU";
  /** Whether other accounts can see the template. @default false */
  isPublic?: boolean;
  /** Whether the template is for serverless workers. Pods cannot start from such a template. @default false */
  isServerless?: boolean;
}

// RunPod may ignore null for a template's registry, as another client found; an empty string clears
// it.
const container = containerFields("update", "");

/** RunPod's request and response bodies for templates. */
interface TemplateWire {
  readonly request: CreateTemplateRequest & UpdateTemplateRequest;
  readonly answer: Template;
}

export const templateFields: FieldTable<TemplateInputs, TemplateWire> = {
  ...container,
  imageName: { ...container.imageName, required: true },
  containerDiskInGb: { ...container.containerDiskInGb, default: 50, removal: "change" },
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
  allowedCudaVersions: {
    value: listOf(cudaVersion, "CUDA versions"),
    change: "update",
    removal: "clear",
    cleared: [],
    wire: "allowedCudaVersions",
    observed: true,
    unordered: true,
  },
  startSsh: {
    value: flag,
    default: true,
    change: "update",
    removal: "change",
    wire: "startSsh",
    observed: true,
  },
  startJupyter: {
    value: flag,
    default: true,
    change: "update",
    removal: "change",
    wire: "startJupyter",
    observed: true,
  },
  category: {
    value: oneOf(["NVIDIA", "AMD", "CPU"]),
    default: "NVIDIA",
    change: "update",
    removal: "change",
    wire: "category",
    observed: true,
  },
  isPublic: {
    value: flag,
    default: false,
    change: "update",
    removal: "change",
    wire: "public",
    observed: true,
  },
  isServerless: {
    value: flag,
    default: false,
    change: "update",
    removal: "change",
    wire: "serverless",
    observed: true,
  },
};

/** Rules between a template's fields. */
export const templateRules: readonly Rule<TemplateInputs>[] = [pathNeedsMount, envLeavesRoom];

function pathNeedsMount(inputs: Previewed<TemplateInputs>): Problem[] {
  if (inputs["volumeMountPath"] === undefined || inputs["volumeInGb"] !== undefined) {
    return [];
  }
  const message =
    "has no volume to mount. Set volumeInGb. To mount a network volume, set networkVolumeId and volumeMountPath on the pod";
  return [problem("volumeMountPath", inputs["volumeMountPath"], message)];
}
