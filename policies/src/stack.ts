import type { Item } from "./rule";
import type { VolumeSpec } from "./spec";

/** The network volume that a pod mounts, if it is one of the items. */
export function networkVolumeOf(
  pod: Item,
  items: readonly Item[],
): { readonly item: Item; readonly spec: VolumeSpec } | undefined {
  const ids = pod.dependencies["networkVolumeId"] ?? [];
  for (const item of items) {
    if (item.spec.kind === "Volume" && ids.includes(item.id)) return { item, spec: item.spec };
  }
  return undefined;
}
