import { type Safe, safe } from "@runpod-stack/kit";
import { NOTHING } from "../../../policies/src/knowledge";
import {
  asAdvice,
  doubt,
  notJudged,
  ofContainers,
  ofDeployments,
  ofEndpoints,
  ofPods,
  type Rule,
  refusal,
  refusalIf,
  rule,
} from "../../../policies/src/rule";
import type { Spec } from "../../../policies/src/spec";
import { HAPPY_ENDPOINT, HAPPY_POD, item } from "./scene";

const [m, r] = [safe`m`, safe`r`];
const of = (certainty: string, more: object = {}) => ({
  field: "f",
  message: m,
  remedy: r,
  certainty,
  ...more,
});

test("findings are certain, doubtful or advice", () => {
  const why: Safe = safe`w`;
  expect(refusal("f", m, r)).toEqual(of("certain"));
  expect(doubt("f", m, r)).toEqual(of("doubtful"));
  expect(refusalIf(true, "f", m, r)).toEqual(of("certain"));
  expect(refusalIf(false, "f", m, r)).toEqual(of("doubtful"));
  expect(notJudged("f", m, r, why)).toEqual(of("doubtful", { unjudged: why }));
  expect(asAdvice([refusal("f", m, r)])).toEqual([of("advice")]);
});

const SPECS: Record<string, Spec> = {
  Pod: item("Pod", HAPPY_POD).spec,
  Template: item("Template", { imageName: "a" }).spec,
  ServerlessEndpoint: item("ServerlessEndpoint", HAPPY_ENDPOINT).spec,
  Volume: item("Volume", { size: 5 }).spec,
  PodEndpoint: item("PodEndpoint", { port: 8000 }).spec,
};

test.each([
  ["containers", ofContainers, ["Pod", "Template", "ServerlessEndpoint"]],
  ["deployments", ofDeployments, ["Pod", "ServerlessEndpoint"]],
  ["pods", ofPods, ["Pod"]],
  ["endpoints", ofEndpoints, ["ServerlessEndpoint"]],
] as const)("a check of %s runs for these kinds: %j", (_, check, kinds) => {
  const runs = check((spec, options: string, knowledge) => [
    refusal(`${spec.kind} ${options}`, m, knowledge === NOTHING ? r : m),
  ]);
  const found = Object.values(SPECS).flatMap((spec) => runs(spec, "o", NOTHING));
  expect(found.map(({ field, remedy }) => `${field} ${remedy}`)).toEqual(
    kinds.map((kind) => `${kind} o r`),
  );
});

test("a rule with doubts has an option for their level", () => {
  const own: Omit<Rule, "options"> = {
    name: "n",
    description: "d",
    severity: "low",
    level: "advisory",
    why: "w",
    source: "s",
    remediationSteps: "r",
    example: "e",
  };
  const options = { a: { type: "number", default: 1, description: "A." } } as const;
  expect(rule({ ...own, options })).toEqual({ ...own, options });
  expect(rule({ ...own, options, hasDoubts: true })).toEqual({
    ...own,
    options: {
      ...options,
      doubts: {
        type: "string",
        enum: ["advisory", "mandatory"],
        default: "advisory",
        description:
          "The level of findings that depend on an estimate, or on a value that may be set elsewhere.",
      },
    },
  });
});
