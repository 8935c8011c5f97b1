import type { Item } from "./rule";
import type { ContainerSpec, VolumeSpec } from "./spec";

/** A network volume among the items. */
export interface VolumeItem {
  readonly item: Item;
  readonly spec: VolumeSpec;
}

/** The network volumes among the items that a pod, or any of an endpoint's workers, mounts. */
export function networkVolumesOf(user: Item, items: readonly Item[]): readonly VolumeItem[] {
  const input = user.spec.kind === "ServerlessEndpoint" ? "networkVolumeIds" : "networkVolumeId";
  const found = dependenciesOf(user, input, items).flatMap((item): VolumeItem[] =>
    item.spec.kind === "Volume" ? [{ item, spec: item.spec }] : [],
  );
  return user.spec.kind === "ServerlessEndpoint" ? found : found.slice(0, 1);
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
