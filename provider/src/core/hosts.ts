const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;
const RUNPOD = /^([a-z0-9-]+\.)*runpod\.io$/;
const SERVERLESS = /^([a-z0-9-]+\.)?api\.runpod\.ai$/;

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Whether a host is RunPod's own. */
export function isRunpods(hostname: string): boolean {
  return RUNPOD.test(hostname);
}

/** Whether a host is RunPod's for serverless jobs, or for the requests of a load-balanced endpoint. */
export function isRunpodsServerless(hostname: string): boolean {
  return SERVERLESS.test(hostname);
}

/** Whether nobody can eavesdrop on what is sent to a URL: https, or this machine. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** Hosts other than RunPod's that may receive the API key, by the machine's environment. */
export function trustedHosts(env: Readonly<Record<string, string | undefined>>): string[] {
  const hosts = env["RUNPOD_STACK_TRUSTED_HOSTS"]?.split(",") ?? [];
  return hosts.map((host) => host.trim().toLowerCase()).filter(Boolean);
}
