import { LOOPBACK } from "../core/loopback";
import { seededRandom } from "../core/random";
import type { Pod } from "../state/pod";

export const SSH_PORT = 22;

/** The address of the pod's machine, from the block set aside for documentation, or this machine with `--ssh`. */
export function publicIp(pod: Pod): string {
  if (pod.life?.sshPort !== undefined) {
    return LOOPBACK;
  }
  return `203.0.113.${1 + Math.floor(seededRandom(pod.machine.id)() * 254)}`;
}

/** The public port for a TCP port of the container; it changes at each restart. */
export function publicPort(pod: Pod, privatePort: number): number {
  if (privatePort === SSH_PORT && pod.life?.sshPort !== undefined) {
    return pod.life.sshPort;
  }
  return 10_000 + Math.floor(seededRandom(pod.id, pod.lives, privatePort)() * 50_000);
}

/** The pod's address in the account's private network. */
export function globalIp(pod: Pod): string {
  const random = seededRandom("global", pod.id);
  return `10.65.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
}

export function globalDns(pod: Pod): string {
  return `${pod.id}.runpod.internal`;
}

/** The user name that RunPod's SSH proxy routes by. */
export function sshUser(pod: Pod): string {
  const suffix = Math.floor(seededRandom("ssh", pod.id)() * 2 ** 32);
  return `${pod.id}-${suffix.toString(16).padStart(8, "0")}`;
}
