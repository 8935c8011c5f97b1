import { UserError } from "../core/errors";
import { isMarkedName, markOf, ownerMark } from "../core/mark";
import { randomId } from "../core/token";
import { TOKEN_ENV, type Values } from "../schema";
import { isAlive } from "./adopt";
import type { Context } from "./context";
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
    assertOwnAccount(context, outputs);
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

/** Nothing found proves nothing if it was looked for elsewhere, or as someone else. */
function assertOwnAccount(context: Context, outputs: Values): void {
  const stored = storedLive(outputs)?.account;
  const { origin, fingerprint } = context.api.account;
  if (stored === undefined) return;
  const unsure = "Whether anything of this stack is left cannot be told";
  if (stored.origin !== origin) {
    throw new UserError(
      `${unsure}: its objects were created at ${stored.origin}, and ${origin} would be asked. Set runpod:apiUrl (or RUNPOD_REST_V2_URL) back, and run \`pulumi destroy\` again.`,
    );
  }
  // A key that was replaced is told from another account's by what it could delete before.
  if (stored.fingerprint !== fingerprint && !context.provenKeys.has(fingerprint)) {
    throw new UserError(
      `${unsure}: the API key in use (fingerprint ${fingerprint}) is not the one of its first \`pulumi up\` (fingerprint ${stored.fingerprint}), and may be another account's. Use the first one; or, if this is a new key of the same account, run \`npx runpod-stack recover\`, and then remove this resource with \`pulumi state delete <urn>\`.`,
    );
  }
}
