import { type Safe, safe } from "@runpod-stack/kit";
import {
  POLICY_WAIVERS,
  podFields,
  serverlessEndpointFields,
  templateFields,
  volumeFields,
} from "@runpod-stack/provider/schema";
import bodies from "../generated/bodies.json";
import { GRAPHQL_INPUTS } from "./graphql-inputs";
import { otherNames } from "./names";
import { type Misfit, meantField, misfits, type Shape } from "./shape";

export type Api = "v1" | "v2" | "graphql";
export type What = "pod" | "template" | "volume" | "endpoint";

/** A request or response body of one of RunPod's APIs. */
export interface Description {
  readonly api: Api;
  readonly what: What;
  /** Whether it is a response, whose form is not checked. */
  readonly isAnswer: boolean;
  readonly shape: Shape;
  readonly within: Safe;
}

type Body = Readonly<Record<string, unknown>>;

const NAMES: Readonly<Record<What, Safe>> = {
  pod: safe`a pod`,
  template: safe`a template`,
  volume: safe`a network volume`,
  endpoint: safe`a serverless endpoint`,
};
const APIS: Readonly<Record<Api, Safe>> = {
  v1: safe`RunPod's REST API v1`,
  v2: safe`RunPod's REST API v2`,
  graphql: safe`RunPod's GraphQL API`,
};
const PROVIDER_FIELDS = {
  pod: podFields,
  template: templateFields,
  volume: volumeFields,
  endpoint: serverlessEndpointFields,
};
/** Fields whose values have another form in this provider's resources. */
const PROVIDER_FORMS: Readonly<Record<What, Readonly<Record<string, Shape>>>> = {
  pod: {},
  template: {},
  volume: {},
  endpoint: {
    flashboot: { types: ["boolean", "string"] },
    scalerValue: { types: ["number"], minimum: 0.5 },
  },
};
const WHATS = Object.keys(NAMES) as What[];

/** In order of preference, for a body that fits several. */
const ALL: readonly Description[] = [
  ...(["v1", "v2"] as const).flatMap((api) => WHATS.map((what) => rest(api, what, false))),
  ...WHATS.map((what) => described("graphql", what, false, GRAPHQL_INPUTS[what])),
  ...(["v1", "v2"] as const).flatMap((api) => WHATS.map((what) => rest(api, what, true))),
];

/**
 * The description that fits a body best: the one with the fewest unknown names.
 * @param api use only descriptions of this API
 */
export function descriptionOf(body: Body, api?: Api): Description {
  const possible = ALL.filter(
    (one) => (api === undefined || one.api === api) && (!one.isAnswer || Object.hasOwn(body, "id")),
  );
  const rated = possible.map((description) => ({ description, misfit: misfit(body, description) }));
  return rated.reduce((best, one) => (one.misfit < best.misfit ? one : best)).description;
}

/** Whether a REST API takes a field of this name. */
export function isRestField(field: string): boolean {
  const rest = ALL.filter(({ api, isAnswer }) => api !== "graphql" && !isAnswer);
  return rest.some(({ shape }) => Object.hasOwn(shape.fields ?? {}, field));
}

/** The description of a mutation's input. */
export function graphqlDescription(what: What): Description {
  return described("graphql", what, false, GRAPHQL_INPUTS[what]);
}

/** Faults of a body, by its description. */
export function faultsOf(body: Body, { api, shape, within, isAnswer }: Description): Misfit[] {
  if (isAnswer) {
    return [];
  }
  const isAbsent = ([name, value]: [string, unknown]) =>
    isAside(name) || value === undefined || (value === null && api !== "v2");
  const given = Object.entries(body).filter((entry) => !isAbsent(entry));
  return misfits(Object.fromEntries(given), shape, within);
}

/** Whether a field is for YAML anchors or an editor, and not part of the body. */
function isAside(name: string): boolean {
  return name.startsWith("x-") || name === "$schema";
}

/** Makes others less likely than a REST template if a body's names fit both; an unknown name counts 100. */
const HANDICAPS = { endpoint: 40, graphql: 50, answer: 60, pod: 1, v2: 10 };

function misfit(body: Body, description: Description): number {
  const { api, what, isAnswer, shape } = description;
  const { fields = {} } = shape;
  const ofNames = Object.keys(body).reduce((sum, name) => sum + ofName(name, fields, body), 0);
  const known = Object.entries(body).filter(([name]) => Object.hasOwn(fields, name));
  const values = faultsOf(Object.fromEntries(known), description);
  const wrong = values.filter(({ kind }) => kind === "value").length;
  const handicap =
    (isAnswer ? HANDICAPS.answer : 0) +
    (what === "endpoint" ? HANDICAPS.endpoint : 0) +
    (what === "pod" ? HANDICAPS.pod : 0) +
    (api === "graphql" ? HANDICAPS.graphql : 0) +
    (api === "v2" ? HANDICAPS.v2 : 0);
  return ofNames + 20 * wrong + handicap;
}

function ofName(name: string, fields: Body, body: Body): number {
  if (Object.hasOwn(fields, name)) {
    return 0;
  }
  const [other] = otherNames(name, body);
  const isMeant = meantField(name, fields) !== name || (other && Object.hasOwn(fields, other));
  return isMeant ? 30 : 100;
}

function rest(api: "v1" | "v2", what: What, isAnswer: boolean): Description {
  const shapes: Readonly<Record<string, Shape>> = bodies[api];
  const shape = shapes[isAnswer ? `${what}Answer` : what] ?? {};
  if (api === "v2" || isAnswer) {
    return described(api, what, isAnswer, shape);
  }
  // The provider's resources use the same names, and a few more, with the forms that they have in a pod.
  const forms = shapes["pod"]?.fields ?? {};
  const more = Object.keys(PROVIDER_FIELDS[what]).map((name) => [name, forms[name] ?? {}]);
  const fields = {
    [POLICY_WAIVERS]: {},
    ...Object.fromEntries(more),
    ...shape.fields,
    ...PROVIDER_FORMS[what],
  };
  return described(api, what, isAnswer, { ...shape, fields });
}

function described(api: Api, what: What, isAnswer: boolean, shape: Shape): Description {
  return { api, what, isAnswer, shape, within: safe`${NAMES[what]} in ${APIS[api]}` };
}
