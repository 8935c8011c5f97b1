import type { z } from "zod";
import type { AnyDuration } from "./completed";
import type { FieldTable, Previewed } from "./field";
import { listed, type Problem, problem, type Rule } from "./rules";
import { hasUnknown, isUnknown } from "./unknown";
import { duration, objectId, oneOf, text, whole } from "./values";

/** A pod's port at its proxy URL, serving. */
export interface PodEndpointInputs {
  /** The pod's id; given by `pod` where that is used. */
  podId: string;
  /** The port inside the container. The pod exposes it as "<port>/http". */
  port: number;
  /** What to ask for. @default /v1/models */
  path?: string;
  /** The model that `/v1/models` must name. @default any */
  expectModel?: string;
  /** The service's own key, sent to it as a bearer token. Not RunPod's. */
  apiKey?: string;
  /** The HTTP status that counts as serving. @default 200 */
  expectStatus?: number;
  /** A text, or a /regular expression/, that the body must contain. @default anything */
  expectBody?: string;
  /** How many good answers in a row count as serving. @default 3 */
  consecutive?: number;
  /** Time between two questions. @default 5s */
  interval?: AnyDuration;
  /** How long to wait for the service. @default 45m */
  timeout?: AnyDuration;
  /** What becomes of the pod if the service does not come up: `keep` it, or `stop` it. @default keep */
  onFailure?: "keep" | "stop";
  /** The pod's revision: a new one means waiting again. Given by `pod`. */
  revision?: number;
}

/** What is known of an endpoint besides its inputs. */
export interface PodEndpointOutputs {
  /** The proxy URL, without a slash at its end. */
  url: string;
  /** What an OpenAI client takes as its base URL. */
  openaiBaseUrl: string;
  /** The models it serves, if it was asked for them. */
  models: string[];
  /** When it was found to serve; null if it was not. */
  readyAt: string | null;
  /** Where the pod runs. */
  dataCenterId: string | null;
  /** The pod's price in USD per hour. */
  costPerHr: number | null;
  /** A shell through RunPod's SSH proxy. */
  sshCommand: string | null;
}

/** All that is stored of an endpoint. */
export interface PodEndpointProperties extends PodEndpointInputs, Partial<PodEndpointOutputs> {}

/** RunPod has no such object. */
interface NoWire {
  readonly request: Record<never, never>;
  readonly answer: Record<never, never>;
}

export const podEndpointFields: FieldTable<PodEndpointInputs, NoWire> = {
  podId: { value: objectId, required: true, change: "replace", removal: "change" },
  port: { value: whole("", 1, 65_535), required: true, change: "replace", removal: "change" },
  path: {
    value: text.regex(/^\/[^\s#]*$/, "must begin with / and hold no spaces"),
    default: "/v1/models",
    change: "update",
    removal: "change",
  },
  expectModel: { value: text, change: "update", removal: "change" },
  apiKey: { value: text, secret: "whole", change: "update", removal: "change" },
  expectStatus: {
    value: whole("", 100, 599),
    default: 200,
    change: "update",
    removal: "change",
  },
  expectBody: { value: text.superRefine(isPattern), change: "update", removal: "change" },
  consecutive: { value: whole("answers", 1, 100), default: 3, change: "local", removal: "change" },
  interval: { value: duration, default: "5s", change: "local", removal: "change" },
  timeout: { value: duration, default: "45m", change: "local", removal: "change" },
  onFailure: {
    value: oneOf(["keep", "stop"]),
    default: "keep",
    change: "local",
    removal: "change",
  },
  revision: { value: whole("", 1), unset: 1, change: "update", removal: "change" },
};

/** What holds between an endpoint's fields. */
export const podEndpointRules: readonly Rule<PodEndpointInputs>[] = [
  portIsExposed,
  modelNeedsModelsRoute,
];

function portIsExposed(inputs: Previewed<PodEndpointInputs>): Problem[] {
  // Given by the resource class where it knows the pod, to tell early what would answer 404 for ever.
  const [port, podPorts] = [inputs["port"], inputs["__podPorts"]];
  if (typeof port !== "number" || podPorts === undefined || hasUnknown(podPorts)) return [];
  if (listed(podPorts).includes(`${port}/http`)) return [];
  const exposed = listed(podPorts).length === 0 ? "none" : listed(podPorts).join(", ");
  const message = `is not exposed by the pod (it exposes ${exposed}). Add "${port}/http" to the pod's ports`;
  return [problem("port", port, message)];
}

function modelNeedsModelsRoute(inputs: Previewed<PodEndpointInputs>): Problem[] {
  const path = inputs["path"];
  if (inputs["expectModel"] === undefined || typeof path !== "string" || isUnknown(path)) return [];
  if (path.split("?")[0]?.endsWith("/models")) return [];
  const message =
    "cannot be found under this path: only a models route lists models. Use expectBody, or the path /v1/models";
  return [problem("expectModel", inputs["expectModel"], message)];
}

function isPattern(value: string, context: z.RefinementCtx): void {
  const pattern = /^\/(.+)\/$/s.exec(value)?.[1];
  if (pattern === undefined) return;
  try {
    new RegExp(pattern);
  } catch (error) {
    const message = `is not a regular expression (${(error as Error).message}). Correct it, or leave the slashes out to search for plain text`;
    context.addIssue({ code: "custom", message });
  }
}
