import type { AttributableResource } from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import type { Account } from "../state/store";

/** The most resources that a request to create may name. */
type Attributed = { resources: AttributableResource[] };

/** @throws 404 for a resource that the account does not have */
export function checkResource(account: Account, { type, id }: AttributableResource): void {
  if (!exists(account, { type, id })) {
    throw notFound(type.toLowerCase().replaceAll("_", " "), id);
  }
}

/** @throws 404 if one of them does not exist */
export function checkedResources(
  account: Account,
  resources: readonly AttributableResource[] = [],
): AttributableResource[] {
  for (const resource of resources) {
    checkResource(account, resource);
  }
  return [...resources];
}

export function attach(one: Attributed, resource: AttributableResource): void {
  detach(one, resource);
  one.resources.push(resource);
}

export function detach(one: Attributed, { type, id }: AttributableResource): void {
  one.resources = one.resources.filter((other) => other.type !== type || other.id !== id);
}

/** The resources that still exist: a deleted one loses its tags and its cost center. */
export function presentResources(account: Account, { resources }: Attributed) {
  return resources.filter((resource) => exists(account, resource));
}

/** A resource from a path. @throws 422 for an unknown type */
export function resourceIn(type: string, id: string): AttributableResource {
  if (!TYPES.includes(type)) {
    const rule = `path.resourceType: "${type}" must be one of ${TYPES.join(", ")}`;
    throw new ApiError(422, "Request validation failed.", [rule]);
  }
  return { type, id } as AttributableResource;
}

const TYPES: readonly string[] = ["POD", "CLUSTER", "SERVERLESS_ENDPOINT", "NETWORK_VOLUME"];

function exists(account: Account, { type, id }: AttributableResource): boolean {
  switch (type) {
    case "POD":
      return account.pods.find(id) !== undefined;
    case "SERVERLESS_ENDPOINT":
      return account.endpoints.find(id) !== undefined;
    case "NETWORK_VOLUME":
      return account.networkVolumes.find(id) !== undefined;
    case "CLUSTER":
      return account.clusters.find(id) !== undefined;
    default:
      return false;
  }
}
