import { safe } from "@runpod-stack/kit";
import {
  type AttributableResource,
  type CostCenter,
  type CreateCostCenterRequest,
  type CreateDelegationRequest,
  type CreateGlobalVolumeRequest,
  type CreateRegistryRequest,
  type CreateSecretRequest,
  type CreateTagRequest,
  type EcrDelegation,
  type GlobalVolume,
  type Registry,
  type Secret,
  type Tag,
  type UpdateCostCenterRequest,
  type UpdateGlobalVolumeRequest,
  type UpdateSecretRequest,
  type UpdateTagRequest,
  zCostCenter,
  zEcrDelegation,
  zGlobalVolume,
  zRegistry,
  zSecret,
  zSshKeys,
  zTag,
} from "@runpod-stack/openapi";
import { RunpodError } from "../core/errors";
import type { CallOptions, HttpClient } from "../http/client";
import { path, type SafePath } from "../http/path";
import { type Collection, collection } from "./collection";
import { objectReader, type Reader, reader } from "./reader";

/** The body of an update to an object that RunPod cannot update. */
export type Fixed = object;

/** Objects that RunPod does not name, with the name by which messages and the journal know them. */
export type NamedTag = Tag & { readonly name: string };
export type NamedCostCenter = CostCenter & { readonly name: string };
export type NamedDelegation = EcrDelegation & { readonly name: string };

/** Objects that are put on others. RunPod does not list them with those. */
interface Attachable<T, Create, Update> extends Collection<T, Create, Update> {
  attach(id: string, resource: AttributableResource, options?: CallOptions): Promise<void>;
  detach(id: string, resource: AttributableResource, options?: CallOptions): Promise<void>;
}

export interface SshKeysApi {
  get(options?: CallOptions): Promise<readonly string[]>;
  /**
   * Replaces the account's whole set. Never sent twice: others may have changed the set since.
   * @returns the set afterwards
   */
  replace(keys: readonly string[], options?: CallOptions): Promise<readonly string[]>;
}

/** The smaller objects of an account. */
export interface AccountObjectsApi {
  readonly secrets: Collection<Secret, CreateSecretRequest, UpdateSecretRequest>;
  readonly registries: Collection<Registry, CreateRegistryRequest, Fixed>;
  /** RunPod lists delegations, but does not show a single one. */
  readonly delegations: Collection<NamedDelegation, CreateDelegationRequest, Fixed>;
  readonly sshKeys: SshKeysApi;
  readonly tags: Attachable<NamedTag, CreateTagRequest, UpdateTagRequest>;
  readonly costCenters: Attachable<
    NamedCostCenter,
    CreateCostCenterRequest,
    UpdateCostCenterRequest
  >;
  readonly globalVolumes: Collection<
    GlobalVolume,
    CreateGlobalVolumeRequest,
    UpdateGlobalVolumeRequest
  >;
}

export function accountObjects(client: HttpClient, log: (text: string) => void): AccountObjectsApi {
  const delegations: AccountObjectsApi["delegations"] = collection(client, {
    noun: "delegation",
    root: path`/registries/delegations`,
    key: "delegations",
    read: named(
      objectReader<EcrDelegation>("delegation", zEcrDelegation, log),
      ({ name }) => name ?? "",
    ),
  });
  return {
    secrets: collection(client, {
      noun: "secret",
      root: path`/account/secrets`,
      key: "secrets",
      read: objectReader<Secret>("secret", zSecret, log),
      secrets: ({ value }) => [value],
    }),
    registries: collection(client, {
      noun: "registry credentials",
      root: path`/registries`,
      key: "registries",
      read: objectReader<Registry>("registry", zRegistry, log),
      secrets: ({ password }) => [password],
    }),
    delegations: {
      ...delegations,
      async get(id, options) {
        const found = (await delegations.list(options)).find((one) => one.id === id);
        return found ?? Promise.reject(notListed(id));
      },
    },
    sshKeys: sshKeys(client, log),
    tags: attachable(client, path`/tags`, {
      noun: "tag",
      key: "tags",
      read: named(objectReader<Tag>("tag", zTag, log), ({ key, value }) => `${key}=${value}`),
      label: ({ key, value }) => `${key}=${value}`,
    }),
    costCenters: attachable(client, path`/cost-centers`, {
      noun: "cost center",
      key: "costCenters",
      read: named(objectReader<CostCenter>("cost center", zCostCenter, log), ({ value }) => value),
      label: ({ value }) => String(value),
    }),
    globalVolumes: collection(client, {
      noun: "global volume",
      root: path`/global-volumes`,
      key: "globalVolumes",
      read: objectReader<GlobalVolume>("global volume", zGlobalVolume, log),
    }),
  };
}

function attachable<T, Create extends object, Update extends object>(
  client: HttpClient,
  root: SafePath,
  kind: Omit<Parameters<typeof collection<T, Create, Update>>[1], "root">,
): Attachable<T, Create, Update> {
  const at = (id: string, { type, id: resourceId }: AttributableResource) =>
    `${root}${path`/${id}/resources/${type}/${resourceId}`}` as SafePath;
  return {
    ...collection<T, Create, Update>(client, { ...kind, root }),
    async attach(id, resource, options) {
      const operation = `attaching ${kind.noun} ${id} to ${resource.id}`;
      await client.request({ ...options, method: "PUT", path: at(id, resource), operation });
    },
    async detach(id, resource, options) {
      const operation = `detaching ${kind.noun} ${id} from ${resource.id}`;
      await client.request({ ...options, method: "DELETE", path: at(id, resource), operation });
    },
  };
}

function sshKeys(client: HttpClient, log: (text: string) => void): SshKeysApi {
  const read = reader<{ readonly keys: readonly string[] }>("set of SSH keys", zSshKeys, log);
  const root = path`/account/ssh-keys`;
  return {
    async get(options) {
      const operation = "reading the account's SSH keys";
      const { body } = await client.request({ ...options, method: "GET", path: root, operation });
      return keysIn(read(body, operation), operation);
    },
    async replace(keys, options) {
      const operation = "changing the account's SSH keys";
      const call = { method: "PUT", path: root, body: { keys }, operation } as const;
      const { body } = await client.request({ ...options, ...call, isIdempotent: false });
      return keysIn(read(body, operation), operation);
    },
  };
}

/** Without the set, what is written next would remove the keys of others. */
function keysIn({ keys }: { readonly keys?: readonly string[] }, operation: string) {
  if (keys !== undefined) {
    return keys;
  }
  const detail = "the answer contains no keys";
  throw new RunpodError(safe`${operation}: ${detail}`, { kind: "ambiguous", detail, operation });
}

function named<T extends object>(
  read: Reader<T>,
  nameOf: (object: T) => string,
): Reader<T & { readonly name: string }> {
  return (value, operation) => {
    const object = read(value, operation);
    return { ...object, name: nameOf(object) };
  };
}

function notListed(id: string): RunpodError {
  const [operation, detail] = [`reading delegation ${id}`, "RunPod lists no such delegation"];
  return new RunpodError(safe`${operation}: ${detail}`, { kind: "notFound", detail, operation });
}
