import type { Finding } from "./finding";
import type { Knowledge } from "./knowledge";
import {
  type ContainerSpec,
  type EndpointSpec,
  isContainer,
  isDeployment,
  type PodSpec,
  type Spec,
} from "./spec";

export {
  asAdvice,
  type Certainty,
  doubt,
  type Finding,
  notJudged,
  refusal,
  refusalIf,
} from "./finding";

export type Level = "mandatory" | "advisory" | "disabled";
export type Severity = "low" | "medium" | "high" | "critical";

/** A resource among others. */
export interface Item {
  /** The URN, or the place in a file. */
  readonly id: string;
  readonly spec: Spec;
  /** The ids of the items that an input depends on, by the input's name. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** A finding about one of several resources, or about all of them. */
export interface StackFinding extends Finding {
  readonly item?: Item;
}

/** One option of a rule, in JSON Schema. */
export interface Option<T = unknown> {
  readonly type: "number" | "boolean" | "array" | "object" | "string";
  readonly description: string;
  readonly default: T;
  readonly enum?: string[];
  readonly items?: { readonly type: "string" };
  /** The type of a map's values. */
  readonly additionalProperties?: { readonly type: "string" | "object" };
  readonly minimum?: number;
  /** The required keys of a map. */
  readonly required?: string[];
}

/** A rule's configured options, with defaults filled in. */
export type Options = Readonly<Record<string, unknown>>;

type Check<O> = (spec: Spec, options: O, knowledge: Knowledge) => readonly Finding[];
type StackCheck<O> = (
  items: readonly Item[],
  options: O,
  knowledge: Knowledge,
) => readonly StackFinding[];
type Remedy<O> = (spec: Spec, options: O, knowledge: Knowledge) => Options | undefined;

interface Description {
  /** In kebab-case. */
  readonly name: string;
  /** "Checks whether …" */
  readonly description: string;
  readonly severity: Severity;
  /** The level of certain findings. Doubtful ones are advisory unless `doubts` says otherwise. */
  readonly level: "mandatory" | "advisory";
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  /** Where this is documented. */
  readonly source: string;
  readonly remediationSteps: string;
  /** Code that violates the rule. */
  readonly example: string;
}

/** A rule: pure functions that check resources, and their documentation. */
export interface Rule extends Description {
  readonly options: Readonly<Record<string, Option>>;
  readonly check?: Check<Options>;
  readonly checkStack?: StackCheck<Options>;
  /** The corrected inputs, if there is only one right answer. */
  readonly remedy?: Remedy<Options>;
}

/** A rule as its author writes it. */
interface Definition<O extends object> extends Description {
  readonly options: { readonly [K in keyof O]: Option<O[K]> };
  /** Whether the rule has doubtful findings. Adds the option `doubts`, which sets their level. */
  readonly hasDoubts?: true;
  readonly check?: Check<O>;
  readonly checkStack?: StackCheck<O>;
  readonly remedy?: Remedy<O>;
}

const DOUBTS: Option = {
  type: "string",
  enum: ["advisory", "mandatory"],
  default: "advisory",
  description:
    "The level of findings that depend on an estimate, or on a value that may be set elsewhere.",
};

/** Creates a rule. Its functions receive the options with defaults filled in. */
export function rule<O extends object>({ hasDoubts, ...definition }: Definition<O>): Rule {
  const { options } = definition as unknown as Rule;
  return {
    ...(definition as unknown as Rule),
    options: hasDoubts ? { ...options, doubts: DOUBTS } : options,
  };
}

/** A check of pods, templates and serverless endpoints. */
export function ofContainers<O>(
  check: (spec: ContainerSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) => (isContainer(spec) ? check(spec, options, knowledge) : []);
}

/** A check of what rents hardware: pods and serverless endpoints. */
export function ofDeployments<O>(
  check: (spec: ContainerSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) => (isDeployment(spec) ? check(spec, options, knowledge) : []);
}

/** A check of pods. */
export function ofPods<O>(
  check: (spec: PodSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) => (spec.kind === "Pod" ? check(spec, options, knowledge) : []);
}

/** A check of serverless endpoints. */
export function ofEndpoints<O>(
  check: (spec: EndpointSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) =>
    spec.kind === "ServerlessEndpoint" ? check(spec, options, knowledge) : [];
}
