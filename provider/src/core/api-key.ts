import { type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "./errors";
import type { Environment, Lookup } from "./settings";

/** Common wrong names for the variable RUNPOD_API_KEY. */
const ALMOST = /^RUN_?POD_?(API_?)?(KEY|TOKEN)$/i;

/** The error for a missing key. Names settings that were probably meant to be one. */
export function missingKey(config: Lookup, env: Environment): UserError {
  const unread = [
    // A key without a namespace belongs to the project.
    ...(config("apiKey") ? ["apiKey in the project's own namespace"] : []),
    ...(config("runpod:token") ? ["runpod:token, a setting of another provider"] : []),
    ...Object.keys(env).filter((name) => env[name] && ALMOST.test(name)),
  ];
  const isExplicit = config("runpod:explicit") === "true";
  const hint = isExplicit || unread.length === 0 ? "" : ` Ignored: ${unread.join("; ")}.`;
  return new UserError(
    safe`No RunPod API key is set. Run \`pulumi config set --secret runpod:apiKey <key>\`, or set RUNPOD_API_KEY. Create a key in RunPod's console under Settings, API Keys.${hint}`,
  );
}

/**
 * Returns a second key once RunPod rejects the first. The engine passes the key of the last `up` to
 * `refresh` and `destroy`; if that key was revoked since, the pods must still be deletable.
 */
export function fallBackTo(apiKey: string | undefined, say: (text: Safe) => void) {
  return (): string | undefined => {
    if (apiKey !== undefined) {
      say(
        safe`RunPod rejected the API key stored by the last \`pulumi up\`; continuing with RUNPOD_API_KEY. Run \`pulumi up\` to store the new key.`,
      );
    }
    return apiKey;
  };
}
