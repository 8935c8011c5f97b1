import type { Finding } from "./finding";
import type { Knowledge } from "./knowledge";
import { type ContainerSpec, isContainer, type Spec } from "./spec";

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
  /** What it is known by: its URN, or its place in a file. */
  readonly id: string;
  readonly spec: Spec;
  /** The items on which an input depends, by the input's name. */
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
  /** The values of a map. */
  readonly additionalProperties?: { readonly type: "string" | "object" };
  readonly minimum?: number;
  /** The keys without which a map is of no use. */
  readonly required?: string[];
}

/** A rule's options as configured, defaults filled in. */
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
  /** The level of what is certain. What is doubtful is advisory, unless `doubts` says otherwise. */
  readonly level: "mandatory" | "advisory";
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  /** Where that is known from. */
  readonly source: string;
  readonly remediationSteps: string;
  /** What it objects to, as code. */
  readonly example: string;
}

/** A rule: pure functions over what is known of resources, and all that they report. */
export interface Rule extends Description {
  readonly options: Readonly<Record<string, Option>>;
  readonly check?: Check<Options>;
  readonly checkStack?: StackCheck<Options>;
  /** The inputs that would be right, where there is one right answer. */
  readonly remedy?: Remedy<Options>;
}

/** What the author of a rule writes. */
interface Definition<O extends object> extends Description {
  readonly options: { readonly [K in keyof O]: Option<O[K]> };
  /** Whether it has doubtful findings, whose level can then be set. */
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
    "The level of findings that rest on an estimate, or on what may still be set elsewhere.",
};

/** Makes a rule of its definition. Its functions are given the options with defaults filled in. */
export function rule<O extends object>({ hasDoubts, ...definition }: Definition<O>): Rule {
  const { options } = definition as unknown as Rule;
  return {
    ...(definition as unknown as Rule),
    options: hasDoubts ? { ...options, doubts: DOUBTS } : options,
  };
}

/** A check of pods and templates. */
export function ofContainers<O>(
  check: (spec: ContainerSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) => (isContainer(spec) ? check(spec, options, knowledge) : []);
}

/** A check of pods. */
export function ofPods<O>(
  check: (spec: ContainerSpec, options: O, knowledge: Knowledge) => readonly Finding[],
): Check<O> {
  return (spec, options, knowledge) => (spec.kind === "Pod" ? check(spec, options, knowledge) : []);
}
