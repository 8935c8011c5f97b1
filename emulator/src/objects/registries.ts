import type { CreateRegistryRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Registry } from "../state/account-objects";
import type { ObjectRules } from "./rules";

/** Credentials whose password contains this word are refused by every registry. */
const REFUSED = /wrong/i;

/** What GraphQL can change, and REST cannot. */
export function changeCredentials(registry: Registry, username: string, password: string): void {
  registry.username = username;
  registry.accepted = !REFUSED.test(password);
}

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
    const holder = [...pods.peek()].find(({ registry }) => registry === id);
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
