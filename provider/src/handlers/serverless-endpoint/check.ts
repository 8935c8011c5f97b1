import { parseDuration } from "../../core/duration";
import {
  checkInputs,
  listed,
  type Previewed,
  type Problem,
  problem,
  type ServerlessEndpointInputs,
  type ServerlessEndpointProperties,
  type Stored,
  serverlessEndpointFields,
  serverlessEndpointRules,
  type Values,
} from "../../schema";
import { gpuNotes, placeIdProblems, upperCaseDataCenters } from "../lifecycle/catalog-ids";
import { inputChanges } from "../lifecycle/diff";
import { templateMaySet } from "../lifecycle/environment";
import type { Handler } from "../lifecycle/handler";
import { automaticName, withToken } from "../lifecycle/token";
import { isRelease } from "./changes";

type Old = Stored<ServerlessEndpointProperties>;
type Given = Previewed<ServerlessEndpointProperties>;

/** RunPod's limits of a job's time. Source: RunPod docs, serverless/endpoints/send-requests. */
const SHORTEST_JOB = "5s";
const LONGEST_JOB = "168h";

/** Checks a program's inputs. */
export function check(
  old: Old,
  given: Values,
): ReturnType<Handler<ServerlessEndpointProperties>["check"]> {
  const { revision: _, ...own } = withToken(old, given);
  const { values, notes } = upperCaseDataCenters(own);
  const before = withoutOtherDefaults(old, values);
  const judged = checkInputs(
    serverlessEndpointFields,
    serverlessEndpointRules,
    before,
    values,
    (inputs: Given) => defaults(before, inputs),
  );
  const { inputs } = judged;
  return {
    inputs: { ...inputs, revision: nextRevision(old, inputs) },
    problems: [...judged.problems, ...placeIdProblems(old, inputs), ...timeProblems(inputs)],
    notes: [...notes, ...gpuNotes(old, inputs)],
  };
}

function defaults(old: Old, inputs: Given): Given {
  const type = inputs["type"] ?? old["type"] ?? "QUEUE";
  const scalerType =
    inputs["scalerType"] ??
    inForce(old, "scalerType") ??
    (type === "LOAD_BALANCER" ? "REQUEST_COUNT" : "QUEUE_DELAY");
  const workersMin = inputs["workersMin"] ?? inForce(old, "workersMin") ?? 0;
  // RunPod rejects an idle timeout that has no effect.
  const hasIdleTimeout = type !== "QUEUE" || scalerType !== "REQUEST_COUNT";
  return {
    name: automaticName(inputs),
    type,
    gpuCount: inputs["gpuTypeIds"] === undefined ? undefined : 1,
    vcpuCount: inputs["cpuFlavorIds"] === undefined ? undefined : 2,
    workersMin,
    workersMax: typeof workersMin === "number" ? Math.max(3, workersMin) : 3,
    idleTimeout: hasIdleTimeout ? 5 : undefined,
    scalerType,
    scalerValue: 4,
    // A default must never override a template that is given only by its id.
    containerDiskInGb: templateMaySet(inputs) ? undefined : 50,
  };
}

/** The last inputs, without defaults that belong to another type. */
function withoutOtherDefaults(old: Old, given: Values): Old {
  const { type: before = given["type"] } = old;
  if (given["type"] === undefined || given["type"] === before) {
    return old;
  }
  const others: readonly string[] = ["scalerType", "idleTimeout"];
  return {
    ...old,
    __defaults: (old["__defaults"] ?? []).filter((field) => !others.includes(field)),
  };
}

/** A default that the program still relies on. */
function inForce<F extends keyof ServerlessEndpointInputs>(old: Old, field: F): Old[F] {
  return listed(old["__defaults"]).includes(field) ? old[field] : undefined;
}

/** The next `revision`. Known in previews, so that what waits for a release shows no false change. */
function nextRevision(old: Old, inputs: Previewed<ServerlessEndpointInputs>): number {
  if (Object.keys(old).length === 0) {
    return 1;
  }
  const revision = typeof old["revision"] === "number" ? old["revision"] : 1;
  const makesRelease = isRelease(inputChanges(serverlessEndpointFields, old, inputs));
  return makesRelease ? revision + 1 : revision;
}

function timeProblems({ executionTimeout }: Given): Problem[] {
  const time = parseDuration(executionTimeout);
  const [least = 0, most = 0] = [SHORTEST_JOB, LONGEST_JOB].map(parseDuration);
  if (time === undefined || (time >= least && time <= most)) {
    return [];
  }
  const message = `must be from ${SHORTEST_JOB} to ${LONGEST_JOB}`;
  return [problem("executionTimeout", executionTimeout, message)];
}
