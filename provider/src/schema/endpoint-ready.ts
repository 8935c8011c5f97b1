import { z } from "zod";
import type { AnyDuration } from "./completed";
import type { FieldTable, Previewed } from "./field";
import { type Problem, problem, type Rule } from "./rules";
import { hasUnknown } from "./unknown";
import { duration, objectId, requestPath, searched, whole } from "./values";

/** One real request to a serverless endpoint, and what its answer must be. */
export interface EndpointReadyInputs {
  /** The endpoint's id. Set by `endpoint` if that is used. */
  endpointId: string;
  /** QUEUE: the input of the job to send, such as { prompt: "Hello" }. The job is billed. */
  input?: Record<string, unknown>;
  /** LOAD_BALANCER: the path to request, such as "/ping". */
  path?: string;
  /** A string, or a /regular expression/, that the job's output or the response body must contain. An output that is not a string is compared as JSON. @default anything */
  expectOutput?: string;
  /** LOAD_BALANCER: the HTTP status that counts as an answer. @default 200 */
  expectStatus?: number;
  /** Time between two checks. @default 5s */
  interval?: AnyDuration;
  /** How long to wait for the answer, from a cold start on. @default 45m */
  timeout?: AnyDuration;
  /** The endpoint's revision. A new one sends a new request. Set by `endpoint` if that is used. */
  revision?: number;
}

/** Outputs of the request. */
export interface EndpointReadyOutputs {
  /** The URL that takes jobs, or that of the workers' server on a LOAD_BALANCER. */
  url: string;
  /** The base URL for OpenAI clients, whose API key is RunPod's. */
  openaiBaseUrl: string;
  /** When the last request was answered as expected; null if it was not. */
  readyAt: string | null;
  /** The job's output, or the response body on a LOAD_BALANCER; null if it is larger than 64 KiB. */
  output: unknown;
  /** Milliseconds that the job waited in the queue, cold start included; null on a LOAD_BALANCER. */
  delayTime: number | null;
  /** Milliseconds that the worker took; null on a LOAD_BALANCER. */
  executionTime: number | null;
}

/** All stored properties. */
export interface EndpointReadyProperties
  extends EndpointReadyInputs,
    Partial<EndpointReadyOutputs> {}

/** It is not an object at RunPod. */
interface NoWire {
  readonly request: Record<never, never>;
  readonly answer: Record<never, never>;
}

const MOST_BYTES = 10_000_000;

/** The most that RunPod accepts as a job. Source: RunPod docs, serverless/endpoints/send-requests. */
const jobInput = z
  .record(z.string(), z.unknown(), {
    error: 'must be an object, such as { prompt: "Hello" }',
  })
  .refine((input) => JSON.stringify(input).length < MOST_BYTES, {
    error: "must be smaller than 10 MB. Pass a URL to large data instead",
  });

export const endpointReadyFields: FieldTable<EndpointReadyInputs, NoWire> = {
  endpointId: { value: objectId, required: true, change: "replace", removal: "change" },
  input: { value: jobInput, change: "update", removal: "change" },
  path: { value: requestPath, change: "update", removal: "change" },
  expectOutput: { value: searched, change: "update", removal: "change" },
  expectStatus: { value: whole("", 100, 599), change: "update", removal: "change" },
  interval: { value: duration, default: "5s", change: "local", removal: "change" },
  timeout: { value: duration, default: "45m", change: "local", removal: "change" },
  revision: { value: whole("", 1), unset: 1, change: "update", removal: "change" },
};

type Given = Previewed<EndpointReadyInputs>;

/** Rules between the fields. */
export const endpointReadyRules: readonly Rule<EndpointReadyInputs>[] = [
  asksOneThing,
  fitsTheEndpoint,
  jobsHaveNoStatus,
];

function asksOneThing({ input, path }: Given): Problem[] {
  if ((input === undefined) !== (path === undefined)) {
    return [];
  }
  if (input !== undefined) {
    const message =
      "cannot be combined with input: a queue takes a job, and a load balancer a path. Remove one of them";
    return [problem("path", path, message)];
  }
  const message =
    'is required, or path for a LOAD_BALANCER. Set it to a small job of the workers\' image, such as { prompt: "Hello" }';
  return [problem("input", undefined, message)];
}

/** The type is known if the program has the endpoint itself. */
function fitsTheEndpoint({ input, path, ...inputs }: Given): Problem[] {
  const type = inputs["__endpointType"];
  if (type === "LOAD_BALANCER" && input !== undefined && path === undefined) {
    const message = "is not available on a LOAD_BALANCER, which has no jobs. Set path instead";
    return [problem("input", undefined, message)];
  }
  if (type === "QUEUE" && path !== undefined && input === undefined) {
    return [problem("path", path, "is not available on a QUEUE. Set input instead, to a job")];
  }
  return [];
}

function jobsHaveNoStatus({ input, expectStatus }: Given): Problem[] {
  if (input === undefined || expectStatus === undefined || hasUnknown(expectStatus)) {
    return [];
  }
  const message = "is not available for a job, which has no HTTP status. Remove it";
  return [problem("expectStatus", expectStatus, message)];
}
