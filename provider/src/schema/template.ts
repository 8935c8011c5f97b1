import type { CreateTemplateRequest, Template, UpdateTemplateRequest } from "@runpod-stack/openapi";
import { type ContainerInputs, containerFields } from "./container";
import type { FieldTable, Previewed } from "./field";
import { envLeavesRoom, type Problem, problem, type Rule } from "./rules";
import { cudaVersion, flag, listOf, oneOf, text } from "./values";

/** What a template holds: a container's settings, for pods to start from. Sizes are in GB. */
export interface TemplateInputs extends ContainerInputs {
  /** The template's name. @default the resource's name and a suffix of its own */
  name?: string;
  /** Creates the template even if another of that name exists outside of this stack. @default false */
  allowDuplicateName?: boolean;
  /** The container image. */
  imageName: string;
  /** Container disk in GB, wiped at every restart. @default 50 */
  containerDiskInGb?: number;
  /** Persistent disk on the pod's host in GB, 10 or more. */
  volumeInGb?: number;
  /** Where the persistent disk is mounted. @default /workspace if there is one */
  volumeMountPath?: string;
  /** Host CUDA versions to accept, matched exactly. @default any */
  allowedCudaVersions?: string[];
  /** Sets up SSH with the account's public keys. @default true */
  startSsh?: boolean;
  /** Starts JupyterLab in images that know how. @default true */
  startJupyter?: boolean;
  /** The hardware it is for: `NVIDIA`, `AMD` or `CPU`. @default NVIDIA */
  category?: "NVIDIA" | "AMD" | "CPU";
  /** Whether other accounts see it. @default false */
  isPublic?: boolean;
  /** Whether it is for serverless workers; pods cannot start from it then. @default false */
  isServerless?: boolean;
}

// One client found that null is ignored for a template's registry; the empty text clears.
const container = containerFields("update", "");

/** The bodies of RunPod's API in which templates travel. */
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

/** What holds between a template's fields. */
export const templateRules: readonly Rule<TemplateInputs>[] = [pathNeedsMount, envLeavesRoom];

function pathNeedsMount(inputs: Previewed<TemplateInputs>): Problem[] {
  if (inputs["volumeMountPath"] === undefined || inputs["volumeInGb"] !== undefined) return [];
  const message =
    "has nothing to mount. Set volumeInGb; a network volume is given to the pod, with its own volumeMountPath";
  return [problem("volumeMountPath", inputs["volumeMountPath"], message)];
}
