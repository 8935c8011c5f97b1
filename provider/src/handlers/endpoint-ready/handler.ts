import { multiline, type Safe, safe, visible } from "@runpod-stack/kit";
import { type Endpoint, urlsOf } from "../../api";
import { parseDuration } from "../../core/duration";
import { messageFrom } from "../../core/errors";
import {
  checkInputs,
  type EndpointReadyInputs,
  type EndpointReadyOutputs,
  type EndpointReadyProperties,
  endpointReadyFields,
  endpointReadyRules,
  type Inputs,
  type Stored,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { changedFields, storedChanges } from "../lifecycle/diff";
import { endpointBill } from "../lifecycle/endpoints";
import { type Handler, PartialFailure } from "../lifecycle/handler";
import { refreshed } from "../lifecycle/look-up";
import { asFound, isImported, liveRecord, storedInputs } from "../lifecycle/record";
import { waitProblems } from "../lifecycle/wait-durations";
import { type Answered, NotReady, type Wait } from "./ready";
import { waitUntilAnswered } from "./wait";

/** One request to a serverless endpoint. It is not an object at RunPod: creating it means waiting for the answer. */
export const endpointReadyHandler: Handler<EndpointReadyProperties> = {
  check(old, given) {
    const judged = checkInputs(endpointReadyFields, endpointReadyRules, old, given);
    return { ...judged, problems: [...judged.problems, ...waitProblems(judged)] };
  },

  diff(old, inputs) {
    return changedFields(storedChanges(endpointReadyFields, old, inputs));
  },

  async create(context, inputs) {
    const id = inputs["endpointId"];
    return { id, outputs: await awaitAnswer(context, id, inputs) };
  },

  async read(context, _, stored) {
    const id = String(stored["endpointId"]);
    const { endpoints, api } = context;
    const endpoint = await refreshed(
      context,
      `endpoint ${id}`,
      stored,
      id,
      endpoints,
      api.endpoints,
    );
    if (endpoint === undefined) {
      return undefined;
    }
    const inputs = storedInputs(endpointReadyFields, stored);
    if (!isImported(stored)) {
      return { inputs, outputs: stored };
    }
    // Stored values are always known.
    const known = endpointReadyHandler.check({}, inputs).inputs as Inputs<EndpointReadyInputs>;
    const found = { ...describe(context, known, endpoint), ...stored, ...known };
    return {
      inputs: known,
      outputs: asFound({ ...found, __live: liveRecord(context, stored) }, stored),
    };
  },

  async update(context, id, old, inputs) {
    const changes = storedChanges(endpointReadyFields, old, inputs);
    const isSettingOnly = changes.length > 0 && changes.every(({ change }) => change === "local");
    // An endpoint that never answered is asked again, with the new timeout.
    const hasAnswered = typeof old["readyAt"] === "string";
    return isSettingOnly && hasAnswered
      ? { ...old, ...inputs }
      : awaitAnswer(context, id, inputs, old);
  },

  // RunPod has no object to delete: the endpoint is a separate resource, and a job ends with its wait.
  async delete() {},
};

/** The outputs before the endpoint has answered. */
function describe(
  { settings }: Context,
  inputs: Stored<EndpointReadyInputs>,
  endpoint: Endpoint | undefined,
): EndpointReadyOutputs {
  const type = inputs["path"] === undefined ? "QUEUE" : "LOAD_BALANCER";
  const known = endpoint ?? { id: String(inputs["endpointId"]) };
  const { runUrl, loadBalancerUrl, openaiBaseUrl } = urlsOf(known, type, settings);
  return {
    url: String(runUrl ?? loadBalancerUrl),
    openaiBaseUrl,
    readyAt: null,
    output: null,
    delayTime: null,
    executionTime: null,
  };
}

/** Waits, and stores what is known even if the wait fails, so that the next update can continue. */
async function awaitAnswer(
  context: Context,
  id: string,
  inputs: Inputs<EndpointReadyInputs>,
  old: Stored<EndpointReadyProperties> = {},
): Promise<Stored<EndpointReadyProperties>> {
  const outputs = async (answered?: Answered): Promise<Stored<EndpointReadyProperties>> => ({
    ...inputs,
    ...describe(context, inputs, await lastSeen(context, id)),
    ...(answered && {
      ...answered,
      output: presentable(answered.output),
      readyAt: new Date(context.clock.now()).toISOString(),
    }),
    __live: liveRecord(context, old),
  });
  try {
    return await outputs(await waitUntilAnswered(context, waitOf(inputs)));
  } catch (error) {
    if (!(error instanceof NotReady)) {
      throw new PartialFailure(id, await outputs(), [messageFrom(error)]);
    }
    const bill = error.endpoint === undefined ? [] : [billText(error.endpoint)];
    throw new PartialFailure(id, await outputs(), [multiline(error.message, ...bill)]);
  }
}

/** The endpoint as the waits last saw it, without another call. */
async function lastSeen(context: Context, id: string): Promise<Endpoint | undefined> {
  const known = await context.endpoints.list().catch(() => []);
  return known.find((endpoint) => endpoint.id === id);
}

function waitOf(inputs: Inputs<EndpointReadyInputs>): Wait {
  const { endpointId, input, path } = inputs;
  return {
    row: {
      urn: inputs["__urn"],
      label: `endpoint '${inputs["__logicalName"] ?? endpointId}'`,
    },
    endpointId,
    input,
    path,
    expected: { status: inputs["expectStatus"] ?? 200, output: inputs["expectOutput"] },
    interval: parseDuration(inputs["interval"]) ?? 0,
    timeout: parseDuration(inputs["timeout"]) ?? 0,
  };
}

const LARGEST_OUTPUT = 65_536;

/** What a program may print: without what controls a terminal, and not of any size. */
function presentable(output: unknown): unknown {
  const text = JSON.stringify(output) ?? "null";
  if (text.length > LARGEST_OUTPUT) {
    return null;
  }
  return JSON.parse(text, (_, value) => (typeof value === "string" ? visible(value) : value));
}

function billText(endpoint: Endpoint): Safe {
  return safe`Endpoint ${endpoint.id} stays in the state and is ${endpointBill(endpoint)}. Correct the program and run \`pulumi up\`, or run \`pulumi destroy\` to delete it.`;
}
