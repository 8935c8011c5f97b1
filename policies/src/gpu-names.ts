import { safe } from "@runpod-stack/kit";
import { gpuType, serverlessPools, similarGpuIds } from "@runpod-stack/models";
import { GPU_TYPE_IDS, misspelt } from "@runpod-stack/provider/schema";
import { doubt, type Finding, refusal } from "./finding";

/** A GPU type as given: the id that it means, if there is only one, and what is wrong with the name. */
export interface GpuName {
  readonly id: string | undefined;
  readonly finding: Finding | undefined;
}

/** Resolves a GPU name. RunPod accepts only its own ids, such as "NVIDIA GeForce RTX 4090". */
export function gpuName(name: string): GpuName {
  if (gpuType(name) !== undefined || GPU_TYPE_IDS.some((id) => id === name)) {
    return { id: name, finding: undefined };
  }
  const given = safe`gpuTypeIds ${JSON.stringify(name)}`;
  const pool = serverlessPools().find(({ id }) => id === name);
  if (pool !== undefined) {
    const message = safe`${given} must be an id of RunPod's catalog: it is a pool of GPU types for serverless endpoints.`;
    const remedy = safe`Write one or several of its types: ${pool.gpuTypeIds.map((id) => JSON.stringify(id)).join(", ")}.`;
    return { id: undefined, finding: refusal("gpuTypeIds", message, remedy) };
  }
  const slips = misspelt(name, GPU_TYPE_IDS);
  const meant = slips.length > 0 ? slips : similarGpuIds(name);
  if (meant.length === 0) {
    // A type may be newer than this package.
    const message = safe`${given} is not a GPU type that this release knows, so its memory, architecture and price are not checked.`;
    const remedy = safe`Check the id: \`npx -p @runpod-stack/provider runpod-stack prices\` lists all ids.`;
    return { id: undefined, finding: doubt("gpuTypeIds", message, remedy) };
  }
  const ids = meant.map((id) => JSON.stringify(id)).join(" or ");
  return {
    id: meant.length === 1 ? meant[0] : undefined,
    finding: refusal(
      "gpuTypeIds",
      safe`${given} must be an id of RunPod's catalog.`,
      safe`Write ${ids}.`,
    ),
  };
}
