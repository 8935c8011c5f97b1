import { Container } from "./container";
import type { ContainerInput, ContainerRuntime } from "./types";

export type { ContainerInput, ContainerRuntime, LogLine, Span, Storage } from "./types";

/** A container that begins with the pull of its image at `startedAt`. */
export function createContainerRuntime(input: ContainerInput): ContainerRuntime {
  return new Container(input);
}
