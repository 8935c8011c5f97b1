import { type Safe, safe } from "@runpod-stack/kit";
import { isRecord } from "../known";
import { type Finding, type Item, refusal } from "../rule";
import { type Spec, specOf } from "../spec";
import { type Description, descriptionOf, faultsOf, isRestField, type What } from "./descriptions";
import { endpointInputs } from "./endpoint-inputs";
import { meantInputs } from "./meant";
import { OTHER_PATHS, otherNames, V2_PATHS } from "./names";
import { withoutPlaceholders } from "./placeholders";
import { type Misfit, meantField } from "./shape";

type Body = Readonly<Record<string, unknown>>;

/** v1 names of fields, at least one of which is in every RunPod body. */
const TELLING = [
  ...["imageName", "templateId", "gpuTypeIds", "gpuCount", "computeType", "cpuFlavorIds", "cpu"],
  ...["cloudType", "networkVolumeId", "minCudaVersion", "interruptible", "mounts"],
  ...["containerDiskInGb", "volumeInGb", "dockerStartCmd", "dockerEntrypoint"],
];

const KINDS: Readonly<Record<What, Spec["kind"]>> = {
  pod: "Pod",
  template: "Template",
  volume: "Volume",
  endpoint: "ServerlessEndpoint",
};

/**
 * The item to check in a body for one of RunPod's APIs; undefined if it is not one.
 * @param given the description of the body, if it is already known
 */
export function bodyItem(place: string, body: Body, given?: Description): Item | undefined {
  const description = given ?? descriptionOf(body);
  const { filled, findings } = withoutPlaceholders(body);
  const isEndpoint = description.what === "endpoint";
  const meant = meantInputs(filled, description);
  const { inputs, faults: ofPools } = isEndpoint
    ? endpointInputs(meant, filled)
    : { inputs: meant, faults: [] };
  if (given === undefined && !isBody(inputs)) {
    return undefined;
  }
  const faults = [
    ...(given === undefined ? formOf(body, description) : []),
    ...fewOf(faultsOf(body, description)).flatMap((fault) => findingOf(fault, body, description)),
    ...findings,
    ...ofPools,
  ];
  const kind = KINDS[description.what];
  const isServerless = isEndpoint || inputs["isServerless"] === true;
  const spec = specOf(kind, inputs, {
    templateMaySet: inputs["templateId"] !== undefined && !description.isAnswer,
    isAlone: !isServerless,
    takesOneGpuType: isRecord(body["gpu"]) && !isEndpoint,
    faults,
  });
  const name = typeof body["name"] === "string" ? ` ${body["name"]}` : "";
  const what = isEndpoint ? "Endpoint" : isServerless ? `Serverless ${kind}` : kind;
  return { id: `${place}: ${what}${name}`, spec, dependencies: {} };
}

/** Where a field may be in a body, the most likely place first. */
export function placesOf(field: string, body: Body): (string | number)[][] {
  const spelled = Object.keys(body).filter((name) => meantField(name, { [field]: 0 }) === field);
  const known = [V2_PATHS, OTHER_PATHS].flatMap((table) =>
    Object.hasOwn(table, field) ? (table[field] ?? []) : [],
  );
  const paths = [...known, field.split(".")];
  const indexed = paths.map((path) => path.map((step) => (/^\d+$/.test(step) ? +step : step)));
  return [[field], ...spelled.map((name) => [name]), ...indexed];
}

function isBody(inputs: Body): boolean {
  const has = (name: string) => inputs[name] !== undefined && inputs[name] !== null;
  return TELLING.some(has) || (has("size") && has("dataCenterId"));
}

/** A bare GraphQL input is not a REST body; in a GraphQL request it is correct. */
function formOf(body: Body, { api }: Description): Finding[] {
  const isOther = (name: string) => name === "ports" || !isRestField(name);
  const field = api === "graphql" ? Object.keys(body).find(isOther) : undefined;
  if (field === undefined) {
    return [];
  }
  return [
    refusal(
      field,
      safe`${field} is a field of RunPod's GraphQL API, and the REST API rejects it.`,
      safe`For GraphQL, check the whole request, {"query": …, "variables": …}. For REST, write gpuTypeIds, dockerStartCmd and ports as lists, and env as a map.`,
    ),
  ];
}

/** The others are likely of the same kind. */
function fewOf(faults: readonly Misfit[]): readonly Misfit[] {
  return faults.slice(0, MOST_FAULTS);
}

const MOST_FAULTS = 20;

function findingOf(
  { kind, path, finding }: Misfit,
  body: Body,
  description: Description,
): Finding | Finding[] {
  const { api, shape } = description;
  if (kind === "value" || path.includes(".")) {
    return finding;
  }
  // An update's body has only what it changes, and a v1 body without GPUs may be a pod.
  if (kind === "missing") {
    return api === "v1" ? [] : { ...finding, certainty: "doubtful" };
  }
  const others = otherNames(path, body).filter((name) =>
    Object.hasOwn(shape.fields ?? {}, head(name)),
  );
  if (others.length > 0) {
    return { ...finding, remedy: writeInstead(others) };
  }
  // GraphQL's schema is not published, so a field may be missing here.
  const isGuess = api === "graphql" && meantField(path, shape.fields ?? {}) === path;
  return isGuess ? { ...finding, certainty: "doubtful" } : finding;
}

function head(path: string): string {
  return path.split(".", 1).join("");
}

function writeInstead(names: readonly string[]): Safe {
  return safe`Write ${names.slice(0, 3).join(" and ")}.`;
}
