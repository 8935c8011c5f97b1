import { safe } from "@runpod-stack/kit";
import { oneSpaced } from "@runpod-stack/models";
import type { GpuType } from "../../api";
import { UserError } from "../../core/errors";
import type { GpuSelection } from "../../schema";

/**
 * GPU types in RunPod's terms: the pools that contain them, without the pools' other types. Pools
 * have no order, and neither have the types of an endpoint.
 * @param what the object in messages, such as "endpoint 'llm'"
 * @throws UserError if a type is not available to endpoints
 */
export function selectionOf(
  catalog: readonly GpuType[],
  wanted: readonly string[],
  what: string,
): GpuSelection {
  const ids = new Set(wanted.map(oneSpaced));
  const pools = wanted.map((id) => poolOf(catalog, id, what));
  const excluded = catalog.filter(
    ({ id, pool }) => pools.includes(pool ?? "") && !ids.has(oneSpaced(id)),
  );
  return {
    pools: [...new Set(pools)].sort(),
    excludedTypes: excluded.map(({ id }) => id).sort(),
  };
}

/** The GPU types that a selection contains. */
export function typesIn(catalog: readonly GpuType[], selection: GpuSelection): string[] {
  const excluded = new Set(selection.excludedTypes.map(oneSpaced));
  return catalog
    .filter(({ id, pool }) => selection.pools.includes(pool ?? "") && !excluded.has(oneSpaced(id)))
    .map(({ id }) => id);
}

/** Whether two selections are the same, whatever their order. */
export function isSameSelection(one: GpuSelection, other: GpuSelection): boolean {
  const text = ({ pools, excludedTypes }: GpuSelection) =>
    JSON.stringify([[...pools].sort(), excludedTypes.map(oneSpaced).sort()]);
  return text(one) === text(other);
}

function poolOf(catalog: readonly GpuType[], id: string, what: string): string {
  const type = catalog.find((one) => oneSpaced(one.id) === oneSpaced(id));
  if (type?.pool) {
    return type.pool;
  }
  const rule =
    type === undefined
      ? "is not in RunPod's GPU catalog"
      : "is available to pods only, not to serverless endpoints";
  throw new UserError(
    safe`${what}: gpuTypeIds ${JSON.stringify(id)} ${rule}. Nothing was changed. Choose another GPU type.`,
  );
}
