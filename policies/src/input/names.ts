import {
  podFields,
  serverlessEndpointFields,
  templateFields,
  volumeFields,
  wirePlaces,
} from "@runpod-stack/provider/schema";

type Body = Readonly<Record<string, unknown>>;

/** Where v1's inputs are in REST v2's bodies of any kind. */
export const V2_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = wirePlaces(
  podFields,
  templateFields,
  volumeFields,
  serverlessEndpointFields,
);

/** Where v1's inputs are in other APIs and in responses. */
export const OTHER_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gpuTypeIds: [["gpuTypeIdList"], ["gpuTypeId"], ["gpuIds"]],
  dockerStartCmd: [["dockerArgs"]],
  networkVolumeId: [
    ["networkVolume", "id"],
    ["networkVolumeIds", "0"],
    ["networkVolumes", "0"],
  ],
  allowedCudaVersions: [["cudaVersion"]],
  executionTimeout: [["executionTimeoutMs"]],
  flashboot: [["flashBootType"]],
};

/** What RunPod's other APIs call a field of a body. */
export function otherNames(field: string, body: Body): string[] {
  const names = ALL_PATHS.flatMap(([name, path]) => {
    if (name === field) {
      return [path.join(".")];
    }
    return path[0] === field && at(body, path) !== undefined ? [name] : [];
  });
  return [...new Set(names)];
}

const ALL_PATHS = [V2_PATHS, OTHER_PATHS].flatMap((paths) =>
  Object.entries(paths).flatMap(([name, places]) => places.map((path) => [name, path] as const)),
);

/** The value at a path. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const isThere = inner !== null && typeof inner === "object" && Object.hasOwn(inner, key);
    return isThere ? (inner as Body)[key] : undefined;
  }, value);
}
