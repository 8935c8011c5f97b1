import {
  type EnforcementLevel,
  type Policies,
  type PolicyResource,
  type PolicyResourceOptions,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { typeToken, UNKNOWN } from "@runpod-stack/provider/schema";
import { laidBare } from "./laid-bare";
import { runpodPolicies } from "./pack";

/** A value that a preview does not know yet, such as the id of a volume that does not exist yet. */
export const unknown = UNKNOWN as unknown as string;

/** A resource as a policy receives it. */
export interface TestedResource {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly options: TestedOptions;
}

export interface TestedOptions {
  /** The resource's name. @default the kind in lower case */
  readonly name?: string;
  readonly protect?: boolean;
  /** Resources that an input depends on, by the input's name. */
  readonly dependencies?: Readonly<Record<string, readonly TestedResource[]>>;
}

/** What a policy reports. */
export interface TestedViolation {
  readonly message: string;
  readonly level: EnforcementLevel;
  /** The resource it is about; undefined for the stack as a whole. */
  readonly resource: string | undefined;
}

type AnyPolicy = Policies[number];
type Config = Readonly<Record<string, unknown>>;

/** A `Pod` with these inputs; `unknown` may stand for any value. */
export function pod(props: TestedResource["props"], options: TestedOptions = {}): TestedResource {
  return { type: typeToken("Pod"), name: options.name ?? "pod", props, options };
}

/** A `Template` with these inputs. */
export function template(
  props: TestedResource["props"],
  options: TestedOptions = {},
): TestedResource {
  return { type: typeToken("Template"), name: options.name ?? "template", props, options };
}

/** A `Volume` with these inputs. */
export function volume(
  props: TestedResource["props"],
  options: TestedOptions = {},
): TestedResource {
  return { type: typeToken("Volume"), name: options.name ?? "volume", props, options };
}

/** A `ServerlessEndpoint` with these inputs. */
export function serverlessEndpoint(
  props: TestedResource["props"],
  options: TestedOptions = {},
): TestedResource {
  const { name = "endpoint" } = options;
  return { type: typeToken("ServerlessEndpoint"), name, props, options };
}

/**
 * One of this package's policies.
 * @throws if there is no policy with that name
 */
export function runpodPolicy(name: string): AnyPolicy {
  const found = runpodPolicies().find((policy) => policy.name === name);
  if (found === undefined) {
    throw new Error(`There is no policy ${name} in @runpod-stack/policies.`);
  }
  return found;
}

/**
 * Runs a policy as a preview or an update does, and returns what it reports. If the policy reads an
 * unknown value, the result is an advisory violation that it could not run.
 *
 * @example
 * const violations = await violationsOf(policy, pod({ imageName: unknown, gpuCount: 8 }));
 */
export async function violationsOf(
  policy: AnyPolicy,
  resources: TestedResource | readonly TestedResource[],
  config: Config = {},
): Promise<TestedViolation[]> {
  const all = [resources].flat() as TestedResource[];
  const violations: TestedViolation[] = [];
  const { validateResource, validateStack } = policy as Partial<
    ResourceValidationPolicy & StackValidationPolicy
  >;
  for (const resource of all) {
    for (const validate of [validateResource ?? []].flat()) {
      const report = reporter(policy, violations, urnOf(resource));
      await settled(policy, violations, () => validate(argumentsOf(resource, config), report));
    }
  }
  if (validateStack !== undefined) {
    const args = { ...common(config), resources: stackOf(all) };
    const report = reporter(policy, violations, undefined);
    await settled(policy, violations, () => validateStack(args, report));
  }
  return violations;
}

/** The inputs after a policy's remediation; undefined if it changes nothing. */
export async function remediated(
  policy: AnyPolicy,
  resource: TestedResource,
  config: Config = {},
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const args = argumentsOf({ ...resource, props: structuredClone(resource.props) }, config);
  const result = await (policy as ResourceValidationPolicy).remediateResource?.(args);
  return result ? laidBare(result) : undefined;
}

/** Ends a policy that does not apply, like Pulumi's own error. */
class NotApplicable extends Error {}

async function settled(
  policy: AnyPolicy,
  violations: TestedViolation[],
  run: () => Promise<void> | void,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof NotApplicable) {
      return;
    }
    if (!(error instanceof UnknownValueError)) {
      throw error;
    }
    const { message: why } = error as Error;
    const message = `can't run policy '${policy.name}' during preview: ${why}`;
    violations.push({ message, level: "advisory", resource: undefined });
  }
}

/** Like Pulumi, accepts strings and objects with their own level. */
function reporter(
  policy: AnyPolicy,
  violations: TestedViolation[],
  own: string | undefined,
): ReportViolation {
  const configured = policy.enforcementLevel ?? "advisory";
  const level = configured === "remediate" ? "mandatory" : configured;
  return (violation: unknown, urn?: string) => {
    const told: { message?: string; enforcementLevel?: EnforcementLevel; urn?: string } =
      typeof violation === "string"
        ? { message: violation, ...(urn && { urn }) }
        : Object(violation);
    violations.push({
      message: told.message ?? policy.description,
      level: told.enforcementLevel ?? level,
      resource: (own ?? told.urn)?.split("::").at(-1),
    });
  };
}

function argumentsOf(resource: TestedResource, config: Config): ResourceValidationArgs {
  return { ...common(config), ...described(resource) } as ResourceValidationArgs;
}

function stackOf(all: readonly TestedResource[]): PolicyResource[] {
  const resources = new Map(
    all.map((resource) => [
      resource,
      { ...described(resource), dependencies: [], propertyDependencies: {} } as PolicyResource,
    ]),
  );
  for (const [{ options }, resource] of resources) {
    for (const [input, on] of Object.entries(options.dependencies ?? {})) {
      resource.propertyDependencies[input] = on.flatMap((other) => resources.get(other) ?? []);
    }
  }
  return [...resources.values()];
}

function common(config: Config) {
  return {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => config as T,
    notApplicable: (): never => {
      throw new NotApplicable();
    },
  };
}

function described(resource: TestedResource) {
  const { type, name, props, options } = resource;
  const proxy = unknownCheckingProxy(props);
  const isType = (kind: { readonly __pulumiType?: string }) => kind.__pulumiType === type;
  return {
    type,
    name,
    urn: urnOf(resource),
    props: proxy,
    opts: { ...NO_OPTIONS, protect: options.protect ?? false },
    isType,
    asType: (kind: { readonly __pulumiType?: string }) => (isType(kind) ? proxy : undefined),
  };
}

function urnOf({ type, name }: TestedResource): string {
  return `urn:pulumi:test::test::${type}::${name}`;
}

const NO_OPTIONS: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};
