import type { Cluster, CreateClusterRequest } from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import { round } from "../money/ledger";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { findGpuType } from "../stock/catalog";

/** RunPod's message if it cannot place all pods of a cluster, as seen live. */
const CAPACITY_DETAIL = "Insufficient resources";
/** The GPU types with the networks that clusters need: https://docs.runpod.io/instant-clusters */
const GPU_TYPES: readonly string[] = [
  "NVIDIA A100-SXM4-80GB",
  "NVIDIA H100 80GB HBM3",
  "NVIDIA H200",
  "NVIDIA B200",
];
/** A GPU in a cluster costs that much more than in a pod: $1.908 an hour instead of $1.59, as seen live. */
const NETWORK_SHARE = 1.2;

/** The data center with the most room for all pods. @throws 400 if none has enough */
export function placeCluster(
  world: World,
  account: Account,
  { compute, dataCenterIds = [], mounts }: CreateClusterRequest,
): string {
  const { gpuTypeId, gpuCountPerPod, podCount } = compute;
  const accepted = acceptedPlaces(account, dataCenterIds, mounts?.network?.[0]?.volumeId);
  const room = new Map<string, number>();
  for (const { dataCenterId, free } of world.capacity.poolsOf(gpuTypeId, "SECURE")) {
    const pods = Math.floor(free / gpuCountPerPod);
    room.set(dataCenterId, (room.get(dataCenterId) ?? 0) + pods);
  }
  const [best] = [...room]
    .filter(([id, pods]) => pods >= podCount && (accepted === null || accepted.includes(id)))
    .sort(([, one], [, other]) => other - one);
  const isOffered =
    GPU_TYPES.includes(gpuTypeId) &&
    gpuCountPerPod <= (findGpuType(gpuTypeId)?.maxCount.SECURE ?? 0);
  if (best === undefined || !isOffered) {
    throw new ApiError(400, CAPACITY_DETAIL);
  }
  return best[0];
}

/** Dollars per hour of each pod, without disks. */
export function podPrice({ gpuTypeId, gpuCountPerPod }: Cluster["compute"]): number {
  return round((findGpuType(gpuTypeId)?.price.SECURE ?? 0) * NETWORK_SHARE * gpuCountPerPod);
}

/** Null for any. */
function acceptedPlaces(
  account: Account,
  dataCenterIds: readonly string[],
  volumeId: string | undefined,
): readonly string[] | null {
  if (volumeId === undefined) {
    return dataCenterIds.length > 0 ? dataCenterIds : null;
  }
  const volume = account.networkVolumes.find(volumeId);
  if (!volume) {
    throw notFound("network volume", volumeId);
  }
  return dataCenterIds.length === 0 || dataCenterIds.includes(volume.dataCenter)
    ? [volume.dataCenter]
    : [];
}
