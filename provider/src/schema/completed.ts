import type { DataCenterId, GpuTypeId } from "./generated/catalog";

/** Any string. Editors complete the known ones, and RunPod may have more. */
type AnyOf<Known extends string> = Known | (string & Record<never, never>);

/** The id of a GPU type in RunPod's catalog. */
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

/** A duration, or a string from a configuration. A preview rejects a string that is not a duration. */
export type AnyDuration = AnyOf<Duration>;
