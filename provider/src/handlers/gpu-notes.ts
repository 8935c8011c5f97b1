import { gpuType, similarGpuIds } from "@runpod-stack/models";
import { isUnknown, listed, type Values } from "../schema";

/** Notes on GPU types that the shipped table lacks: new ones appear, so they are not refused. */
export function gpuNotes(old: Values, inputs: Values): string[] {
  const before = listed(old["gpuTypeIds"]);
  return listed(inputs["gpuTypeIds"])
    .filter((id): id is string => typeof id === "string" && !isUnknown(id) && !before.includes(id))
    .filter((id) => gpuType(id) === undefined)
    .map((id) => {
      const similar = similarGpuIds(id).map((one) => `"${one}"`);
      const meant = similar.length > 0 ? ` Did you mean ${similar.join(" or ")}?` : "";
      return `gpuTypeIds "${id}" is not a GPU type that this release knows.${meant}`;
    });
}
