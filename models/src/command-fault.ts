import type { Misplacement } from "./command-line";

/** Why a container's command never comes to serve. */
export interface CommandFault {
  readonly kind:
    | Misplacement["kind"]
    | "unknown-option"
    | "missing-value"
    | "wrong-value"
    | "extra-word"
    | "model-needs-option"
    | "starts-no-server"
    | "server-not-in-image";
  readonly field: "dockerEntrypoint" | "dockerStartCmd";
  /** The words at fault. */
  readonly items: readonly string[];
  /** What should stand there instead; empty where that is not known. */
  readonly meant: readonly string[];
  /** The command line that runs. */
  readonly line: readonly string[];
  /** Whether it fails at every start, as far as all that is known of the image. */
  readonly isCertain: boolean;
  /** The release of the server that refuses them, as `"vLLM 0.20.0"`. */
  readonly release?: string;
  /** The options that the release knows, of one that it does not. */
  readonly known?: readonly string[];
}

/** What is wrong with words of a command, wherever they stand. */
export type WordFault = Omit<CommandFault, "field" | "line">;
