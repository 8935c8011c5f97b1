import type { RunpodApi } from "../api";
import { isRunpodError } from "../core/errors";
import { forward } from "./forward-api";

/**
 * The same API, which turns to a second key once the first is refused: the engine hands `refresh`
 * and `destroy` the key of the last `up`, and a key that was revoked since must not leave pods
 * behind that nobody can delete.
 */
export function withFallbackKey(
  api: RunpodApi,
  fallbackKey: string | undefined,
  connect: (apiKey: string) => RunpodApi,
  say: (line: string) => void,
): RunpodApi {
  if (fallbackKey === undefined) return api;
  let current = api;
  const useFallback = () => {
    if (current !== api) return;
    current = connect(fallbackKey);
    say(
      "RunPod refused the API key stored at the last `pulumi up`; going on with RUNPOD_API_KEY. Run `pulumi up` to store the new key.",
    );
  };
  const call = async (ask: (api: RunpodApi) => Promise<unknown>) => {
    const asked = current;
    try {
      return await ask(asked);
    } catch (error) {
      // A 401 comes before anything is done: even a create may be asked again.
      if (!isRunpodError(error, "unauthorized") || asked !== api) throw error;
      useFallback();
      return await ask(current);
    }
  };
  return forward(() => current, call, api);
}
