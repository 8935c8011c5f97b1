import type { Download } from "./downloads";
import type { ServerKind } from "./server-words";

/** How a container starts a model server. */
export interface Launch {
  readonly server: ServerKind;
  /** The server's own arguments. */
  readonly args: readonly string[];
  /** The variables known to be set when it starts: of the image, the pod and the command. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those of them that the image sets by itself; null where they are not known. */
  readonly imageVariables: Readonly<Record<string, string>> | null;
  /** The shell commands that run before it, each as its words. */
  readonly before: readonly (readonly string[])[];
  /** The folder that the command has changed to; null for the image's own. */
  readonly folder: string | null;
  /** Programs around it that may change its environment, such as managers of secrets. */
  readonly within: readonly string[];
  /** The command as it stands, from its program on. */
  readonly line: readonly string[];
  /** Whether the container starts it without a shell. */
  readonly isDirect: boolean;
}

/** All that is read of what a container runs. */
export interface Container {
  readonly launches: readonly Launch[];
  /** What the command downloads, in its order, with the variables in force. */
  readonly downloads: readonly (Download & Pick<Launch, "variables">)[];
  /** Whether it also runs programs of which it is not known what they do. */
  readonly hasOthers: boolean;
  /** Commands that start what is not written in them: scripts, and what is piped into a shell. */
  readonly opaque: readonly string[];
}
