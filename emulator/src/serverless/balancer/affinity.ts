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
  const [mode, strictId] = (header ?? "").trim().split(" ");
  const isStrict = mode === "strict" || mode === "strict-resume";
  const workerId = (isStrict ? strictId : mode) || null;
  return { workerId, isStrict, resumes: mode === "strict-resume" };
}
