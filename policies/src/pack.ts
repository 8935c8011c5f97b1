import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { foreign, multiline, safe } from "@runpod-stack/kit";
import { docsUrl } from "./docs-url";
import { ownLevel } from "./judge";
import { type Knowledge, NOTHING } from "./knowledge";
import { laidBare } from "./laid-bare";
import { isJudged, specOfResource } from "./pulumi";
import type { Finding, Item, Options, Rule } from "./rule";
import { rules } from "./rules";
import { defaults, learned, optionProblems } from "./settings";
import type { Spec } from "./spec";
import { configuredWaivers, expiries, today, waiverFor } from "./waivers";

/** A rule, and so its policy, may check single resources, the whole stack, or both. */
type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** All rules as Pulumi policies, for this pack and for custom packs. */
export function runpodPolicies(): Policies {
  const shared: Shared = { knowledge: NOTHING, specOf: lastSpec() };
  return rules.map((rule) => policyOf(rule, shared));
}

/** State that the policies of a pack share. */
interface Shared {
  /** Models, images and prices from the configuration. Pulumi runs the rules in order. */
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
    url: docsUrl(rule.name),
    configSchema: { properties: { ...rule.options, waivers: WAIVERS } } as PolicyConfigSchema,
    ...(check && {
      validateResource(args, report) {
        const options = optionsOf(args);
        const spec = shared.specOf(args);
        if (spec === undefined) {
          return;
        }
        for (const finding of check(spec, options, shared.knowledge)) {
          reportFinding(report, rule, options, finding, { id: args.urn, spec, dependencies: {} });
        }
      },
    }),
    validateStack(args, report) {
      const options = optionsOf(args);
      const items = checkStack ? args.resources.flatMap(itemOf) : [];
      for (const finding of checkStack?.(items, options, shared.knowledge) ?? []) {
        reportFinding(report, rule, options, finding, finding.item, finding.item?.id);
      }
      reportConfiguration(report, rule, args.getConfig<Options>());
    },
    ...(remedy && {
      remediateResource(args) {
        const options = optionsOf(args);
        const spec = shared.specOf(args);
        const item = spec && { id: args.urn, spec };
        const waiver = waiverFor(rule.name, item, configuredWaivers(options), today());
        const right = spec && !waiver && remedy(spec, options, shared.knowledge);
        // A copy would read unknown values, and lose the provider's hidden fields.
        return right ? Object.assign(args.props, right) : undefined;
      },
    }),
  };
}

/** Declares the option that all rules have. */
const WAIVERS = {
  type: "array",
  items: {
    type: "object",
    required: ["resource", "reason", "until"],
    properties: {
      resource: { type: "string" },
      reason: { type: "string" },
      until: { type: "string" },
    },
  },
  default: [],
  description: "Exceptions for single resources.",
};

/** Pulumi passes on unknown options, so report misspelled ones. */
function reportConfiguration(report: ReportViolation, rule: Rule, given: Options): void {
  for (const problem of optionProblems(rule.name, given, rule.options)) {
    send(report, { message: foreign(`Configuration: ${problem}`), enforcementLevel: "mandatory" });
  }
  for (const { message, remedy } of expiries(rule.name, configuredWaivers(given), today())) {
    send(report, { message: multiline(message, remedy), enforcementLevel: "advisory" });
  }
}

/** Caches the last spec, because Pulumi passes a copy of the same resource to each policy in turn. */
function lastSpec(): Shared["specOf"] {
  let last: { readonly key: string; readonly spec: Spec | undefined } | undefined;
  return ({ type, props, opts }) => {
    if (!isJudged(type)) {
      return undefined;
    }
    const bare = laidBare(props);
    const key = JSON.stringify([type, opts.protect, bare]);
    if (last?.key !== key) {
      last = { key, spec: specOfResource(type, bare, opts) };
    }
    return last.spec;
  };
}

/** Each violation may have its own level: doubtful findings are advice even if the policy is mandatory. */
function reportFinding(
  report: ReportViolation,
  rule: Rule,
  options: Options,
  finding: Finding,
  item: Item | undefined,
  urn?: string,
): void {
  const { message, remedy } = finding;
  const waiver = waiverFor(rule.name, item, configuredWaivers(options), today());
  const level = waiver ? "advisory" : ownLevel(finding, options);
  const waived = waiver ? [safe`Waived until ${waiver.until}: ${waiver.reason}`] : [];
  send(report, {
    message: multiline(waived, message, remedy),
    ...(level !== undefined && { enforcementLevel: level }),
    ...(urn !== undefined && { urn }),
  });
}

/** Pulumi's SDK accepts such objects since 1.20, but declares only strings. */
function send(report: ReportViolation, violation: object): void {
  report(violation as unknown as string);
}

function itemOf(resource: PolicyResource): Item[] {
  const spec = isJudged(resource.type)
    ? specOfResource(resource.type, laidBare(resource.props), resource.opts)
    : undefined;
  if (spec === undefined) {
    return [];
  }
  const dependencies = Object.entries(resource.propertyDependencies).map(
    ([input, on]) => [input, on.map(({ urn }) => urn)] as const,
  );
  return [{ id: resource.urn, spec, dependencies: Object.fromEntries(dependencies) }];
}
