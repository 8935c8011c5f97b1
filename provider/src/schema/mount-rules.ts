import type { Previewed } from "./field";
import { type Problem, problem } from "./rules";

/** The inputs that decide what is mounted. */
interface Mounted {
  volumeInGb?: number;
  volumeMountPath?: string;
  networkVolumeId?: string;
  templateId?: string;
}

/** A pod's disk and a network volume exclude each other. */
export function oneMount(inputs: Previewed<Mounted>): Problem[] {
  if (inputs["networkVolumeId"] === undefined || inputs["volumeInGb"] === undefined) {
    return [];
  }
  const message =
    "cannot be combined with networkVolumeId: a pod has only one mount. Remove volumeInGb to use the network volume";
  return [problem("volumeInGb", inputs["volumeInGb"], message)];
}

export function pathNeedsMount(inputs: Previewed<Mounted>): Problem[] {
  const mount = (["volumeInGb", "networkVolumeId", "templateId"] as const).some(
    (field) => inputs[field] !== undefined,
  );
  if (inputs["volumeMountPath"] === undefined || mount) {
    return [];
  }
  const message =
    "has no volume to mount. Set volumeInGb or networkVolumeId, or remove volumeMountPath";
  return [problem("volumeMountPath", inputs["volumeMountPath"], message)];
}
