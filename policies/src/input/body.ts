import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { podFields, templateFields, volumeFields, wirePlaces } from "@runpod-stack/provider/schema";
import { isRecord } from "../known";
import type { Item } from "../rule";
import { type Spec, specOf } from "../spec";
import { parseJson } from "./json";
import { shellWords } from "./shell";

type Body = Readonly<Record<string, unknown>>;

/** Where REST v2 has what v1 calls by these names, for any kind of body. */
export const V2_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = wirePlaces(
  podFields,
  templateFields,
  volumeFields,
);

/** What only pods have, in v1 or v2. */
const POD_ONLY = [
  ...["gpuTypeIds", "gpuCount", "cpu", "cpuFlavorIds", "computeType", "cloudType", "templateId"],
  ...["networkVolumeId", "dataCenterIds", "minCudaVersion", "interruptible"],
];

/** The request body of a pod, a template or a network volume, in v1 or v2; undefined if it is none. */
export function bodyItem(place: string, body: Body): Item | undefined {
  const inputs = v1Inputs(body);
  const kind = kindOf(inputs);
  if (kind === undefined) return undefined;
  const name = typeof body["name"] === "string" ? ` ${body["name"]}` : "";
  const spec = specOf(kind, inputs, {
    templateMaySet: inputs["templateId"] !== undefined,
    isAlone: true,
    takesOneGpuType: isRecord(body["gpu"]),
  });
  return { id: `${place}: ${kind}${name}`, spec, dependencies: {} };
}

/** What stands at a path inside a value. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const isThere = inner !== null && typeof inner === "object" && Object.hasOwn(inner, key);
    return isThere ? (inner as Body)[key] : undefined;
  }, value);
}

function v1Inputs(body: Body): Body {
  const inputs: Record<string, unknown> = { ...body };
  for (const [name, paths] of Object.entries(V2_PATHS)) {
    for (const path of paths) inputs[name] ??= at(body, path);
  }
  if (typeof inputs["gpuTypeIds"] === "string") inputs["gpuTypeIds"] = [inputs["gpuTypeIds"]];
  return { ...inputs, ...storedCommand(inputs) };
}

/** v2's `args`: a command line, or the JSON of entrypoint and cmd. */
function storedCommand({ dockerStartCmd: args }: Body): Body {
  if (typeof args !== "string") return {};
  // Not taken apart: it is refused for its length.
  if (args.length > MAX_COMMAND_LENGTH) return { dockerStartCmd: [args] };
  if (!args.trimStart().startsWith("{")) return { dockerStartCmd: shellWords(args) };
  try {
    const { entrypoint, cmd } = parseJson("args", args) as Body;
    return {
      dockerStartCmd: cmd,
      ...(entrypoint !== undefined && { dockerEntrypoint: entrypoint }),
    };
  } catch {
    return { dockerStartCmd: shellWords(args) };
  }
}

function kindOf(inputs: Body): Spec["kind"] | undefined {
  const has = (name: string) => inputs[name] !== undefined && inputs[name] !== null;
  if (POD_ONLY.some(has)) return "Pod";
  if (has("size") && has("dataCenterId")) return "Volume";
  return has("imageName") || isRecord(inputs["mounts"]) ? "Template" : undefined;
}
