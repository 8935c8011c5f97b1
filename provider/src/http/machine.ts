import { trustedHosts } from "../core/hosts";

/** Settings that only the machine's environment can change, and no file of a project. */
export interface Machine {
  /** Whether calls use the proxy in HTTPS_PROXY. @default no: RUNPOD_STACK_USE_PROXY=1 */
  readonly usesProxy: boolean;
  /** Hosts other than RunPod's that may receive the API key: RUNPOD_STACK_TRUSTED_HOSTS. */
  readonly trustedHosts: readonly string[];
}

/** Reads the environment. */
export function readMachine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Machine {
  return { usesProxy: env["RUNPOD_STACK_USE_PROXY"] === "1", trustedHosts: trustedHosts(env) };
}
