import { trustedHosts } from "../core/hosts";

/** What only the owner of a machine decides, in its environment: no file of a project can. */
export interface Machine {
  /** Whether calls go through the proxy of HTTPS_PROXY. @default no: RUNPOD_STACK_USE_PROXY=1 */
  readonly usesProxy: boolean;
  /** Hosts besides RunPod's that may be sent the API key: RUNPOD_STACK_TRUSTED_HOSTS. */
  readonly trustedHosts: readonly string[];
}

/** Reads the environment. */
export function readMachine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Machine {
  return { usesProxy: env["RUNPOD_STACK_USE_PROXY"] === "1", trustedHosts: trustedHosts(env) };
}
