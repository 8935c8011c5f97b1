import { podFields, templateFields, volumeFields, wirePlaces } from "@runpod-stack/provider/schema";

type Body = Readonly<Record<string, unknown>>;

/** Where REST v2 has what v1 calls by these names, for any kind of body. */
export const V2_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = wirePlaces(
  podFields,
  templateFields,
  volumeFields,
);

/** What other APIs and answers call v1's inputs, at which path. */
export const OTHER_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gpuTypeIds: [["gpuTypeIdList"], ["gpuTypeId"]],
  dockerStartCmd: [["dockerArgs"]],
  networkVolumeId: [
    ["networkVolume", "id"],
    ["networkVolumeIds", "0"],
    ["networkVolumes", "0"],
  ],
  allowedCudaVersions: [["cudaVersion"]],
};

/** What another of RunPod's APIs calls a field of a body. The first name that is given counts. */
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

/** What stands at a path inside a value. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const isThere = inner !== null && typeof inner === "object" && Object.hasOwn(inner, key);
    return isThere ? (inner as Body)[key] : undefined;
  }, value);
}
