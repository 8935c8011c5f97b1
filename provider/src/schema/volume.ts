import type {
  CreateNetworkVolumeRequest,
  NetworkVolume,
  UpdateNetworkVolumeRequest,
} from "@runpod-stack/openapi";
import type { AnyDataCenterId } from "./completed";
import type { FieldTable, Previewed, Stored } from "./field";
import { type LabelInputs, labelFields } from "./labels";
import { bothKnown, listed, type Problem, problem, type Rule, shrinks } from "./rules";
import { flag, oneOf, text, whole } from "./values";

/** Inputs of a network volume. It outlives the pods that mount it, and is billed until it is deleted. */
export interface VolumeInputs extends LabelInputs {
  /** The volume's name. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates the volume even if another with the same name exists outside this stack. @default false */
  allowDuplicateName?: boolean;
  /** Size in GB, from 10 to 4096. It can grow in place and never shrink. */
  size: number;
  /** The data center, such as "EU-RO-1". Pods that mount the volume run there. */
  dataCenterId: AnyDataCenterId;
  /** `STANDARD` or `HIGH_PERFORMANCE`. @default the data center's default type */
  type?: "STANDARD" | "HIGH_PERFORMANCE";
  /** Allows a change of `dataCenterId` or `type` to replace the volume, which loses its content. @default false */
  allowReplace?: boolean;
}

/** RunPod's request and response bodies for network volumes. */
interface VolumeWire {
  readonly request: CreateNetworkVolumeRequest & UpdateNetworkVolumeRequest;
  readonly answer: NetworkVolume;
}

export const volumeFields: FieldTable<VolumeInputs, VolumeWire> = {
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
  size: {
    value: whole("GB", 10, 4096),
    required: true,
    change: "update",
    removal: "change",
    wire: "size",
    observed: true,
  },
  dataCenterId: {
    value: text,
    required: true,
    change: "replace",
    removal: "change",
    wire: "dataCenter",
    observed: true,
    anyCase: true,
  },
  type: {
    value: oneOf(["STANDARD", "HIGH_PERFORMANCE"]),
    change: "replace",
    removal: "keep",
    wire: "type",
    observed: true,
  },
  allowReplace: { value: flag, unset: false, change: "local", removal: "change" },
  ...labelFields,
};

/** Rules between a volume's fields. */
export const volumeRules: readonly Rule<VolumeInputs>[] = [neverShrinks, staysWhereItIs];

/** Fields that only a replacement can change. */
const FIXED = ["dataCenterId", "type"] as const;

function neverShrinks(inputs: Previewed<VolumeInputs>, old: Stored<VolumeInputs>): Problem[] {
  const [before, after] = [old["size"], inputs["size"]];
  if (!shrinks(before, after) || isReplaced(inputs, old)) {
    return [];
  }
  const grownElsewhere = listed(old["__drifted"]).includes("size");
  const message = grownElsewhere
    ? `must be at least ${before}: the volume was enlarged to ${before} GB outside this program, and volumes cannot shrink. Set size to ${before}`
    : `must be at least ${before}: the volume has ${before} GB, and volumes cannot shrink. Set size to ${before} or more. For a smaller volume, create a second one and copy the content`;
  return [problem("size", after, message)];
}

function staysWhereItIs(inputs: Previewed<VolumeInputs>, old: Stored<VolumeInputs>): Problem[] {
  if (inputs["allowReplace"] === true) {
    return [];
  }
  return FIXED.filter(
    (field) => bothKnown(old[field], inputs[field]) && differs(old[field], inputs[field]),
  ).map((field) => {
    const message = `must stay ${JSON.stringify(old[field])}: a change would delete the volume with its content and recreate it. Keep ${JSON.stringify(old[field])}, or set allowReplace: true`;
    return problem(field, inputs[field], message);
  });
}

function isReplaced(inputs: Previewed<VolumeInputs>, old: Stored<VolumeInputs>): boolean {
  // Removing `type` from the program keeps the volume's type.
  return FIXED.some(
    (field) => [old[field], inputs[field]].every(Boolean) && differs(old[field], inputs[field]),
  );
}

/** An import file, or RunPod, may write a data center in lower case. */
function differs(before: unknown, after: unknown): boolean {
  return String(before).toUpperCase() !== String(after).toUpperCase();
}
