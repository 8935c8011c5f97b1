import type { CreateGlobalVolumeRequest, GlobalVolume, UpdateGlobalVolumeRequest } from "../../api";
import {
  fromWire,
  type GlobalVolumeInputs,
  type GlobalVolumeProperties,
  globalVolumeFields,
  type Stored,
  toWire,
} from "../../schema";
import { namedHandler } from "../lifecycle/named-handler";

/** Global volumes: object storage for serverless endpoints, in every data center. */
export const globalVolumeHandler = namedHandler<
  GlobalVolumeInputs,
  GlobalVolume,
  CreateGlobalVolumeRequest,
  UpdateGlobalVolumeRequest
>({
  kind: "GlobalVolume",
  fields: globalVolumeFields,
  objects: ({ globalVolumes, api }) => ({ snapshot: globalVolumes, api: api.globalVolumes }),

  body: (inputs, fields) => toWire(globalVolumeFields, inputs, fields),
  observed: (volume) => fromWire(globalVolumeFields, volume, {}),
  outputs: ({ createdAt }, old) => ({
    createdAt: createdAt ?? (old as Stored<GlobalVolumeProperties>)["createdAt"],
  }),
  fits: () => true,

  deletion: () => ({
    bill: () => "billed by what it stores",
    remedy: ({ kind }) =>
      kind === "conflict" || kind === "invalid"
        ? "If an endpoint uses it, remove it from that endpoint or delete the endpoint first, and run the same command again."
        : undefined,
  }),
});
