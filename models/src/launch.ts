import type { Download } from "./downloads";
import type { ServerKind } from "./server-words";

/** How a container starts a model server. */
export interface Launch {
  readonly server: ServerKind;
  /** The server's own arguments. */
  readonly args: readonly string[];
  /** The variables known to be set when it starts, by the image, the pod or the command. */
  readonly variables: Readonly<Record<string, string>>;
  /** The variables that the image sets; null if not known. */
  readonly imageVariables: Readonly<Record<string, string>> | null;
  /** The shell commands that run before it, each as a list of words. */
  readonly before: readonly (readonly string[])[];
  /** The working folder that the command changed to; null for the image's default. */
  readonly folder: string | null;
  /** Programs that start it and may change its environment, such as secret managers. */
  readonly within: readonly string[];
  /** The whole command, starting with its program. */
  readonly line: readonly string[];
  /** Whether the container starts it without a shell. */
  readonly isDirect: boolean;
}

/** What a container runs, as read from its command. */
export interface Container {
  readonly launches: readonly Launch[];
  /** The command's downloads in order, with the variables set at that point. */
  readonly downloads: readonly (Download & Pick<Launch, "variables">)[];
  /** Whether it also runs programs with unknown effects. */
  readonly hasOthers: boolean;
  /** Commands that do not show what they start: scripts, and input piped into a shell. */
  readonly opaque: readonly string[];
}
