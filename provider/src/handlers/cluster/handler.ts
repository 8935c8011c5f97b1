import type { CreateClusterRequest, UpdateClusterRequest } from "../../api";
import {
  type ClusterInputs,
  type ClusterProperties,
  clusterFields,
  listed,
  type Stored,
  type WholeCluster,
} from "../../schema";
import { firstAccepted } from "../lifecycle/candidates";
import { clusterBill } from "../lifecycle/clusters";
import type { Handler } from "../lifecycle/handler";
import { labeled } from "../lifecycle/labels";
import { namedHandler } from "../lifecycle/named-handler";
import { changesFound, clusterChanges, clusterWarnings, isFitting } from "./changes";
import { check } from "./check";
import { clusterOutputs, lacksOutputs } from "./outputs";
import { settled, whole } from "./pods";
import { body, FIXED_IN_PODS, observed } from "./wire";

const named = namedHandler<ClusterInputs, WholeCluster, CreateClusterRequest, UpdateClusterRequest>(
  {
    kind: "Cluster",
    fields: clusterFields,
    objects: ({ clusters, api }) => ({
      snapshot: clusters,
      api: {
        ...api.clusters,
        get: async (id) => whole(api, await api.clusters.get(id)),
        update: async (id, changes) => whole(api, await api.clusters.update(id, changes)),
      },
    }),
    check,
    changes: clusterChanges,
    warnings: clusterWarnings,
    body,
    observed,
    // Nothing can change them, and another spelling of a value must not replace a cluster.
    drift: () => Object.fromEntries(FIXED_IN_PODS.map((field) => [field, undefined])),
    outputs: clusterOutputs,
    lacks: lacksOutputs,
    fits: isFitting,
    settled,
    changesFound,
    discardsLost: true,
    deletion: ({ api }, id, stored) => ({
      get: () => api.clusters.get(id),
      bill: (cluster) => clusterBill(cluster, (stored as Stored<ClusterProperties>)["costPerHr"]),
    }),
  },
);

const handler: Handler<ClusterInputs> = {
  ...named,

  async create(context, inputs) {
    const types = listed(inputs["gpuTypeIds"]).map(String);
    const placed = {
      what: `cluster '${inputs["name"]}'`,
      noun: "GPU type",
      field: "gpuTypeIds",
      otherwise: "accept more dataCenterIds, lower podCount",
    };
    const created = await firstAccepted(
      placed,
      types,
      (type) => type,
      // The first of the list is sent.
      (type) => {
        const others = types.filter((other) => other !== type);
        return named.create(context, { ...inputs, gpuTypeIds: [type, ...others] });
      },
    );
    return { ...created, outputs: { ...created.outputs, gpuTypeIds: inputs["gpuTypeIds"] } };
  },
};

/** Clusters: equal pods on one network. Creation returns once RunPod has placed them. */
export const clusterHandler = labeled("Cluster", handler);
