import type { Pod } from "../../../../provider/src/api";
import { findLost } from "../../../../provider/src/handlers/lifecycle/lost";
import { PODS } from "../../../../provider/src/handlers/lifecycle/pods";
import { canBecome } from "../../../../provider/src/handlers/pod/conflicts";
import { TOKEN_ENV, type Values } from "../../../../provider/src/schema";
import {
  exported,
  OWNER,
  ownership,
  PRESENT,
  resource,
  token,
} from "../../../support/exported-state";
import { pod } from "../../api/fixtures";
import { fakeScene } from "../fake-context";

export const earlier = token("Pod", "llm");
export const present = token("Pod", "llm", OWNER, PRESENT);
export const inputs = {
  name: "llm",
  imageName: "vllm/vllm-openai:v0.33.0",
  gpuTypeIds: ["NVIDIA L40S"],
  gpuCount: 1,
  cloudType: "SECURE" as const,
  volumeInGb: 100,
  __logicalName: "llm",
  __token: present,
};
export const named = { inputs: { name: "llm" } };
/** The engine's records of the interrupted run, and of this one. */
export const cutOff = resource("Pod", "llm", named);
export const underWay = resource("Pod", "llm", { ...named, token: present });
const journal = exported([ownership()], [cutOff, underWay]);

export const withToken = (itsToken: string, changes: Partial<Pod> = {}): Pod => ({
  ...pod,
  env: { [TOKEN_ENV]: itsToken },
  ...changes,
});
export const lost = withToken(earlier);

export function setUp(pods: readonly Pod[], state: unknown = journal) {
  const scene = fakeScene();
  scene.runpod.pods = pods;
  scene.runpod.state = state;
  return {
    ...scene,
    find: (wanted: Values = inputs) =>
      findLost(
        scene.context,
        PODS,
        { kind: "Pod", logicalName: "llm", name: "llm", token: present },
        (found) => canBecome(found, wanted),
      ),
  };
}
