import type { Pod } from "../../api";
import {
  hasUnknown,
  listed,
  type PodInputs,
  type PodProperties,
  type Previewed,
  type Stored,
} from "../../schema";
import { isAmong } from "../lifecycle/placement";
import { storedLive } from "../lifecycle/record";

/** Where a pod runs, as far as known. */
export interface Place {
  /** The GPU type, or the CPU flavor. */
  readonly processor?: unknown;
  readonly dataCenterId?: unknown;
  readonly cudaVersion?: string | undefined;
}

/** The place in stored outputs. */
export function storedPlace(outputs: Stored<PodProperties>): Place {
  return {
    processor: outputs["gpuTypeId"] ?? storedLive(outputs)?.cpuFlavorId,
    dataCenterId: outputs["dataCenterId"],
    cudaVersion: storedLive(outputs)?.cudaVersion,
  };
}

/** The place that RunPod reports. */
export function reportedPlace(pod: Pod): Place {
  return {
    processor: pod.gpu?.id ?? pod.cpu?.id,
    dataCenterId: pod.dataCenterId,
    cudaVersion: pod.cudaVersion ?? undefined,
  };
}

/** The placement inputs that a running pod no longer satisfies. What is not known counts as satisfied. */
export function unsatisfied(inputs: Previewed<PodInputs>, place: Place): (keyof PodInputs)[] {
  const cudaVersion = /^\d+\.\d+/.exec(String(place.cudaVersion))?.[0];
  const types = [...listed(inputs["gpuTypeIds"]), ...listed(inputs["cpuFlavorIds"])];
  const verdicts = {
    gpuTypeIds: isAmong(place.processor, types),
    cpuFlavorIds: isAmong(place.processor, types),
    dataCenterIds: isAmong(place.dataCenterId, listed(inputs["dataCenterIds"])),
    allowedCudaVersions: isAmong(cudaVersion, listed(inputs["allowedCudaVersions"])),
    minCudaVersion: isAtLeast(cudaVersion, inputs["minCudaVersion"]),
  };
  const fields = Object.keys(verdicts) as (keyof typeof verdicts)[];
  return fields.filter((field) => inputs[field] !== undefined && !verdicts[field]);
}

/** The value that a placement input is compared with. */
export function placeOf(place: Place, field: string): unknown {
  if (field === "dataCenterIds") {
    return place.dataCenterId;
  }
  return field.endsWith("TypeIds") || field === "cpuFlavorIds"
    ? place.processor
    : place.cudaVersion;
}

function isAtLeast(found: unknown, floor: unknown): boolean {
  if (typeof found !== "string" || typeof floor !== "string" || hasUnknown(floor)) {
    return true;
  }
  const [major = 0, minor = 0] = found.split(".").map(Number);
  const [floorMajor = 0, floorMinor = 0] = floor.split(".").map(Number);
  return major > floorMajor || (major === floorMajor && minor >= floorMinor);
}
