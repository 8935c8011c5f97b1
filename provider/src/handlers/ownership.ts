import { UserError } from "../core/errors";
import { isMarkedName, markOf, ownerMark } from "../core/mark";
import { randomId } from "../core/token";
import { TOKEN_ENV } from "../schema";
import { isAlive } from "./adopt";
import type { Handler } from "./handler";

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
    const mark = ownerMark(id);
    const [pods, volumes] = await Promise.all([context.pods.list(0), context.volumes.list(0)]);
    const left = [
      ...pods
        .filter((pod) => isAlive(pod) && markOf(pod.env?.[TOKEN_ENV]) === mark)
        .map((pod) => `  pod ${pod.id} '${pod.name}', ${pod.cost} $/h`),
      ...volumes
        .filter((volume) => isMarkedName(volume.name, mark))
        .map((volume) => `  volume ${volume.id} '${volume.name}', ${volume.size} GB`),
    ];
    if (left.length === 0) return;
    throw new UserError(
      [
        "Objects that this stack created are still there and billed, though its state does not know them (an earlier run was cut off):",
        ...left,
        "`npx runpod-stack recover --delete` shows them, and deletes them with --yes. Then run `pulumi destroy` again.",
      ].join("\n"),
    );
  },
};
