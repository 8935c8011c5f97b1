import { foreign, safe } from "@runpod-stack/kit";
import { UnusableInput } from "@runpod-stack/kit/command";
import { createRunpodApi, type RunpodApi } from "../api";
import type { Settings } from "../core/settings";
import { type Session, say } from "./session";

/** RunPod, as the owner of the settings' key sees it. @throws UnusableInput without a key */
export function connect(session: Session, settings: Settings, whereKeysGo: string): RunpodApi {
  const { apiKey, apiUrl, graphqlUrl } = settings;
  if (apiKey === undefined) {
    throw new UnusableInput(
      safe`No RunPod API key: set RUNPOD_API_KEY${whereKeysGo}. Keys are made in RunPod's console under Settings, API Keys.`,
    );
  }
  const log = (line: string) => say(session, foreign(line));
  return createRunpodApi({ apiKey, apiUrl, graphqlUrl, clock: session.clock, log });
}
