import type { Launch } from "./launch";
import { optionOrVariable } from "./worker-variables";

/** The repository of the model that guesses ahead for the one that is served; undefined if there is none. */
export function draftModel(launch: Launch): string | undefined {
  const inJson = /"model"\s*:\s*"([^"]+)"/.exec(optionOrVariable(launch, CONFIG) ?? "");
  const draft = optionOrVariable(launch, NAMES) ?? inJson?.[1];
  return draft && /^[\w.-]+\/[\w.:-]+$/.test(draft) ? draft : undefined;
}

const CONFIG = ["--speculative-config", "-sc"];
const NAMES = [
  "--speculative-model",
  "--speculative-draft-model-path",
  "--speculative-draft-model",
  "--hf-repo-draft",
  "-hfd",
];
