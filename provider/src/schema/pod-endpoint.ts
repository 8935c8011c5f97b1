import type { AnyDuration } from "./completed";
import type { FieldTable, Previewed } from "./field";
import { listed, type Problem, problem, type Rule } from "./rules";
import { hasUnknown, isUnknown } from "./unknown";
import { duration, objectId, oneOf, requestPath, searched, text, whole } from "./values";

/** A service on a pod's port, at its proxy URL. */
export interface PodEndpointInputs {
  /** The pod's id. Set by `pod` if that is used. */
  podId: string;
  /** The port inside the container. The pod must expose it as "<port>/http". */
  port: number;
  /** The path to request. @default /v1/models */
  path?: string;
  /** The model that `/v1/models` must list. @default any */
  expectModel?: string;
  /** The service's own API key, sent to it as a bearer token. Not RunPod's key. */
  apiKey?: string;
  /** The HTTP status that counts as serving. @default 200 */
  expectStatus?: number;
  /** A string, or a /regular expression/, that the response body must contain. @default anything */
  expectBody?: string;
  /** How many good responses in a row count as serving. @default 3 */
  consecutive?: number;
  /** Time between two requests. @default 5s */
  interval?: AnyDuration;
  /** How long to wait for the service. @default 45m */
  timeout?: AnyDuration;
  /** What to do with the pod if the service does not come up: `keep` or `stop` it. @default keep */
  onFailure?: "keep" | "stop";
  /** The pod's revision. A new one starts a new wait. Set by `pod` if that is used. */
  revision?: number;
}

/** Outputs of an endpoint. */
export interface PodEndpointOutputs {
  /** The proxy URL, without a trailing slash. */
  url: string;
  /** The base URL for OpenAI clients. */
  openaiBaseUrl: string;
  /** The models that the service lists; empty if `path` is not a models route. */
  models: string[];
  /** When the last wait found the service serving; null if it did not. */
  readyAt: string | null;
  /** The data center in which the pod runs. */
  dataCenterId: string | null;
  /** The pod's price in USD per hour. */
  costPerHr: number | null;
  /** The command that opens a shell through RunPod's SSH proxy. */
  sshCommand: string | null;
  /** Where the pod's own SSH server is, for programs: needs "22/tcp" in the pod's ports. User root. New after each restart. */
  sshHost: string | null;
  /** The port at `sshHost`. */
  sshPort: number | null;
}

/** All stored properties of an endpoint. */
export interface PodEndpointProperties extends PodEndpointInputs, Partial<PodEndpointOutputs> {}

/** An endpoint is not an object at RunPod. */
interface NoWire {
  readonly request: Record<never, never>;
  readonly answer: Record<never, never>;
}

export const podEndpointFields: FieldTable<PodEndpointInputs, NoWire> = {
  podId: { value: objectId, required: true, change: "replace", removal: "change" },
  port: { value: whole("", 1, 65_535), required: true, change: "replace", removal: "change" },
  path: {
    value: requestPath,
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
  expectBody: { value: searched, change: "update", removal: "change" },
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

/** Rules between an endpoint's fields. */
export const podEndpointRules: readonly Rule<PodEndpointInputs>[] = [
  portIsExposed,
  modelNeedsModelsRoute,
];

function portIsExposed(inputs: Previewed<PodEndpointInputs>): Problem[] {
  // Set by the resource class if it knows the pod, to report early what would answer 404 forever.
  const [port, podPorts] = [inputs["port"], inputs["__podPorts"]];
  if (typeof port !== "number" || podPorts === undefined || hasUnknown(podPorts)) {
    return [];
  }
  if (listed(podPorts).includes(`${port}/http`)) {
    return [];
  }
  const exposed = listed(podPorts).length === 0 ? "none" : listed(podPorts).join(", ");
  const message = `is not exposed by the pod (it exposes ${exposed}). Add "${port}/http" to the pod's ports`;
  return [problem("port", port, message)];
}

function modelNeedsModelsRoute(inputs: Previewed<PodEndpointInputs>): Problem[] {
  const path = inputs["path"];
  if (inputs["expectModel"] === undefined || typeof path !== "string" || isUnknown(path)) {
    return [];
  }
  if (path.split("?")[0]?.endsWith("/models")) {
    return [];
  }
  const message =
    "cannot be found at this path: only a models route lists models. Set path to /v1/models, or use expectBody";
  return [problem("expectModel", inputs["expectModel"], message)];
}
