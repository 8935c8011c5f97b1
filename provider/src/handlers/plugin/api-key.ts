import { type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import type { Environment, Lookup } from "../../core/settings";

/** Names that are often given to the variable RUNPOD_API_KEY. */
const ALMOST = /^RUN_?POD_?(API_?)?(KEY|TOKEN)$/i;

/** What to do without a key, and what was probably meant to be one. */
export function missingKey(config: Lookup, env: Environment): UserError {
  const unread = [
    // Without a namespace, a key is the project's own.
    ...(config("apiKey") ? ["apiKey in the project's own namespace"] : []),
    ...(config("runpod:token") ? ["runpod:token, a setting of another provider"] : []),
    ...Object.keys(env).filter((name) => env[name] && ALMOST.test(name)),
  ];
  const isExplicit = config("runpod:explicit") === "true";
  const hint = isExplicit || unread.length === 0 ? "" : ` Not read: ${unread.join("; ")}.`;
  return new UserError(
    safe`No RunPod API key: run \`pulumi config set --secret runpod:apiKey <key>\`, or set RUNPOD_API_KEY. Keys are made in RunPod's console under Settings, API Keys.${hint}`,
  );
}

/**
 * Gives a second key once the first is refused: the engine hands `refresh` and `destroy` the key of
 * the last `up`, and a key that was revoked since must not leave pods behind that nobody can delete.
 */
export function fallBackTo(apiKey: string | undefined, say: (text: Safe) => void) {
  return (): string | undefined => {
    if (apiKey !== undefined) {
      say(
        safe`RunPod refused the API key stored at the last \`pulumi up\`; going on with RUNPOD_API_KEY. Run \`pulumi up\` to store the new key.`,
      );
    }
    return apiKey;
  };
}
