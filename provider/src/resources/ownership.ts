import * as pulumi from "@pulumi/pulumi";
import { type Kind, typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";

/**
 * A stack's random identity, one per account: in the state before anything billed exists, deleted
 * after everything else. Its id is an input of all other resources.
 */
class Ownership extends DynamicResource {
  constructor(provider: pulumi.ProviderResource | undefined, name: string) {
    super("Ownership", name, {}, [], provider === undefined ? {} : { provider });
  }
}

type Owners = Map<pulumi.ProviderResource | undefined, Ownership>;

/** What all copies of this package share that a process has loaded. */
const SHARED = Symbol.for("runpod-stack.owners.1");
const shared = globalThis as { [SHARED]?: WeakMap<object, Owners> };
/** One process may run programs of several stacks (Automation API): each has a root of its own. */
shared[SHARED] ??= new WeakMap();
const ownersOfStack = shared[SHARED];
/** Stands for the stack where there is no engine; all copies know it too. */
const WITHOUT_ENGINE = shared;

/**
 * What makes a resource known as this stack's own. A URN alone does not do: it is the same for the
 * same project and stack in another backend. The handlers make a token of the two.
 */
export function ownershipInputs(kind: Kind, name: string, opts: pulumi.CustomResourceOptions) {
  const provider = opts.provider ?? opts.parent?.getProvider(typeToken(kind));
  const owner = { __logicalName: name, __owner: ownerOf(provider).id };
  // One token may mark two objects only where the first is gone before the second is made.
  const mayOverlap = opts.deleteBeforeReplace === false || opts.retainOnDelete === true;
  return mayOverlap ? owner : { ...owner, __urn: urnOf(kind, name, opts.parent) };
}

/** A plain text where that can be: every output among the inputs slows down all previews. */
function urnOf(kind: Kind, name: string, parent: pulumi.Resource | undefined) {
  return parent === undefined
    ? `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${typeToken(kind)}::${name}`
    : pulumi.createUrn(name, typeToken(kind), parent);
}

function ownerOf(provider: pulumi.ProviderResource | undefined): Ownership {
  const stack = pulumi.runtime.getStackResource() ?? WITHOUT_ENGINE;
  const owners: Owners = ownersOfStack.get(stack) ?? new Map();
  ownersOfStack.set(stack, owners);
  let owner = owners.get(provider);
  if (owner === undefined) {
    owner = new Ownership(
      provider,
      provider === undefined ? "runpod" : `runpod-${nameOf(provider)}`,
    );
    owners.set(provider, owner);
  }
  return owner;
}

/** Two explicit providers of a stack have two names, so their owners have too. */
function nameOf(provider: pulumi.ProviderResource): string {
  return (provider as unknown as { readonly __name?: string }).__name ?? "account";
}
