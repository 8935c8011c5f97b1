import type { CreateGlobalVolumeRequest, UpdateGlobalVolumeRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
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
  release({ endpoints }, { id }) {
    const user = [...endpoints.peek()].find((endpoint) => endpoint.globalVolumes.includes(id));
    if (user) {
      throw new ApiError(409, `global volume "${id}" is in use by endpoint ${user.id}`);
    }
  },
  view: ({ id, name, createdAt }) => ({
    id,
    name,
    createdAt: timestamp(createdAt),
    createdByUserId: null,
  }),
  label: ({ name }) => name,
};
