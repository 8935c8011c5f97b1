import type { DataCenterId, GpuTypeId } from "./generated/catalog";

/** Any string: an editor completes the known ones, and RunPod may have more. */
type AnyOf<Known extends string> = Known | (string & Record<never, never>);

/** A GPU type by the id that RunPod's catalog gives it. */
export type AnyGpuTypeId = AnyOf<GpuTypeId>;

/** A data center, such as "EU-RO-1". */
export type AnyDataCenterId = AnyOf<DataCenterId>;

/** A duration with units, such as "45m", "90s" or "1h30m". */
export type Duration =
  | `${number}ms`
  | `${number}s`
  | `${number}m`
  | `${number}h`
  | `${number}h${number}m`
  | `${number}m${number}s`
  | `${number}h${number}m${number}s`;

/** A duration that may come from a configuration; a preview refuses what is none. */
export type AnyDuration = AnyOf<Duration>;
