import { safe } from "@runpod-stack/kit";
import type { CreateRegistryRequest, Fixed, Registry } from "../../api";
import { fromWire, type RegistryAuthInputs, registryAuthFields, toWire } from "../../schema";
import type { Context } from "../lifecycle/context";
import { deleteHeld } from "../lifecycle/gone";
import { namedHandler } from "../lifecycle/named-handler";
import { isAlive } from "../lifecycle/pods";

/** Credentials for container registries. RunPod shows only their names. */
export const registryAuthHandler = namedHandler<
  RegistryAuthInputs,
  Registry,
  CreateRegistryRequest,
  Fixed
>({
  kind: "RegistryAuth",
  fields: registryAuthFields,
  objects: ({ registries, api }) => ({ snapshot: registries, api: api.registries }),

  warnings(inputs, changes) {
    const fields = changes.flatMap(({ field, change }) => (change === "replace" ? [field] : []));
    return fields.length === 0
      ? []
      : [
          safe`registry credentials '${inputs["name"]}' will be recreated because of ${fields.join(", ")}. Pods that use them get the new ones, which restarts them and wipes everything outside their mounts.`,
        ];
  },

  body: (inputs, fields) => toWire(registryAuthFields, inputs, fields),
  observed: (registry) => fromWire(registryAuthFields, registry, {}),
  fits: () => true,
  // Nothing shows the user name and the password that an earlier run has sent.
  changesFound: (_, __, changes) => [...changes, { field: "password", change: "replace" }],
  discardsLost: true,

  async delete(context, id, stored, what) {
    await deleteHeld(context, what, stored, {
      remove: () => context.api.registries.delete(id),
      get: () => context.api.registries.get(id),
      bill: () => "not billed",
      holders: () => otherUsers(context, id),
      waiting: safe`${what} are still in use; retrying`,
      remedyFor: (users) =>
        `They are used by ${users}, which this run does not delete. Delete those pods or change their containerRegistryAuthId first, and run the same command again.`,
    });
    context.registries.remove(id);
  },
});

/** The pods that use the credentials and that this run does not delete, as messages name them. */
async function otherUsers(context: Context, id: string): Promise<string> {
  const users = (await context.pods.list(0)).filter(
    (pod) => pod.registry === id && isAlive(pod) && !context.deleting.has(pod.id),
  );
  return users.map((pod) => `pod '${pod.name}' (${pod.id})`).join(", ");
}
