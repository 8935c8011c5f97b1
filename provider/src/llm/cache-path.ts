import type { ServerSpec } from "./server";

/** Where a server keeps downloaded weights, and what decided it. */
export interface CachePath {
  readonly path: string;
  /** For example `"--download-dir"`, `"HF_HOME"`, `"the image's default"`. */
  readonly from: string;
}

/** The folder into which the server downloads its weights; null where no model server is known to run. */
export function cachePath(_spec: ServerSpec): CachePath | null {
  return null;
}

/** Whether a path is a mount's folder or lies in it; compared by segment, so `/data2` is not under `/data`. */
export function isUnder(_path: string, _mount: string): boolean {
  return false;
}
