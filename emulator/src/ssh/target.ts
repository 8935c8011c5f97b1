import type { Safe } from "@runpod-stack/kit";
import type { ContainerRuntime } from "../containers/runtime";

/** The pod that an SSH server belongs to. */
export interface SshTarget {
  readonly podId: string;
  /** The public keys that may log in, as in `authorized_keys`. */
  authorizedKeys(): string;
  /** The container at the present time; null unless its command runs. */
  container(): ContainerRuntime | null;
  /** How long a virtual time takes. */
  realMs(virtualMs: number): number;
  /** Prints a line of the emulator's log. */
  log(line: Safe): void;
}
