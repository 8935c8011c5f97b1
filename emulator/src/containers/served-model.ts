import type { Capacity } from "./in-flight";

/** The models that a server offers, and the key that protects them. */
export interface ServedModel {
  /** The first is the default. */
  names: readonly string[];
  /** The repository or folder that the weights came from. */
  root: string;
  maxModelLen: number;
  apiKeys: readonly string[];
  /** Of the server. */
  version: string;
  /** @default unlimited */
  capacity?: Capacity;
  /** Whether the server was started with metrics, if its dialect asks. @default false */
  metrics?: boolean;
}

/** A route that other servers do not have. */
export interface OwnRoute {
  method: "GET" | "POST";
  answer(model: ServedModel, request: Request): Response | Promise<Response>;
}
