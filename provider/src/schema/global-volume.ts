import type {
  CreateGlobalVolumeRequest,
  GlobalVolume,
  UpdateGlobalVolumeRequest,
} from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { flag, text } from "./values";

/** Inputs of a global volume: object storage for serverless endpoints, in every data center. */
export interface GlobalVolumeInputs {
  /** The volume's name, up to 191 characters. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates the volume even if another with the same name exists outside this stack. @default false */
  allowDuplicateName?: boolean;
}

/** Outputs of a global volume. */
export interface GlobalVolumeOutputs {
  /** When RunPod created the volume, in ISO 8601. */
  createdAt: string;
}

/** All stored properties of a global volume. */
export interface GlobalVolumeProperties extends GlobalVolumeInputs, Partial<GlobalVolumeOutputs> {}

/** RunPod's request and response bodies for global volumes. */
interface GlobalVolumeWire {
  readonly request: CreateGlobalVolumeRequest & UpdateGlobalVolumeRequest;
  readonly answer: GlobalVolume;
}

const volumeName = text
  .max(191, "must have at most 191 characters")
  .refine((name) => name === name.trim(), "must not begin or end with a space. Remove it");

export const globalVolumeFields: FieldTable<GlobalVolumeInputs, GlobalVolumeWire> = {
  name: { value: volumeName, change: "update", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
};
