import type { CreateClusterRequest, UpdateClusterRequest } from "../../api";
import {
  type ClusterInputs,
  clusterFields,
  fromWire,
  type Inputs,
  type Reported,
  toWire,
  type WholeCluster,
} from "../../schema";

/** The inputs that only a cluster's pods show. */
export const FIXED_IN_PODS = [
  "imageName",
  "containerDiskInGb",
  "volumeInGb",
  "volumeMountPath",
  "networkVolumeId",
  "ports",
  "dockerEntrypoint",
  "dockerStartCmd",
] as const satisfies readonly (keyof ClusterInputs)[];

/** The request body for some of the inputs. Only the name can be changed. */
export function body(
  inputs: Inputs<ClusterInputs>,
  fields: readonly string[],
): Partial<CreateClusterRequest & UpdateClusterRequest> {
  const request = toWire(clusterFields, inputs, fields as readonly (keyof ClusterInputs)[]);
  if (!fields.includes("podCount")) {
    return request;
  }
  const { gpuTypeIds, gpuCount, podCount, templateId, env } = inputs;
  const mounts = mountsOf(inputs);
  return {
    ...request,
    compute: { gpuTypeId: gpuTypeIds[0] ?? "", gpuCountPerPod: gpuCount, podCount },
    ...(templateId !== undefined && { templateId }),
    ...(env !== undefined && { env }),
    ...(mounts && { mounts }),
  };
}

/** A cluster's inputs as RunPod reports them. Those of the container are known from its pods alone. */
export function observed(cluster: WholeCluster): Reported<ClusterInputs> {
  const { persistent, network = [] } = cluster.members?.[0]?.mounts ?? {};
  return fromWire(clusterFields, cluster, {
    templateId: cluster.template,
    volumeInGb: persistent?.size,
    volumeMountPath: persistent?.path ?? network[0]?.path,
    networkVolumeId: network[0]?.volumeId,
  });
}

function mountsOf(inputs: Inputs<ClusterInputs>): CreateClusterRequest["mounts"] {
  const { networkVolumeId: volumeId, volumeInGb: size, volumeMountPath = "/workspace" } = inputs;
  if (volumeId !== undefined) {
    return { network: [{ volumeId, path: volumeMountPath }] };
  }
  return size === undefined ? undefined : { persistent: { size, path: volumeMountPath } };
}
