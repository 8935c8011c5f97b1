import type {
  Cluster,
  CreateClusterRequest,
  Pod,
  UpdateClusterRequest,
} from "@runpod-stack/openapi";
import type { AnyDataCenterId, AnyGpuTypeId } from "./completed";
import type { FieldTable } from "./field";
import { type LabelInputs, labelFields } from "./labels";
import {
  argv,
  env,
  flag,
  gpuTypeId,
  image,
  listOf,
  mountPath,
  objectId,
  oneOf,
  ports,
  text,
  whole,
} from "./values";

/** Inputs of a cluster. Sizes are in GB, and all pods have the same container. */
export interface ClusterInputs extends LabelInputs {
  /** The cluster's name. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates the cluster even if another with the same name exists outside this stack. @default false */
  allowDuplicateName?: boolean;
  /** `TRAINING` and `APPLICATION`: plain pods. `SLURM` and `RAY`: RunPod sets up the scheduler, with rank 0 as its head. @default TRAINING */
  type?: "APPLICATION" | "TRAINING" | "SLURM" | "RAY";
  /** GPU types in the order to try them, by their ids in RunPod's catalog. All pods get the same. */
  gpuTypeIds: AnyGpuTypeId[];
  /** GPUs in each pod, often 8. */
  gpuCount: number;
  /** The number of pods, from 2 to 250. */
  podCount: number;
  /** The container image. Required unless a template sets it. */
  imageName?: string;
  /** Exposed ports of each pod, such as "8000/http" or "22/tcp". At most ten HTTP ports. @default none */
  ports?: string[];
  /** Environment variables of each pod, next to those that RunPod adds. Values are stored encrypted. */
  env?: Record<string, string>;
  /** Replaces the image's ENTRYPOINT, and drops its CMD. */
  dockerEntrypoint?: string[];
  /** Replaces the image's CMD. */
  dockerStartCmd?: string[];
  /** Data centers to prefer. All pods of a cluster are in one. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Container disk of each pod in GB. @default 50, or the template's */
  containerDiskInGb?: number;
  /** Persistent disk of each pod in GB, at least 10. It is deleted with the cluster. */
  volumeInGb?: number;
  /** The mount path of the persistent disks or of the network volume. @default /workspace if there is one */
  volumeMountPath?: string;
  /** The id of a network volume that all pods mount. The cluster is in its data center. */
  networkVolumeId?: string;
  /** The id of a template that sets the whole container, instead of the inputs here. The only way to a private image. */
  templateId?: string;
  /** Sets up SSH with the account's public keys. @default false, or the template's */
  startSsh?: boolean;
  /** Starts JupyterLab in images that support it. @default false, or the template's */
  startJupyter?: boolean;
}

/** Outputs of a cluster. */
export interface ClusterOutputs {
  /** The GPU type that RunPod assigned; null if it does not report it. */
  gpuTypeId: string | null;
  /** The data center of all pods; null until RunPod has placed them. */
  dataCenterId: string | null;
  /** The id of the pod with rank 0, for a `PodEndpoint`; null until RunPod has placed it. */
  primaryPodId: string | null;
  /** The ids of all pods, by rank. A refresh completes them. */
  podIds: string[];
  /** Price of all pods together in USD per hour; null until RunPod shows them all. */
  costPerHr: number | null;
  /** When RunPod created the cluster, in ISO 8601. */
  createdAt: string;
}

/** All stored properties of a cluster. */
export interface ClusterProperties extends ClusterInputs, Partial<ClusterOutputs> {}

/** A cluster, with its pods and what their containers have in common if those were read as well. */
export interface WholeCluster
  extends Cluster,
    Partial<Pick<Pod, "image" | "disk" | "ports" | "entrypoint" | "cmd">> {
  readonly members?: readonly Pod[];
}

/** RunPod's request and response bodies for clusters. */
interface ClusterWire {
  readonly request: CreateClusterRequest & UpdateClusterRequest;
  readonly answer: WholeCluster;
}

/** Nothing but a cluster's name can be changed. */
const fixed = { change: "replace", removal: "replace", observed: true } as const;

export const clusterFields: FieldTable<ClusterInputs, ClusterWire> = {
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
  type: {
    ...fixed,
    value: oneOf(["APPLICATION", "TRAINING", "SLURM", "RAY"]),
    default: "TRAINING",
    removal: "keep",
    wire: "type",
  },
  gpuTypeIds: {
    value: listOf(gpuTypeId, "GPU types", 1),
    required: true,
    change: "placement",
    removal: "change",
    at: ["compute.gpuTypeId"],
  },
  gpuCount: {
    ...fixed,
    value: whole("GPUs", 1),
    required: true,
    wire: "compute.gpuCountPerPod",
  },
  podCount: {
    ...fixed,
    value: whole("pods", 2, 250),
    required: true,
    wire: "compute.podCount",
  },
  dataCenterIds: {
    value: listOf(text, "data centers"),
    change: "placement",
    removal: "keep",
    wire: "dataCenterIds",
    unordered: true,
    anyCase: true,
  },
  imageName: { ...fixed, value: image, wire: "image" },
  containerDiskInGb: { ...fixed, value: whole("GB", 1), removal: "keep", wire: "disk" },
  volumeInGb: { ...fixed, value: whole("GB", 10), at: ["mounts.persistent.size"] },
  volumeMountPath: {
    ...fixed,
    value: mountPath,
    removal: "keep",
    at: ["mounts.persistent.path", "mounts.network.0.path"],
  },
  networkVolumeId: { ...fixed, value: objectId, at: ["mounts.network.0.volumeId"] },
  ports: { ...fixed, value: ports, wire: "ports", unordered: true },
  // RunPod reports them mixed with its own.
  env: { value: env, change: "replace", removal: "replace", at: ["env"], secret: "values" },
  dockerEntrypoint: { ...fixed, value: argv, wire: "entrypoint" },
  dockerStartCmd: { ...fixed, value: argv, wire: "cmd", at: ["args"] },
  templateId: { ...fixed, value: objectId, at: ["templateId"] },
  // RunPod never reports these two.
  startSsh: { value: flag, unset: false, change: "replace", removal: "keep", wire: "startSsh" },
  startJupyter: {
    value: flag,
    unset: false,
    change: "replace",
    removal: "keep",
    wire: "startJupyter",
  },
  ...labelFields,
};
