import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { doubtLevel } from "./judge";
import type { Knowledge } from "./knowledge";
import { laidBare, specOfResource } from "./pulumi";
import type { Finding, Item, Options, Rule } from "./rule";
import { rules } from "./rules";
import { defaults, knowledgeOf } from "./settings";

/** What a rule tells of itself, wherever it is listed. */
export const DOCUMENTATION = "docs/generated/policies.md";

/** A rule may judge single resources and all of them together: so may one policy. */
type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** All rules as Pulumi policies: the pack's, and for packs of one's own. */
export function runpodPolicies(): Policies {
  const known: { now: Knowledge } = { now: knowledgeOf(undefined) };
  return rules.map((rule, index) => policyOf(rule, known, index === 0));
}

/**
 * @param known what the user's configuration tells of models and images
 * @param isFirst whether it is the one that is configured with it: Pulumi runs it before the others
 */
function policyOf(rule: Rule, known: { now: Knowledge }, isFirst: boolean): Policy {
  const { check, checkStack, remedy } = rule;
  const optionsOf = (args: { getConfig<T extends object>(): T }): Options => {
    const options = { ...defaults(rule.options), ...args.getConfig<Options>() };
    if (isFirst) known.now = knowledgeOf(options);
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
        const spec = specOfResource(args.type, laidBare(args.props), args.opts);
        if (spec === undefined) return;
        for (const finding of check(spec, options, known.now)) tell(report, finding, options);
      },
    }),
    ...(checkStack && {
      validateStack(args, report) {
        const options = optionsOf(args);
        for (const finding of checkStack(args.resources.flatMap(itemOf), options, known.now)) {
          tell(report, finding, options, finding.item?.id);
        }
      },
    }),
    ...(remedy && {
      remediateResource(args) {
        const options = optionsOf(args);
        const spec = specOfResource(args.type, laidBare(args.props), args.opts);
        const right = spec && remedy(spec, options, known.now);
        // A copy would read unknown values, and lose what the provider keeps beside the inputs.
        return right === undefined ? undefined : Object.assign(args.props, right);
      },
    }),
  };
}

/** Doubts are advice, though the policy be mandatory: each violation may have a level of its own. */
function tell(report: ReportViolation, finding: Finding, options: Options, urn?: string): void {
  const violation = {
    message: `${finding.message}\n${finding.remedy}`,
    ...(finding.isDoubtful && { enforcementLevel: doubtLevel(options) }),
    ...(urn !== undefined && { urn }),
  };
  // Pulumi's SDK takes such objects from 1.20 on, and declares only texts.
  report(violation as unknown as string);
}

function itemOf(resource: PolicyResource): Item[] {
  const spec = specOfResource(resource.type, laidBare(resource.props), resource.opts);
  if (spec === undefined) return [];
  const dependencies = Object.entries(resource.propertyDependencies).map(
    ([input, on]) => [input, on.map(({ urn }) => urn)] as const,
  );
  return [{ id: resource.urn, spec, dependencies: Object.fromEntries(dependencies) }];
}
