import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { podFields, templateFields, volumeFields, wirePlaces } from "@runpod-stack/provider/schema";
import { isRecord } from "../known";
import type { Description } from "./descriptions";
import { parseJson } from "./json";
import { meantField } from "./shape";
import { shellWords } from "./shell";

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

/**
 * The inputs that a body means, by their v1 names: of any API, also where the form of a value is
 * another's, or a name is spelled as in another language.
 */
export function meantInputs(body: Body, { shape, what }: Description): Body {
  const { fields = {} } = shape;
  const given: Body = Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const meant = meantField(name, fields);
      return meant === name || !Object.hasOwn(body, meant) ? [[meant, value]] : [];
    }),
  );
  const inputs: Record<string, unknown> = { ...given };
  for (const paths of [V2_PATHS, OTHER_PATHS]) {
    for (const [name, places] of Object.entries(paths)) {
      for (const path of places) inputs[name] ??= at(given, path);
    }
  }
  if (what !== "volume") inputs["dataCenterIds"] ??= inputs["dataCenterId"];
  for (const name of LISTS) inputs[name] = asList(inputs[name]);
  for (const name of NUMBERS) inputs[name] = asNumber(inputs[name]);
  inputs["env"] = asEnv(inputs["env"]);
  return { ...inputs, ...asCommand(inputs) };
}

/** What another of RunPod's APIs calls a field of a body: what is told there comes first. */
export function otherNames(field: string, body: Body): string[] {
  const names = ALL_PATHS.flatMap(([name, path]) => {
    if (name === field) return [path.join(".")];
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

const LISTS = ["gpuTypeIds", "ports", "dataCenterIds", "allowedCudaVersions", "cpuFlavorIds"];
const NUMBERS = ["containerDiskInGb", "volumeInGb", "gpuCount", "size", "vcpuCount"];

function asList(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const items = value.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "");
}

function asNumber(value: unknown): unknown {
  return typeof value === "string" && /^\s*\d+(?:\.\d+)?\s*(?:gb)?\s*$/i.test(value)
    ? Number.parseFloat(value)
    : value;
}

/** GraphQL's list of {key, value}, Docker's list of NAME=value, and values that YAML takes for numbers. */
function asEnv(value: unknown): unknown {
  if (Array.isArray(value)) return Object.fromEntries(value.flatMap(variable));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asText(item)]));
}

function variable(item: unknown): [string, unknown][] {
  if (typeof item === "string" && item.includes("=")) {
    const [name = "", ...rest] = item.split("=");
    return [[name, rest.join("=")]];
  }
  if (!isRecord(item)) return [];
  const name = item["key"] ?? item["name"];
  return typeof name === "string" ? [[name, asText(item["value"])]] : [];
}

function asText(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** v2's `args` and GraphQL's `dockerArgs`: a command line, or the JSON of entrypoint and cmd. */
function asCommand({ dockerStartCmd: args, dockerEntrypoint: entry }: Body): Body {
  const entrypoint = typeof entry === "string" ? { dockerEntrypoint: shellWords(entry) } : {};
  if (typeof args !== "string") return entrypoint;
  // Not taken apart: it is refused for its length.
  if (args.length > MAX_COMMAND_LENGTH) return { ...entrypoint, dockerStartCmd: [args] };
  if (args.trim() === "") return { ...entrypoint, dockerStartCmd: undefined };
  if (!args.trimStart().startsWith("{")) {
    return { ...entrypoint, dockerStartCmd: shellWords(args) };
  }
  try {
    const { entrypoint: own, cmd } = parseJson("args", args) as Body;
    return {
      ...entrypoint,
      dockerStartCmd: cmd,
      ...(own !== undefined && { dockerEntrypoint: own }),
    };
  } catch {
    return { ...entrypoint, dockerStartCmd: shellWords(args) };
  }
}
