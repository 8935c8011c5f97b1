import type { Item } from "./rule";
import type { ContainerSpec, VolumeSpec } from "./spec";

/** The network volume that a pod mounts, if it is one of the items. */
export function networkVolumeOf(
  pod: Item,
  items: readonly Item[],
): { readonly item: Item; readonly spec: VolumeSpec } | undefined {
  for (const item of dependenciesOf(pod, "networkVolumeId", items)) {
    if (item.spec.kind === "Volume") {
      return { item, spec: item.spec };
    }
  }
  return undefined;
}

/** The pod whose port an endpoint asks, if it is one of the items, and no other is in question. */
export function podOf(
  endpoint: Item,
  items: readonly Item[],
): { readonly item: Item; readonly spec: ContainerSpec } | undefined {
  const pods = dependenciesOf(endpoint, "podId", items).flatMap((item) =>
    item.spec.kind === "Pod" ? [{ item, spec: item.spec }] : [],
  );
  return pods.length === 1 ? pods[0] : undefined;
}

/** Cache of the items by id, which every pod needs. */
const known = new WeakMap<readonly Item[], ReadonlyMap<string, Item>>();

function dependenciesOf(of: Item, input: string, items: readonly Item[]): readonly Item[] {
  const ids = of.dependencies[input] ?? [];
  if (ids.length === 0) {
    return [];
  }
  const byId = known.get(items) ?? new Map(items.map((item) => [item.id, item]));
  known.set(items, byId);
  return ids.flatMap((id) => byId.get(id) ?? []);
}
