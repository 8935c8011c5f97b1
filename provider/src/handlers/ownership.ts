import { UserError } from "../core/errors";
import { isMarkedName, markOf, ownerMark } from "../core/mark";
import { randomId } from "../core/token";
import { TOKEN_ENV } from "../schema";
import { isAlive } from "./adopt";
import type { Handler } from "./handler";
import { liveRecord, storedInputs, storedLive } from "./live";

/**
 * The hidden resource by which a stack knows its own: a random id, in the state before anything
 * else is created and deleted after everything else. It makes no call but the last look.
 */
export const ownershipHandler: Handler = {
  check: (_, given) => ({ inputs: given, problems: [] }),
  // There is nothing about it that could change.
  diff: () => ({ changed: [], replaces: [] }),
  create: async (context, inputs) => ({
    id: randomId(16),
    outputs: { ...inputs, __live: liveRecord(context, {}) },
  }),
  read: async (_, __, outputs) => ({ inputs: storedInputs({}, outputs), outputs }),
  update: async (context, _, old, inputs) => ({ ...inputs, __live: liveRecord(context, old) }),

  async delete(context, id, outputs) {
    const { account } = storedLive(outputs) ?? {};
    const { origin } = context.api.account;
    if (account !== undefined && account.origin !== origin) {
      throw new UserError(
        `Whether anything of this stack is left cannot be told: its objects were created at ${account.origin}, and ${origin} would be asked. Set runpod:apiUrl (or RUNPOD_REST_V2_URL) back, and run \`pulumi destroy\` again.`,
      );
    }
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
