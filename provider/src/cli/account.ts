import { foreign, safe } from "@runpod-stack/kit";
import { UnusableInput } from "@runpod-stack/kit/command";
import { createRunpodApi, type RunpodApi } from "../api";
import type { Settings } from "../core/settings";
import { type Session, say } from "./session";

/** RunPod's API with the key of the settings. @throws UnusableInput without a key */
export function connect(session: Session, settings: Settings, whereKeysGo: string): RunpodApi {
  const { apiKey, apiUrl, graphqlUrl } = settings;
  if (apiKey === undefined) {
    throw new UnusableInput(
      safe`No RunPod API key is set. Set RUNPOD_API_KEY${whereKeysGo}. Create a key in RunPod's console under Settings, API Keys.`,
    );
  }
  const log = (line: string) => say(session, foreign(line));
  return createRunpodApi({ apiKey, apiUrl, graphqlUrl, clock: session.clock, log });
}
