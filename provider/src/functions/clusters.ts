import type * as pulumi from "@pulumi/pulumi";
import { type Cluster, costOfPods, type Pod } from "../api";
import type { Settings } from "../core/settings";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { byAge, findOne, fits } from "./one";
import { type PodInfo, podInfoOf } from "./pods";

/** Arguments of `getCluster`: an id or a name. */
export interface GetClusterArgs {
  /** The cluster's id. */
  clusterId?: string;
  /** The cluster's name, if only one has it. */
  name?: string;
}

/** Arguments of `getClusters`. */
export interface GetClustersArgs {
  /** Only clusters with this name, in which * stands for any characters. @default any */
  name?: string;
  /** Only clusters of this type, such as "SLURM". @default any */
  type?: "APPLICATION" | "TRAINING" | "SLURM" | "RAY";
}

/** Result of `getClusters`. */
export interface GetClustersResult {
  /** The clusters' ids, newest first. */
  ids: string[];
  /** The clusters in the same order, without their pods: `getCluster` reads those. */
  clusters: ClusterInfo[];
}

/** Result of `getCluster`. */
export interface GetClusterResult extends ClusterInfo {
  /** The pods, by rank. */
  pods: ClusterPodInfo[];
  /** Price of all pods together in USD per hour; null if RunPod does not report that of each. */
  costPerHr: number | null;
}

/** An Instant Cluster of the account. */
export interface ClusterInfo {
  /** The cluster's id. */
  clusterId: string;
  /** The cluster's name. */
  name: string;
  /** `APPLICATION`, `TRAINING`, `SLURM` or `RAY`. */
  type: string;
  /** The GPU type of all pods; null if RunPod does not report it. */
  gpuTypeId: string | null;
  /** GPUs in each pod; null if RunPod does not report it. */
  gpuCount: number | null;
  /** The number of pods that were asked for; null if RunPod does not report it. */
  podCount: number | null;
  /** How many pods there are of each status, such as { RUNNING: 2 }. */
  podStatuses: Record<string, number>;
  /** The template that the pods were created from; null if there is none. */
  templateId: string | null;
  /** The data center; null until RunPod has placed the pods. */
  dataCenterId: string | null;
  /** The pod with rank 0; null until RunPod has placed it. */
  primaryPodId: string | null;
  /** The public SSH address of the pod with rank 0, such as "203.0.113.7:10022"; null if there is none. */
  sshAddress: string | null;
  /** The address range of the pods' own network; null until it exists. */
  networkCidr: string | null;
  /** When RunPod created the cluster, in ISO 8601. */
  createdAt: string;
}

/** A pod of a cluster. */
export interface ClusterPodInfo extends PodInfo {
  /** Its place in the cluster, from 0; null until RunPod assigns it. */
  rank: number | null;
  /** Its role in a SLURM or RAY cluster, such as "RAY_HEAD"; null in others. */
  role: string | null;
  /** Its address on the cluster's own network; null until RunPod assigns it. */
  clusterIp: string | null;
}

/**
 * Reads a cluster that this program does not manage, with its pods. Fails if there is none, or more
 * than one with the name.
 *
 * @example
 * const { primaryPodId, pods } = await getCluster({ name: "train" });
 */
export function getCluster(
  args: GetClusterArgs,
  opts: FunctionOptions = {},
): Promise<GetClusterResult> {
  return call(one, args, opts);
}

/** Like `getCluster`, with arguments that may be outputs. */
export function getClusterOutput(
  args: OutputArgs<GetClusterArgs>,
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetClusterResult> {
  return callOutput(one, args, opts);
}

/**
 * Finds clusters of the account, newest first.
 *
 * @example
 * const { clusters } = await getClusters({ name: "train-*" });
 */
export function getClusters(
  args: GetClustersArgs = {},
  opts: FunctionOptions = {},
): Promise<GetClustersResult> {
  return call(many, args, opts);
}

/** Like `getClusters`, with arguments that may be outputs. */
export function getClustersOutput(
  args: OutputArgs<GetClustersArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetClustersResult> {
  return callOutput(many, args, opts);
}

const one: Definition<GetClusterArgs, GetClusterResult> = {
  name: "getCluster",
  arguments: ({ objectId, text }) => ({ clusterId: objectId, name: text }),
  async read(account, { clusterId, name }) {
    const { clusters } = account.api;
    const kind = { noun: "cluster", idField: "clusterId", ...clusters };
    const cluster = await findOne(account, kind, { id: clusterId, name });
    const members = await clusters.pods(cluster.id);
    const pods = members.map((pod) => memberOf(pod, account.settings)).toSorted(byRank);
    return { ...infoOf(cluster), pods, costPerHr: costOfPods(members) };
  },
};

const many: Definition<GetClustersArgs, GetClustersResult> = {
  name: "getClusters",
  arguments: ({ oneOf, text }) => ({
    name: text,
    type: oneOf(["APPLICATION", "TRAINING", "SLURM", "RAY"]),
  }),
  async read({ api }, { name, type }) {
    const clusters = (await api.clusters.list())
      .filter((cluster) => fits(cluster.name, name) && cluster.type === (type ?? cluster.type))
      .toSorted(byAge)
      .map(infoOf);
    return { ids: clusters.map(({ clusterId }) => clusterId), clusters };
  },
};

function infoOf(cluster: Cluster): ClusterInfo {
  const { compute, pods, primary, network } = cluster;
  return {
    clusterId: cluster.id,
    name: cluster.name,
    type: cluster.type,
    gpuTypeId: compute?.gpuTypeId ?? null,
    gpuCount: compute?.gpuCountPerPod ?? null,
    podCount: compute?.podCount ?? null,
    podStatuses: { ...pods?.byStatus },
    templateId: cluster.template ?? null,
    dataCenterId: cluster.dataCenterId ?? null,
    primaryPodId: primary?.podId ?? null,
    sshAddress: primary?.sshEndpoint ?? null,
    networkCidr: network?.cidr ?? null,
    createdAt: cluster.createdAt,
  };
}

/** What has no rank yet comes last. */
function byRank(one: ClusterPodInfo, other: ClusterPodInfo): number {
  return (
    (one.rank ?? Number.MAX_SAFE_INTEGER) - (other.rank ?? Number.MAX_SAFE_INTEGER) ||
    one.podId.localeCompare(other.podId)
  );
}

function memberOf(pod: Pod, settings: Settings): ClusterPodInfo {
  const { rank = null, role = null, ip = null } = pod.cluster ?? {};
  return { ...podInfoOf(pod, settings), rank, role, clusterIp: ip };
}
