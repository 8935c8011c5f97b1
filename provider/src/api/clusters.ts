import {
  type Cluster,
  type CreateClusterRequest,
  type Pod,
  type UpdateClusterRequest,
  zCluster,
  zPod,
} from "@runpod-stack/openapi";
import type { CallOptions, HttpClient } from "../http/client";
import { path } from "../http/path";
import { type Collection, collection, listAll } from "./collection";
import { objectReader } from "./reader";
import { withCommand } from "./stored-command";

export interface ClustersApi
  extends Collection<Cluster, CreateClusterRequest, UpdateClusterRequest> {
  /** The cluster's pods. Only the cluster's deletion ends them. */
  pods(id: string, options?: CallOptions): Promise<Pod[]>;
}

/** What pods cost together in USD per hour; null if RunPod leaves out a price. */
export function costOfPods(pods: readonly { readonly cost?: number }[]): number | null {
  const costs = pods.map(({ cost }) => cost);
  const sum = costs.reduce<number>((total, cost) => total + (cost ?? 0), 0);
  return costs.includes(undefined) ? null : Number(sum.toPrecision(6));
}

export function clusters(client: HttpClient, log: (text: string) => void): ClustersApi {
  const readPod = objectReader<Pod>("pod", zPod, log);
  const common: Collection<Cluster, CreateClusterRequest, UpdateClusterRequest> = collection(
    client,
    {
      noun: "cluster",
      root: path`/clusters`,
      key: "clusters",
      read: objectReader<Cluster>("cluster", zCluster, log),
    },
  );
  return {
    ...common,
    create: (body, call) => withCommand(body, (form) => common.create(form, call)),
    async pods(id, options) {
      const call = { ...options, operation: `listing pods of cluster ${id}` };
      return listAll(client, path`/clusters/${id}/pods`, "pods", readPod, call);
    },
  };
}
