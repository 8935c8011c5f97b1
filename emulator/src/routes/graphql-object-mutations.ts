import { ApiError } from "../core/problem";
import { createObject, deleteObject, ownObject } from "../objects/account-object";
import {
  createNetworkVolume,
  deleteNetworkVolume,
  ownNetworkVolume,
  updateNetworkVolume,
} from "../objects/network-volumes";
import { changeCredentials, registries } from "../objects/registries";
import { createEndpoint, ownEndpoint } from "../serverless/create";
import { deleteEndpoint, settleEndpoint } from "../serverless/life";
import { updateEndpoint } from "../serverless/update";
import type { Endpoint } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { type EndpointInput, endpointChanges, endpointView, newEndpoint } from "./graphql-endpoint";
import { networkVolumeView } from "./graphql-views";

export interface Credentials {
  username: string;
  password: string;
}

/** What older clients change in addition to pods: endpoints, registry credentials and network volumes. */
export function objectMutations(world: World, account: Account) {
  return {
    saveEndpoint: ({ input }: { input: EndpointInput }) => saveEndpoint(world, account, input),
    updateEndpointTemplate: ({ input }: { input: { endpointId: string; templateId: string } }) =>
      saveEndpoint(world, account, { id: input.endpointId, templateId: input.templateId }),
    deleteEndpoint: ({ id }: { id: string }) => {
      const endpoint = ownEndpoint(account, id);
      checkNoWorkers(endpoint);
      deleteEndpoint(world, account, endpoint);
      return null;
    },
    saveRegistryAuth: ({ input }: { input: Credentials & { name: string } }) =>
      registries.view(createObject(world, account, registries, input)),
    updateRegistryAuth: ({ input }: { input: Credentials & { id: string } }) => {
      const registry = ownObject(account, registries, input.id);
      changeCredentials(registry, input.username, input.password);
      return registries.view(registry);
    },
    deleteRegistryAuth: ({ registryAuthId }: { registryAuthId: string }) => {
      deleteObject(world, account, registries, ownObject(account, registries, registryAuthId));
      return true;
    },
    createNetworkVolume: ({
      input,
    }: {
      input: { name: string; size: number; dataCenterId: string };
    }) => {
      const { name, size, dataCenterId: dataCenter } = input;
      return networkVolumeView(createNetworkVolume(world, account, { name, size, dataCenter }));
    },
    updateNetworkVolume: ({
      input,
    }: {
      input: { id: string; name?: string | null; size?: number | null };
    }) => {
      const volume = ownNetworkVolume(account, input.id);
      const changes = { name: input.name ?? volume.name, size: input.size ?? volume.size };
      return networkVolumeView(updateNetworkVolume(world, account, volume, changes));
    },
    deleteNetworkVolume: ({ input }: { input: { id: string } }) => {
      deleteNetworkVolume(world, account, ownNetworkVolume(account, input.id));
      return null;
    },
  };
}

/** The answer shows the template that was named, lists show the one that the platform made of it. */
function saveEndpoint(world: World, account: Account, input: EndpointInput): object {
  const { id, templateId } = input;
  const endpoint = id
    ? changed(world, account, ownEndpoint(account, id), input)
    : createEndpoint(world, account, newEndpoint(input));
  settleEndpoint(world, endpoint);
  return { ...endpointView(account, endpoint), ...(templateId && { templateId }) };
}

function changed(
  world: World,
  account: Account,
  endpoint: Endpoint,
  input: EndpointInput,
): Endpoint {
  const isOwn = input.templateId === endpoint.template.id;
  const changes = endpointChanges({ ...input, ...(isOwn && { templateId: null }) }, endpoint);
  return updateEndpoint(world, account, endpoint, changes);
}

/** Source: https://docs.runpod.io/sdks/graphql/manage-endpoints */
function checkNoWorkers({ id, workers }: Endpoint): void {
  if (workers.min > 0 || workers.max > 0) {
    throw new ApiError(
      400,
      `workersMax ${workers.max} must be 0 before endpoint "${id}" can be deleted. Set workersMin and workersMax to 0.`,
    );
  }
}
