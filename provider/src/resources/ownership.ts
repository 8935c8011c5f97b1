import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type Kind, typeToken } from "../schema/tokens";
import { UNKNOWN, type Unknown } from "../schema/unknown";
import { DynamicResource } from "./dynamic-resource";

/**
 * A stack's random identity, one per account. It is in the state before anything billed exists, and
 * is deleted last. Its id is an input of all other resources.
 */
class Ownership extends DynamicResource {
  /** @param baseName the name made from the provider's; providers with different parents may share it */
  constructor(
    provider: pulumi.ProviderResource | undefined,
    readonly baseName: string,
    name: string,
  ) {
    super("Ownership", name, {}, [], provider === undefined ? {} : { provider });
  }
}

/** Pulumi honors this option for every resource, although its types offer it only to components. */
type Providers = Pick<pulumi.ComponentResourceOptions, "providers">;

const PACKAGE = "pulumi-nodejs";

/** One run of a program. */
interface Run {
  /** Eight random digits. */
  readonly id: string;
  readonly owners: Map<pulumi.ProviderResource | undefined, Ownership>;
}

/** Shared by all copies of this package in the process. */
const SHARED = Symbol.for("runpod-stack.owners.1");
const shared = globalThis as { [SHARED]?: WeakMap<object, Run> };
/** One process may run several programs (Automation API). Each run has its own root. */
shared[SHARED] ??= new WeakMap();
const runs = shared[SHARED];
/** Stands for the stack if there is no engine. All copies share it too. */
const WITHOUT_ENGINE = shared;

/** The inputs from which the handlers make a resource's creation token and automatic name. */
export function ownershipInputs(kind: Kind, name: string, opts: pulumi.CustomResourceOptions) {
  const provider = providerOf(kind, opts);
  return { __identity: { logicalName: name, owner: ownerOf(provider).id, nonce: nonce() } };
}

/** The provider that Pulumi will choose for a resource; undefined for the default one. */
function providerOf(kind: Kind, opts: pulumi.CustomResourceOptions & Providers) {
  const { provider, providers = [], parent } = opts;
  const own = Object.values(providers).find(
    (one) => (one as unknown as { getPackage(): string }).getPackage() === PACKAGE,
  );
  return provider ?? own ?? parent?.getProvider(typeToken(kind));
}

/** Random in every run. Unknown in a preview, since its update plan could not keep the value. */
function nonce(): string | Unknown {
  return pulumi.runtime.isDryRun()
    ? UNKNOWN
    : `${randomBytes(8).toString("hex")}${presentRun().id}`;
}

function presentRun(): Run {
  const root = pulumi.runtime.getStackResource() ?? WITHOUT_ENGINE;
  const run = runs.get(root) ?? { id: randomBytes(4).toString("hex"), owners: new Map() };
  runs.set(root, run);
  return run;
}

function ownerOf(provider: pulumi.ProviderResource | undefined): Ownership {
  const { owners } = presentRun();
  let owner = owners.get(provider);
  if (owner === undefined) {
    const name = provider === undefined ? "runpod" : `runpod-${nameOf(provider)}`;
    const isAnother = (one: pulumi.ProviderResource | undefined) =>
      parentOf(one) !== parentOf(provider);
    const sameNamed = [...owners].filter(
      ([one, { baseName }]) => baseName === name && isAnother(one),
    ).length;
    owner = new Ownership(provider, name, sameNamed === 0 ? name : `${name}-${sameNamed + 1}`);
    owners.set(provider, owner);
  }
  return owner;
}

/** Two providers with the same name have different parents, or the engine rejects them. */
function parentOf(provider: pulumi.ProviderResource | undefined): unknown {
  return (provider as { readonly __parentResource?: unknown } | undefined)?.__parentResource;
}

function nameOf(provider: pulumi.ProviderResource): string {
  return (provider as unknown as { readonly __name?: string }).__name ?? "account";
}
