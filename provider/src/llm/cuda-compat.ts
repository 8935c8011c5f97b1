import type { ServerSpec } from "./server";

/** Whether the host's CUDA driver comes first: `LD_LIBRARY_PATH` begins with its folder, or the compat switch is off. */
export function compatFixed(_spec: ServerSpec): boolean {
  return false;
}
