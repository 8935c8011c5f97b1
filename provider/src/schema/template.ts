import type { FieldTable, Values } from "./field";
import { envLeavesRoom, type Problem, problem, type Rule } from "./rules";
import {
  argv,
  cudaVersion,
  env,
  flag,
  listOf,
  mountPath,
  objectId,
  oneOf,
  ports,
  text,
  whole,
} from "./values";

/** What a template holds: a container's settings, for pods to start from. Sizes are in GB. */
export interface TemplateInputs {
  /** The template's name. @default the resource's name and a suffix of its own */
  name?: string;
  /** Creates the template even if another of that name exists outside of this stack. @default false */
  allowDuplicateName?: boolean;
  /** The container image. */
  imageName?: string;
  /** Container disk in GB, wiped at every restart. @default 50 */
  containerDiskInGb?: number;
  /** Persistent disk on the pod's host in GB, 10 or more. */
  volumeInGb?: number;
  /** Where the persistent disk is mounted. @default /workspace if there is one */
  volumeMountPath?: string;
  /** Exposed ports, such as "8000/http" or "22/tcp". At most ten HTTP ports. @default none */
  ports?: string[];
  /** Environment variables. Values are stored encrypted. At most 49. */
  env?: Record<string, string>;
  /** Replaces the image's ENTRYPOINT, and drops its CMD. */
  dockerEntrypoint?: string[];
  /** Replaces the image's CMD. */
  dockerStartCmd?: string[];
  /** The id of stored credentials for a private registry. */
  containerRegistryAuthId?: string;
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

export const templateFields: FieldTable<TemplateInputs> = {
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, change: "local", removal: "change" },
  imageName: {
    value: text,
    required: true,
    change: "update",
    removal: "change",
    wire: "image",
    observed: true,
  },
  containerDiskInGb: {
    value: whole("GB", 1),
    default: 50,
    change: "update",
    removal: "change",
    wire: "disk",
    observed: true,
  },
  volumeInGb: { value: whole("GB", 10), change: "update", removal: "replace", observed: true },
  volumeMountPath: { value: mountPath, change: "update", removal: "change", observed: true },
  ports: {
    value: ports,
    change: "update",
    removal: "clear",
    cleared: [],
    wire: "ports",
    observed: true,
    unordered: true,
  },
  env: {
    value: env,
    change: "update",
    removal: "clear",
    cleared: {},
    wire: "env",
    secret: "values",
    observed: true,
  },
  dockerEntrypoint: {
    value: argv,
    change: "update",
    removal: "clear",
    cleared: [],
    wire: "entrypoint",
    observed: true,
  },
  dockerStartCmd: {
    value: argv,
    change: "update",
    removal: "clear",
    cleared: [],
    wire: "cmd",
    observed: true,
  },
  containerRegistryAuthId: {
    value: objectId,
    change: "update",
    removal: "clear",
    // One client found that null is ignored here; the empty text clears.
    cleared: "",
    wire: "registry",
    observed: true,
  },
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
export const templateRules: readonly Rule[] = [pathNeedsMount, envLeavesRoom];

function pathNeedsMount(inputs: Values): Problem[] {
  if (inputs["volumeMountPath"] === undefined || inputs["volumeInGb"] !== undefined) return [];
  const message =
    "has nothing to mount. Set volumeInGb; a network volume is given to the pod, with its own volumeMountPath";
  return [problem("volumeMountPath", inputs["volumeMountPath"], message)];
}
