import { creationToken, markedName } from "../../provider/src/core/mark";
import { shortHash } from "../../provider/src/core/token";
import { type Kind, typeToken, type Values } from "../../provider/src/schema";

/** The id of a stack's `Ownership`. */
export const OWNER = "0123456789abcdef0123456789abcdef";
export const STRANGER = "fedcba9876543210fedcba9876543210";

/** The interrupted run, and the one after it. */
const EARLIER = "aaaaaaaa";
export const PRESENT = "bbbbbbbb";

const PROVIDER = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::default::0f0f";

export function urn(kind: Kind, name: string): string {
  return `urn:pulumi:dev::app::${typeToken(kind)}::${name}`;
}

/** The creation token that a run chose for a resource. */
export function token(kind: Kind, name: string, owner = OWNER, run = EARLIER): string {
  return creationToken(owner, `${shortHash(kind, name, run)}${run}`);
}

/** The token of releases before random tokens, made from a URN. */
export function legacyToken(kind: Kind, name: string): string {
  return creationToken(OWNER, shortHash(urn(kind, name)));
}

interface ResourceChanges {
  readonly id?: string;
  readonly provider?: string;
  readonly token?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
}

/** A resource as in a state, or a pending create if it has no id. */
export function resource(
  kind: Kind,
  name: string,
  {
    id,
    provider = PROVIDER,
    token: itsToken = token(kind, name),
    inputs,
    outputs,
  }: ResourceChanges = {},
) {
  return {
    urn: urn(kind, name),
    type: typeToken(kind),
    provider,
    ...(id !== undefined && { id }),
    inputs: {
      name: markedName(name, itsToken),
      __logicalName: name,
      __token: itsToken,
      ...inputs,
    },
    ...(outputs !== undefined && { outputs }),
  };
}

export const ownership = (changes: ResourceChanges = {}) =>
  resource("Ownership", "runpod", { id: OWNER, ...changes });

/** An exported deployment. */
export function exported(
  resources: readonly object[],
  creating: readonly object[] = [],
  time = "2026-11-23T10:00:00Z",
) {
  return {
    version: 3,
    deployment: {
      manifest: { time },
      resources,
      pending_operations: creating.map((pending) => ({ type: "creating", resource: pending })),
    },
  };
}
