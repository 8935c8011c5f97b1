import { UserError } from "../core/errors";
import { randomId } from "../core/token";
import { TOKEN_ENV } from "../schema";
import { isAlive } from "./adopt";
import type { Handler } from "./handler";
import { isNameOfOwner, ownerMark } from "./token";

/**
 * The hidden resource by which a stack knows its own: a random id, in the state before anything
 * else is created and deleted after everything else. It makes no call but the last look.
 */
export const ownershipHandler: Handler = {
  check: (_, given) => ({ inputs: given, problems: [] }),
  // There is nothing about it that could change.
  diff: () => ({ changed: [], replaces: [] }),
  create: async (_, inputs) => ({ id: randomId(16), outputs: inputs }),
  read: async (_, __, outputs) => ({ inputs: outputs, outputs }),
  update: async (_, __, ___, inputs) => inputs,

  async delete(context, id) {
    const mark = `${ownerMark(id)}-`;
    const [pods, volumes] = await Promise.all([context.pods.list(0), context.volumes.list(0)]);
    const left = [
      ...pods
        .filter((pod) => isAlive(pod) && pod.env?.[TOKEN_ENV]?.startsWith(mark))
        .map((pod) => ({
          path: `pods/${pod.id}`,
          text: `pod ${pod.id} '${pod.name}', ${pod.cost} $/h`,
        })),
      ...volumes
        .filter((volume) => isNameOfOwner(volume.name, id))
        .map((volume) => ({
          path: `network-volumes/${volume.id}`,
          text: `volume ${volume.id} '${volume.name}', ${volume.size} GB`,
        })),
    ];
    if (left.length === 0) return;
    const { apiUrl } = context.settings;
    throw new UserError(
      [
        "Objects that this stack created are still there and billed, though its state does not know them (an earlier run was cut off). Delete each, then run `pulumi destroy` again:",
        ...left.map(
          ({ path, text }) =>
            `  ${text}: curl -X DELETE -H "Authorization: Bearer $RUNPOD_API_KEY" ${apiUrl}/${path}`,
        ),
      ].join("\n"),
    );
  },
};
