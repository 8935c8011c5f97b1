import { type Safe, safe } from "@runpod-stack/kit";
import { gpuType, similarGpuIds } from "@runpod-stack/models";
import {
  DATA_CENTER_IDS,
  GPU_TYPE_IDS,
  isUnknown,
  misspelt,
  type PodInputs,
  type Previewed,
  type Problem,
  problem,
  type Stored,
  type Values,
  type VolumeInputs,
} from "../../schema";

/** The inputs that hold ids of the catalog. */
type Placed = Pick<PodInputs, "gpuTypeIds" | "dataCenterIds">;

/** Problems with new GPU types and data centers of a pod or an endpoint. RunPod adds ids, so only typos are rejected. */
export function placeIdProblems(old: Stored<Placed>, inputs: Previewed<Placed>): Problem[] {
  return [
    ...problems("gpuTypeIds", "a GPU type", old["gpuTypeIds"], inputs["gpuTypeIds"], meantGpus),
    ...problems(
      "dataCenterIds",
      "a data center",
      old["dataCenterIds"],
      inputs["dataCenterIds"],
      meantDataCenters,
    ),
  ];
}

/** The same for a volume's data center. */
export function volumeIdProblems(
  { dataCenterId: before }: Stored<VolumeInputs>,
  { dataCenterId: id }: Previewed<VolumeInputs>,
): Problem[] {
  if (typeof id !== "string" || isUnknown(id) || id === before) {
    return [];
  }
  const meant = meantDataCenters(id);
  return meant.length === 0 ? [] : [notKnown("dataCenterId", "a data center", id, meant)];
}

/** Notes about new GPU types that are not in the bundled table. */
export function gpuNotes(old: Stored<Placed>, inputs: Previewed<Placed>): Safe[] {
  return newIds(old["gpuTypeIds"], inputs["gpuTypeIds"])
    .filter(({ id }) => gpuType(id) === undefined && meantGpus(id).length === 0)
    .map(({ id }) => {
      const similar = similarGpuIds(id);
      const hint = similar.length > 0 ? ` ${didYouMean(similar)}` : "";
      return safe`gpuTypeIds "${id}" is not a GPU type that this release knows.${hint}`;
    });
}

/** The inputs with data centers in upper case: RunPod accepts lower case and then misbehaves. */
export function upperCaseDataCenters(given: Values): { values: Values; notes: Safe[] } {
  const notes: Safe[] = [];
  const upper = (id: unknown) => {
    if (typeof id !== "string" || isUnknown(id) || id === id.toUpperCase()) {
      return id;
    }
    notes.push(safe`data center "${id}" must be in upper case; using ${id.toUpperCase()}`);
    return id.toUpperCase();
  };
  const values = { ...given };
  if (given["dataCenterId"] !== undefined) {
    values["dataCenterId"] = upper(given["dataCenterId"]);
  }
  if (Array.isArray(given["dataCenterIds"])) {
    values["dataCenterIds"] = given["dataCenterIds"].map(upper);
  }
  return { values, notes };
}

function problems(
  field: string,
  what: string,
  old: unknown,
  given: unknown,
  meantBy: (id: string) => readonly string[],
): Problem[] {
  return newIds(old, given).flatMap(({ id, index }) => {
    const meant = meantBy(id);
    return meant.length === 0 ? [] : [notKnown(`${field}[${index}]`, what, id, meant)];
  });
}

/** Every id begins with a maker, which a short name such as "H100" lacks. */
function meantGpus(id: string): string[] {
  if (gpuType(id) !== undefined) {
    return [];
  }
  const slips = misspelt(id, GPU_TYPE_IDS);
  const maker = (name: string) => name.trim().split(/\s+/, 1)[0]?.toLowerCase();
  const isShort = !GPU_TYPE_IDS.some((known) => maker(known) === maker(id));
  return slips.length === 0 && isShort ? similarGpuIds(id) : slips;
}

function meantDataCenters(id: string): string[] {
  return misspelt(id.toUpperCase(), DATA_CENTER_IDS);
}

/** The ids of a list that the program did not give before. */
function newIds(old: unknown, given: unknown): { id: string; index: number }[] {
  const before: readonly unknown[] = Array.isArray(old) ? old : [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  return list.flatMap((id, index) =>
    typeof id === "string" && !isUnknown(id) && !before.includes(id) ? [{ id, index }] : [],
  );
}

function notKnown(field: string, what: string, id: string, meant: readonly string[]): Problem {
  return problem(field, id, `is not ${what}. ${didYouMean(meant)}`);
}

function didYouMean(ids: readonly string[]): string {
  return `Did you mean ${ids.map((id) => `"${id}"`).join(" or ")}?`;
}
