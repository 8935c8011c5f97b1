import type { CreateGlobalVolumeRequest, UpdateGlobalVolumeRequest } from "@runpod-stack/openapi";
import { type ObjectRules, timestamp } from "./rules";

export const globalVolumes: ObjectRules<
  "globalVolumes",
  CreateGlobalVolumeRequest,
  UpdateGlobalVolumeRequest
> = {
  kind: "globalVolumes",
  noun: "global volume",
  idPrefix: "gsb_",
  idLength: 20,
  createSchema: "CreateGlobalVolumeRequest",
  create: (_, { name }, now) => ({ name: name.trim(), createdAt: now }),
  update: {
    schema: "UpdateGlobalVolumeRequest",
    apply(_, volume, { name = volume.name }) {
      volume.name = name.trim();
    },
  },
  view: ({ id, name, createdAt }) => ({
    id,
    name,
    createdAt: timestamp(createdAt),
    createdByUserId: null,
  }),
  label: ({ name }) => name,
};
