import { hourlyPrice } from "@runpod-stack/models";
import type { Cluster } from "../../api";
import { priceText } from "./bill";

/** How messages name a cluster that is in no state. */
export function clusterText(cluster: Pick<Cluster, "id" | "name" | "compute">): string {
  return `cluster ${cluster.id} '${cluster.name}', ${shapeOf(cluster)}`;
}

/** What a cluster costs while it exists, to follow "is". @param perHr in USD, if it is known */
export function clusterBill(cluster: Pick<Cluster, "compute"> | undefined, perHr: unknown): string {
  const pods = cluster === undefined ? "all its pods" : shapeOf(cluster);
  return typeof perHr === "number" ? `billed at ${priceText(perHr)}` : `billed for ${pods}`;
}

/** The bundled prices of the GPUs, in USD per hour; undefined if one is not known. Clusters may cost more. */
export function clusterPrice({ compute }: Pick<Cluster, "compute">): number | undefined {
  const { gpuTypeId, gpuCountPerPod: gpuCount = 1, podCount = 1 } = compute ?? {};
  const pod = hourlyPrice({
    gpuTypeIds: [gpuTypeId ?? ""],
    gpuCount,
    cloudType: "SECURE",
    containerDiskInGb: 0,
    volumeInGb: 0,
  });
  return pod === null ? undefined : pod.perHour * podCount;
}

function shapeOf({ compute }: Pick<Cluster, "compute">): string {
  return compute === undefined
    ? "size unknown"
    : `${compute.podCount} pods of ${compute.gpuCountPerPod} × ${compute.gpuTypeId}`;
}
