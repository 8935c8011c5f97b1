import type {
  CreateNetworkVolumeRequest,
  NetworkVolume as NetworkVolumeView,
  UpdateNetworkVolumeRequest,
} from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import { HOUR_MS, networkVolumeRate, restOfUnit, type VolumeType } from "../money/billing";
import { charge, closeEntry, openEntry, spend } from "../money/ledger";
import type { Account, NetworkVolume } from "../state/store";
import { newIdentity, type World } from "../state/world";
import { DATA_CENTERS, findDataCenter } from "../stock/catalog";
import { checkName } from "./checks";

const ID_LENGTH = 10;

/** @throws 400 if the data center has no such volumes, with the names of those that do. */
export function createNetworkVolume(
  world: World,
  account: Account,
  fields: CreateNetworkVolumeRequest,
): NetworkVolume {
  const { name, size, dataCenter, type = "STANDARD" } = fields;
  checkName(name);
  checkDataCenter(dataCenter, type);
  const now = world.clock.now();
  const identity = newIdentity(world, ID_LENGTH);
  const entry = openEntry(
    world.store.ledger,
    "networkVolumes",
    account,
    { ...identity, name },
    now,
  );
  const volume = {
    ...identity,
    name,
    size,
    dataCenter,
    type,
    storage: { files: new Map() },
    entry,
  };
  account.networkVolumes.add(volume);
  charge(account, entry, networkVolumeRate(size, type), now);
  return volume;
}

/** @throws 400 if it would shrink. */
export function updateNetworkVolume(
  world: World,
  account: Account,
  volume: NetworkVolume,
  fields: UpdateNetworkVolumeRequest,
): NetworkVolume {
  const { name = volume.name, size = volume.size } = fields;
  checkName(name);
  if (size < volume.size) {
    throw new ApiError(
      400,
      `network volume size cannot be reduced (current ${volume.size} GB, requested ${size} GB)`,
    );
  }
  volume.name = name;
  volume.entry.name = name;
  volume.size = size;
  charge(account, volume.entry, networkVolumeRate(size, volume.type), world.clock.now());
  return volume;
}

/** @throws 400 while a pod, running or stopped, or an endpoint mounts it. */
export function deleteNetworkVolume(world: World, account: Account, volume: NetworkVolume): void {
  const holders = [...account.pods.peek(), ...account.pods.ghosts()].filter(
    ({ mounts }) => mounts.network?.[0]?.volumeId === volume.id,
  );
  if (holders.length > 0) {
    const ids = holders.map(({ id }) => id).join(", ");
    throw new ApiError(400, `network volume "${volume.id}" is in use by pod ${ids}`);
  }
  const endpoint = [...account.endpoints.peek(), ...account.endpoints.ghosts()].find(
    ({ networkVolumes }) => networkVolumes.includes(volume.id),
  );
  if (endpoint) {
    throw new ApiError(400, `network volume "${volume.id}" is in use by endpoint ${endpoint.id}`);
  }
  account.networkVolumes.remove(volume.id);
  payBegunHour(account, volume, world.clock.now());
  closeEntry(account, volume.entry, world.clock.now());
}

/** RunPod bills network volumes by the hour. That a begun hour counts in full is an assumption. */
function payBegunHour(account: Account, { entry, size, type }: NetworkVolume, now: number): void {
  const rest = restOfUnit(now - entry.createdAt, HOUR_MS);
  spend(account, entry, (networkVolumeRate(size, type) * rest) / HOUR_MS);
}

export function ownNetworkVolume(account: Account, id: string): NetworkVolume {
  const volume = account.networkVolumes.find(id);
  if (!volume) {
    throw notFound("network volume", id);
  }
  return volume;
}

/** As v2 answers. */
export function networkVolumeView({
  id,
  name,
  size,
  dataCenter,
  type,
}: NetworkVolume): NetworkVolumeView {
  return { id, name, size, dataCenter, type };
}

function checkDataCenter(id: string, type: VolumeType): void {
  if (findDataCenter(id)?.networkVolumeTypes.includes(type)) {
    return;
  }
  const able = DATA_CENTERS.filter(({ networkVolumeTypes }) => networkVolumeTypes.includes(type));
  throw new ApiError(
    400,
    `data center "${id}" has no ${type} network volumes; use one of ${able.map((one) => one.id).join(", ")}`,
  );
}
