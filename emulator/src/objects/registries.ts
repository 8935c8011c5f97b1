import type { CreateRegistryRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { ObjectRules } from "./rules";

/** Credentials whose password contains this word are refused by every registry. */
const REFUSED = /wrong/i;

export const registries: ObjectRules<"registries", CreateRegistryRequest> = {
  kind: "registries",
  noun: "registry",
  idLength: 25,
  createSchema: "CreateRegistryRequest",
  create: (_, { name, username, password }) => ({
    name,
    username,
    accepted: !REFUSED.test(password),
  }),
  // They cannot be deleted while a pod uses them; templates lose them silently.
  release({ pods, templates }, { id }) {
    const holder = [...pods.all()].find(({ registry }) => registry === id);
    if (holder) {
      throw new ApiError(400, `registry is in use by pod ${holder.id} and cannot be deleted`);
    }
    for (const template of templates.all()) {
      template.registry = template.registry === id ? null : template.registry;
    }
  },
  view: ({ id, name }) => ({ id, name }),
  label: ({ name }) => name,
};
