import type { ContainerInput, ContainerRuntime } from "../types";
import { Container } from "./container";

export type {
  ContainerInput,
  ContainerRuntime,
  LogLine,
  PullAccess,
  Span,
  Storage,
} from "../types";

/** A container that begins with the pull of its image at `startedAt`. */
export function createContainerRuntime(input: ContainerInput): ContainerRuntime {
  return new Container(input);
}
