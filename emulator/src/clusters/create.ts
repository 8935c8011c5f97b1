import type { CreateClusterRequest, CreatePodRequest, PodCluster } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import { checkCredit } from "../money/balance";
import { openEntry } from "../money/ledger";
import { checkName } from "../objects/checks";
import { createPod, type NewMember } from "../pods/create";
import { checkSpendLimit } from "../pods/spend-limit";
import type { Cluster } from "../state/account-objects";
import type { Account } from "../state/store";
import { newIdentity, type World } from "../state/world";
import { findGpuType } from "../stock/catalog";
import { placeCluster, podPrice } from "./placement";

const ID_LENGTH = 14;
/** A free port of the primary pod, as the pods are given it. */
const PRIMARY_PORT = "29400";

/** What a request with a template leaves to the template. */
const OF_TEMPLATE = [
  "image",
  "args",
  "entrypoint",
  "cmd",
  "disk",
  "env",
  "ports",
  "mounts",
] as const satisfies readonly (keyof CreateClusterRequest)[];

/** Rents all pods of the cluster, in one data center, or none. */
export function createCluster(
  world: World,
  account: Account,
  request: CreateClusterRequest,
): Cluster {
  checkName(request.name);
  checkContainer(request);
  const { name, type, compute, templateId = null, ...settings } = request;
  const { gpuTypeId, gpuCountPerPod, podCount } = compute;
  if (!findGpuType(gpuTypeId)) {
    throw new ApiError(400, `GPU type "${gpuTypeId}" not found`);
  }
  const dataCenterId = placeCluster(world, account, request);
  const price = podPrice(compute) * podCount;
  checkCredit(account, price, world.clock.now());
  checkSpendLimit(world, account, price);

  const identity = newIdentity(world, ID_LENGTH);
  const pod: CreatePodRequest = {
    ...settings,
    ...(templateId !== null && { templateId }),
    name,
    gpu: { id: gpuTypeId, count: gpuCountPerPod },
    dataCenterIds: [dataCenterId],
  };
  for (let rank = 0; rank < podCount; rank++) {
    const named = { ...pod, name: `${name}-${rank}` };
    createPod(world, account, named, memberOf(identity.id, request, rank));
  }
  const now = world.clock.now();
  const entry = openEntry(world.store.ledger, "clusters", account, { ...identity, name }, now);
  const cluster = { ...identity, name, type, compute, templateId, createdAt: now, entry };
  account.clusters.add(cluster);
  return cluster;
}

/** @throws 400 for a container that is described twice, or not at all */
function checkContainer(request: CreateClusterRequest): void {
  if (request.templateId === undefined) {
    if (!request.image) {
      throw new ApiError(400, "image is required unless templateId is set");
    }
    return;
  }
  const field = OF_TEMPLATE.find((name) => request[name] !== undefined);
  if (field !== undefined) {
    throw new ApiError(400, `templateId and ${field} are mutually exclusive`);
  }
}

/** What is special about one of the pods, with the variables that RunPod gives each. */
function memberOf(id: string, { type, compute }: CreateClusterRequest, rank: number): NewMember {
  const primary = addressOf(0);
  const role = roleOf(type, rank);
  return {
    id,
    rank,
    ...(role && { role }),
    ip: addressOf(rank),
    price: podPrice(compute),
    env: {
      PRIMARY_ADDR: primary,
      MASTER_ADDR: primary,
      PRIMARY_PORT,
      MASTER_PORT: PRIMARY_PORT,
      NODE_ADDR: addressOf(rank),
      NODE_RANK: String(rank),
      NUM_NODES: String(compute.podCount),
      NUM_TRAINERS: String(compute.gpuCountPerPod),
      HOST_NODE_ADDR: `${primary}:${PRIMARY_PORT}`,
      WORLD_SIZE: String(compute.podCount * compute.gpuCountPerPod),
    },
  };
}

function addressOf(rank: number): string {
  return `10.65.0.${rank + 2}`;
}

function roleOf(type: Cluster["type"], rank: number): PodCluster["role"] {
  switch (type) {
    case "SLURM":
      return rank === 0 ? "SLURM_CONTROLLER" : "SLURM_COMPUTE";
    case "RAY":
      return rank === 0 ? "RAY_HEAD" : "RAY_WORKER";
    default:
      return undefined;
  }
}
