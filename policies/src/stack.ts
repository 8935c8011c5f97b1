import type { Item } from "./rule";
import type { VolumeSpec } from "./spec";

/** The network volume that a pod mounts, if it is one of the items. */
export function networkVolumeOf(pod: Item, items: readonly Item[]): Volume | undefined {
  const ids = pod.dependencies["networkVolumeId"] ?? [];
  if (ids.length === 0) {
    return undefined;
  }
  const known = volumesIn(items);
  return ids.map((id) => known.get(id)).find((volume) => volume !== undefined);
}

type Volume = { readonly item: Item; readonly spec: VolumeSpec };

/** Cache of the volumes by id, which every pod needs. */
const volumes = new WeakMap<readonly Item[], ReadonlyMap<string, Volume>>();

function volumesIn(items: readonly Item[]): ReadonlyMap<string, Volume> {
  const found = volumes.get(items);
  if (found !== undefined) {
    return found;
  }
  const byId = new Map<string, Volume>();
  for (const item of items) {
    if (item.spec.kind === "Volume") {
      byId.set(item.id, { item, spec: item.spec });
    }
  }
  volumes.set(items, byId);
  return byId;
}
