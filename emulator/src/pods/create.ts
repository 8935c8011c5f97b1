import type { CreatePodRequest } from "@runpod-stack/openapi";
import { ApiError, CAPACITY_DETAIL, notFound } from "../core/problem";
import { randomId, seededRandom } from "../core/random";
import { checkCredit } from "../money/balance";
import { diskRate } from "../money/billing";
import { openEntry } from "../money/ledger";
import { checkName } from "../objects/checks";
import type { ClusterMember, Pod } from "../state/pod";
import type { Account } from "../state/store";
import { newIdentity, type World } from "../state/world";
import { beginLife } from "./lifecycle";
import { type Placement, placePod, takeGpus } from "./placement";
import { checkRegistry, type ResolvedPod, resolvePod } from "./resolve";
import { checkSpendLimit } from "./spend-limit";

/** A pod that is created as part of a cluster. */
export interface NewMember extends ClusterMember {
  /** Dollars per hour, without disks. */
  readonly price: number;
  readonly env: Readonly<Record<string, string>>;
}

const ID_LENGTH = 14;
const KEY_LENGTH = 40;
const PASSWORD_LENGTH = 20;

/**
 * Places the pod on a machine and starts it.
 * @param member its place in a cluster, with its price and the variables that it gets there
 */
export function createPod(
  world: World,
  account: Account,
  request: CreatePodRequest,
  member?: NewMember,
): Pod {
  checkName(request.name);
  const resolved = resolvePod(world, account, request);
  checkRegistry(account, resolved.registry);
  const placed = placePod(world, account, request, resolved);
  const placement = member ? { ...placed, price: member.price } : placed;
  const persistentGb = resolved.mounts.persistent?.size ?? 0;
  checkCredit(
    account,
    placement.price + diskRate(resolved.disk, persistentGb, true),
    world.clock.now(),
  );
  checkSpendLimit(world, account, placement.price);
  takeGpus(world, placement);

  const now = world.clock.now();
  const identity = newIdentity(world, ID_LENGTH);
  const { image, command, disk, ports, registry, mounts } = resolved;
  const { env: clusterEnv, price: _, ...cluster } = member ?? {};
  const pod: Pod = {
    ...identity,
    name: request.name,
    image,
    command,
    disk,
    ports,
    env: {
      ...resolved.env,
      ...injectedEnv(account, identity.id, resolved, placement),
      ...clusterEnv,
    },
    registry,
    mounts,
    storage: mounts.persistent ? { files: new Map() } : null,
    compute: placement.compute,
    machine: placement.machine,
    price: placement.price,
    locked: false,
    globalNetworking: request.globalNetworking ?? false,
    templateId: request.templateId ?? null,
    createdAt: now,
    ...(member && { cluster: cluster as ClusterMember }),
    life: null,
    lives: 0,
    pulledImage: null,
    history: [],
    entry: openEntry(
      world.store.ledger,
      "pods",
      account,
      { ...identity, name: request.name, clusterId: member?.id },
      now,
    ),
  };
  account.pods.add(pod);
  beginLife(world, account, pod, true);
  return pod;
}

/** The first request that finds a machine: the older APIs try the GPU types themselves. */
export function createFirst(world: World, account: Account, requests: CreatePodRequest[]): Pod {
  for (const request of requests) {
    try {
      return createPod(world, account, request);
    } catch (error) {
      if (!(error instanceof ApiError && error.detail === CAPACITY_DETAIL)) {
        throw error;
      }
    }
  }
  throw new ApiError(400, CAPACITY_DETAIL);
}

/** A pod that may be changed. @throws 409 for one of a cluster */
export function ownPod(account: Account, id: string): Pod {
  const pod = account.pods.find(id);
  if (!pod) {
    throw notFound("pod", id);
  }
  if (pod.cluster) {
    throw new ApiError(
      409,
      `pod "${id}" belongs to cluster "${pod.cluster.id}" and is managed through it`,
    );
  }
  return pod;
}

/** What RunPod adds to the environment at create, and then keeps as if the user had set it. */
function injectedEnv(
  account: Account,
  podId: string,
  { env, mounts, startSsh, startJupyter }: ResolvedPod,
  { compute, machine }: Placement,
): Record<string, string> {
  const random = seededRandom("env", podId);
  const volumeId = mounts.network?.[0]?.volumeId;
  return {
    RUNPOD_POD_ID: podId,
    RUNPOD_POD_HOSTNAME: `${podId}-${machine.id}`,
    RUNPOD_API_KEY: `rpa_${randomId(random, KEY_LENGTH).toUpperCase()}`,
    RUNPOD_CPU_COUNT: String(compute.vcpuCount),
    ...(compute.kind === "gpu" && { RUNPOD_GPU_COUNT: String(compute.count) }),
    ...(machine.dataCenterId && { RUNPOD_DC_ID: machine.dataCenterId }),
    ...(volumeId && { RUNPOD_VOLUME_ID: volumeId }),
    ...(startSsh &&
      account.sshKeys.length > 0 &&
      !env["PUBLIC_KEY"] && { PUBLIC_KEY: account.sshKeys.join("\n") }),
    ...(startJupyter &&
      !env["JUPYTER_PASSWORD"] && { JUPYTER_PASSWORD: randomId(random, PASSWORD_LENGTH) }),
  };
}
