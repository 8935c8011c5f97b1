import * as pulumi from "@pulumi/pulumi";
import { join, type Safe, safe } from "@runpod-stack/kit";
import type { z } from "zod";
import { isRunpodError, messageFrom, UserError } from "../core/errors";
import type { Args } from "../resources/properties";
import type { Values } from "../schema/field";
import type * as inputs from "../schema/inputs";
import { nearest } from "../schema/near";
import { type Problem, problem } from "../schema/rules";
import type * as validators from "../schema/values";
import { type Account, accountOf, type FunctionOptions } from "./account";

/** Options of a function whose arguments may be outputs. */
export interface OutputFunctionOptions extends FunctionOptions {
  /** Resources to wait for. In a preview that creates one of them, the result is unknown. */
  dependsOn?: pulumi.Input<pulumi.Input<pulumi.Resource>[]> | pulumi.Input<pulumi.Resource>;
}

/** A function that reads an account. */
export interface Definition<A, R> {
  readonly name: string;
  /** The validators of its arguments, from those of resources, which are loaded at the first call. */
  arguments(from: typeof validators): {
    readonly [K in keyof A]-?: z.ZodType<Exclude<A[K], undefined>>;
  };
  /** @throws UserError, RunpodError */
  read(account: Account, args: A): Promise<R>;
}

/** The arguments of a function's form for outputs. */
export type OutputArgs<A> = Args<A>;

/** Calls a function with plain arguments. */
export async function call<A extends object, R>(
  definition: Definition<A, R>,
  args: A,
  options: FunctionOptions,
): Promise<R> {
  const { name } = definition;
  return readable(name, async () => {
    refuseOptions(options, ["provider", "parent"]);
    const output = Object.entries(Object(args)).find(([, value]) => isLater(value));
    if (isLater(args) || output !== undefined) {
      const what = output?.[0] ?? "the first argument";
      throw new UserError(
        safe`${what} must be a value, not an output or a promise. Use ${name}Output, which accepts them.`,
      );
    }
    const result = await answer(definition, args, options);
    if (result === undefined) {
      throw new UserError(
        safe`the provider's settings are not known in this preview. Use ${name}Output, whose result is then unknown, too.`,
      );
    }
    return result;
  });
}

/** Calls a function once its arguments and everything it depends on are known. */
export function callOutput<A extends object, R>(
  definition: Definition<A, R>,
  args: OutputArgs<A>,
  { dependsOn, ...options }: OutputFunctionOptions,
): pulumi.Output<R> {
  const all = pulumi.all([pulumi.output(args as A), made(dependsOn)]);
  return all.apply(([known]) =>
    readable(definition.name, async () => {
      refuseOptions(options, ["provider", "parent"]);
      const mayLag = !pulumi.runtime.isDryRun() && (await hasResources(all));
      return (await answer(definition, known as A, options, mayLag)) ?? (pulumi.unknown as R);
    }),
  );
}

/** Undefined if a preview does not know the account yet. */
async function answer<A extends object, R>(
  definition: Definition<A, R>,
  args: A,
  options: FunctionOptions,
  mayLag = false,
): Promise<R | undefined> {
  const problems = problemsOf(definition, args);
  if (problems.length > 0) {
    throw new UserError(join(problems, " "));
  }
  if (isMocked()) {
    const { name } = definition;
    return pulumi.runtime.invoke(`runpod:index/${name}:${name}`, args as pulumi.Inputs);
  }
  const account = await accountOf(options);
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  return account && definition.read({ ...account, mayLag }, Object.fromEntries(given) as A);
}

function problemsOf<A extends object, R>(definition: Definition<A, R>, args: A): Safe[] {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return [safe`the first argument must be an object of arguments.`];
  }
  const { fieldProblems, suggestion }: typeof inputs = require("../schema/inputs");
  const values: typeof validators = require("../schema/values");
  const table = definition.arguments(values) as Record<string, z.ZodType>;
  const judged = ([key, given]: [string, unknown]): Problem[] => {
    const value = table[key];
    if (value === undefined) {
      const rule = `is not an argument of ${definition.name}. ${suggestion(key, table)}`;
      return [problem(key, undefined, rule)];
    }
    return pulumi.Resource.isInstance(given)
      ? [
          problem(
            key,
            undefined,
            "must be a value. Pass one of the resource's outputs, such as its id",
          ),
        ]
      : fieldProblems(key, { value }, given);
  };
  return Object.entries(args as Values)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(judged)
    .map(({ message }) => message);
}

function refuseOptions(options: object, known: readonly string[]): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) {
      continue;
    }
    const meant = nearest(option, known);
    throw new UserError(
      safe`${option} is not an option of a function. ${meant ? `Did you mean ${meant}?` : `Use ${known.join(", ")}.`}`,
    );
  }
}

/** Turns what the user can correct into an error that Pulumi prints without a stack. */
async function readable<R>(name: string, act: () => Promise<R>): Promise<R> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError) && !isRunpodError(error)) {
      throw error;
    }
    throw new pulumi.RunError(safe`${name}: ${messageFrom(error)}`);
  }
}

/** Whether a test replaces the engine: then its mocks answer, and RunPod is not called. */
function isMocked(): boolean {
  return "mocks" in Object(pulumi.runtime.getMonitor());
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || typeof Object(value).then === "function";
}

/** Whether an output depends on a resource. */
async function hasResources(output: object): Promise<boolean> {
  const { allResources } = output as { allResources?(): Promise<ReadonlySet<unknown>> };
  return ((await allResources?.())?.size ?? 0) > 0;
}

/** Known once all of the resources exist, and the custom resources in components among them. */
function made(dependsOn: OutputFunctionOptions["dependsOn"]): pulumi.Output<unknown> {
  const resources: pulumi.Output<unknown> = pulumi.output(dependsOn as unknown);
  return resources.apply((found) => pulumi.all([found ?? []].flat().map(idOf)));
}

function idOf(resource: unknown): pulumi.Output<unknown> {
  if (!pulumi.Resource.isInstance(resource)) {
    throw new pulumi.RunError("dependsOn must be a resource, or a list of resources.");
  }
  if (pulumi.CustomResource.isInstance(resource)) {
    return resource.id;
  }
  // A component's children are complete once its constructor has ended.
  const { __data: built, __childResources: children = [] } = resource as unknown as {
    readonly __data?: Promise<unknown>;
    readonly __childResources?: Iterable<pulumi.Resource>;
  };
  const done: pulumi.Output<unknown> = pulumi.output(built as unknown);
  return done.apply(() => pulumi.all([...children].map(idOf)));
}
