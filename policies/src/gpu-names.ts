import { safe } from "@runpod-stack/kit";
import { gpuType, similarGpuIds } from "@runpod-stack/models";
import { GPU_TYPE_IDS, misspelt } from "@runpod-stack/provider/schema";
import { doubt, type Finding, refusal } from "./finding";

/** A GPU type as given: the id that is meant, if it is only one, and what is wrong with the name. */
export interface GpuName {
  readonly id: string | undefined;
  readonly finding: Finding | undefined;
}

/** What a name of a GPU type stands for. RunPod takes its own ids only, as "NVIDIA GeForce RTX 4090". */
export function gpuName(name: string): GpuName {
  if (gpuType(name) !== undefined || GPU_TYPE_IDS.some((id) => id === name)) {
    return { id: name, finding: undefined };
  }
  const slips = misspelt(name, GPU_TYPE_IDS);
  const meant = slips.length > 0 ? slips : similarGpuIds(name);
  const known = safe`gpuTypeIds ${JSON.stringify(name)} is not an id of RunPod's catalog`;
  if (meant.length === 0) {
    // A type may be newer than this package.
    const message = safe`${known}, as far as this release knows it: memory, architecture and price of that type are not checked.`;
    const remedy = safe`Check the id: \`runpod-stack prices\` lists all of them.`;
    return { id: undefined, finding: doubt("gpuTypeIds", message, remedy) };
  }
  const ids = meant.map((id) => JSON.stringify(id)).join(" or ");
  return {
    id: meant.length === 1 ? meant[0] : undefined,
    finding: refusal("gpuTypeIds", safe`${known}.`, safe`Write ${ids}.`),
  };
}
