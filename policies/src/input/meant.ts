import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { isRecord } from "../known";
import type { Description } from "./descriptions";
import { parseJson } from "./json";
import { at, OTHER_PATHS, V2_PATHS } from "./names";
import { meantField } from "./shape";
import { shellWords } from "./shell";

type Body = Readonly<Record<string, unknown>>;

/**
 * The inputs that a body of any API means, by their v1 names. Accepts values in the form of another
 * API, and names in another spelling, such as snake_case.
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
      for (const path of places) {
        inputs[name] ??= at(given, path);
      }
    }
  }
  if (what !== "volume") {
    inputs["dataCenterIds"] ??= inputs["dataCenterId"];
  }
  for (const name of LISTS) {
    inputs[name] = asList(inputs[name]);
  }
  for (const name of NUMBERS) {
    inputs[name] = asNumber(inputs[name]);
  }
  inputs["env"] = asEnv(inputs["env"]);
  return { ...inputs, ...asCommand(inputs) };
}

const LISTS = ["gpuTypeIds", "ports", "dataCenterIds", "allowedCudaVersions", "cpuFlavorIds"];
const NUMBERS = [
  ...["containerDiskInGb", "volumeInGb", "gpuCount", "size", "vcpuCount"],
  ...["workersMin", "workersMax", "idleTimeout"],
];

function asList(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  const items = value.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "");
}

function asNumber(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,9}(?:\.\d{1,9})? {0,9}(?:gb)?$/i.test(value.trim())
    ? Number.parseFloat(value)
    : value;
}

/** Accepts GraphQL's {key, value} list, Docker's NAME=value list, and values that YAML reads as numbers. */
function asEnv(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.flatMap(variable));
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asText(item)]));
}

function variable(item: unknown): [string, unknown][] {
  if (typeof item === "string" && item.includes("=")) {
    const [name = "", ...rest] = item.split("=");
    return [[name, rest.join("=")]];
  }
  if (!isRecord(item)) {
    return [];
  }
  const name = item["key"] ?? item["name"];
  return typeof name === "string" ? [[name, asText(item["value"])]] : [];
}

function asText(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** v2's `args` and GraphQL's `dockerArgs`: a command line, or the JSON of entrypoint and cmd. */
function asCommand({ dockerStartCmd: args, dockerEntrypoint: entry }: Body): Body {
  const entrypoint = typeof entry === "string" ? { dockerEntrypoint: shellWords(entry) } : {};
  if (typeof args !== "string") {
    return entrypoint;
  }
  // Not split, because it is refused for its length.
  if (args.length > MAX_COMMAND_LENGTH) {
    return { ...entrypoint, dockerStartCmd: [args] };
  }
  if (args.trim() === "") {
    return { ...entrypoint, dockerStartCmd: undefined };
  }
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
