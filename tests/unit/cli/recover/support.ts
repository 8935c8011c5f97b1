import type { NetworkVolume, Pod, Template } from "../../../../provider/src/api";
import type { Listing } from "../../../../provider/src/cli/recover/live";
import { creationToken, markedName } from "../../../../provider/src/core/mark";
import { type Kind, TOKEN_ENV, typeToken, type Values } from "../../../../provider/src/schema";

/** The id of a stack's `Ownership`. */
export const OWNER = "0123456789abcdef0123456789abcdef";
export const STRANGER = "fedcba9876543210fedcba9876543210";

const PROVIDER = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::default::0f0f";

export function urn(kind: Kind, name: string): string {
  return `urn:pulumi:dev::app::${typeToken(kind)}::${name}`;
}

export function token(kind: Kind, name: string, owner = OWNER): string {
  return creationToken(owner, urn(kind, name));
}

/** A resource as a state holds it, or a pending create if it has no id. */
export function resource(
  kind: Kind,
  name: string,
  { id, provider = PROVIDER, inputs, outputs }: ResourceChanges = {},
) {
  const itsToken = token(kind, name);
  return {
    urn: urn(kind, name),
    type: typeToken(kind),
    provider,
    ...(id !== undefined && { id }),
    inputs: { name: markedName(name, itsToken), __token: itsToken, ...inputs },
    ...(outputs !== undefined && { outputs }),
  };
}

interface ResourceChanges {
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
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

export function pod(id: string, itsToken: string | undefined, changes: Partial<Pod> = {}): Pod {
  return {
    id,
    name: `name of ${id}`,
    status: "RUNNING",
    cost: 0.5,
    locked: false,
    createdAt: "2026-11-23T09:00:00Z",
    env: itsToken === undefined ? {} : { [TOKEN_ENV]: itsToken },
    ...changes,
  } as Pod;
}

export const volume = (id: string, name: string) =>
  ({ id, name, size: 100, dataCenter: "EU-RO-1", type: "STANDARD" }) as NetworkVolume;

export const template = (id: string, name: string) => ({ id, name, image: "i" }) as Template;

export function listing(changes: Partial<Listing> = {}): Listing {
  return { pods: [], volumes: [], templates: [], ...changes };
}
