import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { multiline } from "@runpod-stack/kit";
import { ownLevel } from "./judge";
import { type Knowledge, NOTHING } from "./knowledge";
import { laidBare } from "./laid-bare";
import { isJudged, specOfResource } from "./pulumi";
import type { Finding, Item, Options, Rule } from "./rule";
import { rules } from "./rules";
import { defaults, learned } from "./settings";
import type { Spec } from "./spec";

/** What a rule tells of itself, wherever it is listed. */
const DOCUMENTATION = "docs/generated/policies.md";

/** A rule may judge single resources and all of them together: so may one policy. */
type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** All rules as Pulumi policies: the pack's, and for packs of one's own. */
export function runpodPolicies(): Policies {
  const shared: Shared = { knowledge: NOTHING, specOf: lastSpec() };
  return rules.map((rule) => policyOf(rule, shared));
}

/** What the policies of a pack have in common. */
interface Shared {
  /** What the user's configuration tells of models, images and prices. Pulumi runs the rules in their order. */
  knowledge: Knowledge;
  readonly specOf: (args: ResourceValidationArgs) => Spec | undefined;
}

function policyOf(rule: Rule, shared: Shared): Policy {
  const { check, checkStack, remedy } = rule;
  const optionsOf = (args: { getConfig<T extends object>(): T }): Options => {
    const options = { ...defaults(rule.options), ...args.getConfig<Options>() };
    shared.knowledge = learned(shared.knowledge, options);
    return options;
  };
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.level,
    severity: rule.severity,
    remediationSteps: rule.remediationSteps,
    url: `${DOCUMENTATION}#${rule.name}`,
    configSchema: { properties: rule.options } as PolicyConfigSchema,
    ...(check && {
      validateResource(args, report) {
        const options = optionsOf(args);
        const spec = shared.specOf(args);
        if (spec === undefined) return;
        for (const finding of check(spec, options, shared.knowledge))
          tell(report, finding, options);
      },
    }),
    ...(checkStack && {
      validateStack(args, report) {
        const options = optionsOf(args);
        for (const finding of checkStack(
          args.resources.flatMap(itemOf),
          options,
          shared.knowledge,
        )) {
          tell(report, finding, options, finding.item?.id);
        }
      },
    }),
    ...(remedy && {
      remediateResource(args) {
        const options = optionsOf(args);
        const spec = shared.specOf(args);
        const right = spec && remedy(spec, options, shared.knowledge);
        // A copy would read unknown values, and lose what the provider keeps beside the inputs.
        return right === undefined ? undefined : Object.assign(args.props, right);
      },
    }),
  };
}

/** Pulumi asks each policy in turn, with a copy of the resource for each: what one has read serves all. */
function lastSpec(): Shared["specOf"] {
  let last: { readonly key: string; readonly spec: Spec | undefined } | undefined;
  return ({ type, props, opts }) => {
    if (!isJudged(type)) return undefined;
    const bare = laidBare(props);
    const key = JSON.stringify([type, opts.protect, bare]);
    if (last?.key !== key) last = { key, spec: specOfResource(type, bare, opts) };
    return last.spec;
  };
}

/** Doubts are advice, though the policy be mandatory: each violation may have a level of its own. */
function tell(report: ReportViolation, finding: Finding, options: Options, urn?: string): void {
  const level = ownLevel(finding, options);
  const violation = {
    message: multiline(finding.message, finding.remedy),
    ...(level !== undefined && { enforcementLevel: level }),
    ...(urn !== undefined && { urn }),
  };
  // Pulumi's SDK takes such objects from 1.20 on, and declares only texts.
  report(violation as unknown as string);
}

function itemOf(resource: PolicyResource): Item[] {
  if (!isJudged(resource.type)) return [];
  const spec = specOfResource(resource.type, laidBare(resource.props), resource.opts);
  if (spec === undefined) return [];
  const dependencies = Object.entries(resource.propertyDependencies).map(
    ([input, on]) => [input, on.map(({ urn }) => urn)] as const,
  );
  return [{ id: resource.urn, spec, dependencies: Object.fromEntries(dependencies) }];
}
