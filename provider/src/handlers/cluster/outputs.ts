import { costOfPods } from "../../api";
import type { ClusterProperties, Stored, Values, WholeCluster } from "../../schema";

/** The stored outputs of a cluster. What RunPod does not report this time stays as it was. */
export function clusterOutputs(cluster: WholeCluster, old: Stored<ClusterProperties>): Values {
  const { compute, members } = cluster;
  const first = members?.find((pod) => pod.cluster?.rank === 0);
  const isWhole = members !== undefined && members.length === compute?.podCount;
  return {
    gpuTypeId: compute?.gpuTypeId ?? old["gpuTypeId"] ?? null,
    dataCenterId: cluster.dataCenterId ?? first?.dataCenterId ?? old["dataCenterId"] ?? null,
    primaryPodId: cluster.primary?.podId ?? first?.id ?? old["primaryPodId"] ?? null,
    podIds: members?.map(({ id }) => id) ?? old["podIds"] ?? [],
    costPerHr: isWhole ? costOfPods(members) : (old["costPerHr"] ?? null),
    createdAt: cluster.createdAt ?? old["createdAt"],
  };
}

/** Whether stored outputs lack what only a cluster's pods show. */
export function lacksOutputs(stored: Stored<ClusterProperties>): boolean {
  const { primaryPodId, podIds = [], podCount = 2, costPerHr } = stored;
  return [primaryPodId, costPerHr].some((value) => value == null) || podIds.length < podCount;
}
