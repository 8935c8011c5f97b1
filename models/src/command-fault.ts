import type { Misplacement } from "./command-line";

/** Why a container's command never serves. */
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
  /** What should replace them; empty if not known. */
  readonly meant: readonly string[];
  /** The command line that runs. */
  readonly line: readonly string[];
  /** Whether every start fails, given what is known about the image. */
  readonly isCertain: boolean;
  /** The server release that rejects them, for example `"vLLM 0.20.0"`. */
  readonly release?: string;
  /** For an unknown option: the options that the release has. */
  readonly known?: readonly string[];
}

/** A fault in the words of a command, without their position. */
export type WordFault = Omit<CommandFault, "field" | "line">;
