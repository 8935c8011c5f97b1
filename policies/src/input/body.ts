import { type Safe, safe } from "@runpod-stack/kit";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { isRecord } from "../known";
import { type Finding, type Item, refusal } from "../rule";
import { type Spec, specOf } from "../spec";
import { type Description, descriptionOf, faultsOf, type What } from "./descriptions";
import { meantInputs, OTHER_PATHS, V2_PATHS } from "./meant";
import { withoutPlaceholders } from "./placeholders";
import { type Misfit, meantField } from "./shape";

type Body = Readonly<Record<string, unknown>>;

/** Fields of which at least one is in every body of RunPod's, by their v1 names. */
const TELLING = [
  ...["imageName", "templateId", "gpuTypeIds", "gpuCount", "computeType", "cpuFlavorIds", "cpu"],
  ...["cloudType", "networkVolumeId", "minCudaVersion", "interruptible", "mounts"],
  ...["containerDiskInGb", "volumeInGb", "dockerStartCmd", "dockerEntrypoint"],
];

const KINDS: Readonly<Record<What, Spec["kind"]>> = {
  pod: "Pod",
  template: "Template",
  volume: "Volume",
  endpoint: "Template",
};

/**
 * What is judged of a body for one of RunPod's APIs; undefined if it is none.
 * @param given what it is, where that is known from elsewhere
 */
export function bodyItem(place: string, body: Body, given?: Description): Item | undefined {
  const description = given ?? descriptionOf(body);
  const meant = meantInputs(body, description);
  if (given === undefined && !isBody(meant)) return undefined;
  const { inputs, findings } = withoutPlaceholders(meant);
  const faults = [
    ...(given === undefined ? formOf(body, description) : []),
    ...faultsOf(body, description).flatMap((fault) => findingOf(fault, description)),
    ...findings,
  ];
  const kind = KINDS[description.what];
  const isEndpoint = description.what === "endpoint";
  const isServerless = isEndpoint || inputs["isServerless"] === true;
  const spec = specOf(kind, isServerless ? serverless(inputs, isEndpoint) : inputs, {
    templateMaySet: inputs["templateId"] !== undefined && !description.isAnswer,
    isAlone: !isServerless,
    takesOneGpuType: isRecord(body["gpu"]),
    isServerless,
    faults,
  });
  const name = typeof body["name"] === "string" ? ` ${body["name"]}` : "";
  const what = isEndpoint ? "Endpoint" : isServerless ? `Serverless ${kind}` : kind;
  return { id: `${place}: ${what}${name}`, spec, dependencies: {} };
}

/** Where a field may stand in a body, the likeliest place first. */
export function placesOf(field: string, body: Body): (string | number)[][] {
  const spelled = Object.keys(body).filter((name) => meantField(name, { [field]: 0 }) === field);
  const paths = [...(V2_PATHS[field] ?? []), ...(OTHER_PATHS[field] ?? []), field.split(".")];
  const indexed = paths.map((path) => path.map((step) => (/^\d+$/.test(step) ? +step : step)));
  return [[field], ...spelled.map((name) => [name]), ...indexed];
}

function isBody(inputs: Body): boolean {
  const has = (name: string) => inputs[name] !== undefined && inputs[name] !== null;
  return TELLING.some(has) || (has("size") && has("dataCenterId"));
}

/** Workers have no volume of their own, and the endpoint's network volume in one place. */
function serverless(inputs: Body, isEndpoint: boolean): Body {
  const isTold = isEndpoint && inputs["templateId"] === undefined;
  return {
    ...inputs,
    volumeInGb: undefined,
    volumeMountPath: "/runpod-volume",
    networkVolumeId: inputs["networkVolumeId"] ?? (isTold ? undefined : UNKNOWN),
  };
}

/** A bare input of GraphQL's is no body of REST's; in a request of its own it is what it should be. */
function formOf(body: Body, { api, shape }: Description): Finding[] {
  if (api !== "graphql") return [];
  const field = ["gpuTypeId", "dockerArgs", "gpuTypeIdList"].find((name) => name in body);
  const { fields = {} } = shape;
  const any = field ?? Object.keys(body).find((name) => Object.hasOwn(fields, name)) ?? "env";
  return [
    refusal(
      any,
      safe`This body has the fields of RunPod's GraphQL API, such as ${any}: its REST API refuses them.`,
      safe`Check the whole GraphQL request, {"query": …, "variables": …}. For REST write gpuTypeIds, dockerStartCmd and ports as lists, and env as a map.`,
    ),
  ];
}

function findingOf({ kind, path, finding }: Misfit, description: Description): Finding | Finding[] {
  const { api, shape } = description;
  if (kind === "value" || path.includes(".")) return finding;
  // The body of an update has only what it changes; one of v1 without GPUs may be a pod's.
  if (kind === "missing") return api === "v1" ? [] : { ...finding, certainty: "doubtful" };
  const others = otherNames(path).filter((name) => Object.hasOwn(shape.fields ?? {}, head(name)));
  if (others.length > 0) return { ...finding, remedy: writeInstead(others) };
  // GraphQL's schema is not published, so that a field may be missing here.
  const isGuess = api === "graphql" && meantField(path, shape.fields ?? {}) === path;
  return isGuess ? { ...finding, certainty: "doubtful" } : finding;
}

/** What another of RunPod's APIs calls a field. */
function otherNames(field: string): string[] {
  const entries = [V2_PATHS, OTHER_PATHS].flatMap((paths) => Object.entries(paths));
  return [
    ...new Set(
      entries.flatMap(([name, paths]) => {
        if (name === field) return paths.map((path) => path.join("."));
        return paths.some(([first]) => first === field) ? [name] : [];
      }),
    ),
  ];
}

function head(path: string): string {
  return path.split(".", 1).join("");
}

function writeInstead(names: readonly string[]): Safe {
  return safe`Write ${names.slice(0, 3).join(" and ")}.`;
}
