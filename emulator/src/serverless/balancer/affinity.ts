/** Which worker a request asks for: https://docs.runpod.io/serverless/load-balancing/worker-affinity */
export interface Affinity {
  /** Null for any. */
  workerId: string | null;
  /** Whether no other worker will do. */
  isStrict: boolean;
  /** Whether a worker that was scaled down is started again. */
  resumes: boolean;
}

/** @param header the value of `X-Runpod-Worker-Id` */
export function readAffinity(header: string | undefined): Affinity {
  const [, mode, workerId = ""] =
    /^(?:(strict|strict-resume)\s+)?(\S*)\s*$/.exec(header?.trim() ?? "") ?? [];
  return {
    workerId: workerId || null,
    isStrict: mode !== undefined,
    resumes: mode === "strict-resume",
  };
}
