import type { CreateEndpointRequest } from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import { openEntry } from "../money/ledger";
import { checkName } from "../objects/checks";
import { readTemplate } from "../objects/templates";
import { checkRegistry, expandTemplate, NO_SETTINGS, override } from "../pods/resolve";
import type { Endpoint } from "../state/endpoint";
import type { Account, Template } from "../state/store";
import { newIdentity, type World } from "../state/world";
import { newRelease } from "./releases";
import { checkQuota, checkScaling, checkVolumes } from "./rules";
import { selectCompute } from "./selection";

const ID_LENGTH = 14;
const TEMPLATE_ID_LENGTH = 10;
const DEFAULT_WORKERS = { min: 0, max: 3, idleTimeout: 10 };

/** It accepts requests immediately, and has no workers unless `workers.min` asks for some. */
export function createEndpoint(
  world: World,
  account: Account,
  request: CreateEndpointRequest,
): Endpoint {
  checkName(request.name);
  const template =
    request.templateId === undefined
      ? null
      : serverlessTemplate(world, account, request.templateId);
  const settings = template ? expandTemplate(template, request) : override(NO_SETTINGS, request);
  checkRegistry(account, settings.registry);
  const chosen = {
    type: request.type,
    scaling: request.scaling,
    workers: { ...DEFAULT_WORKERS, ...request.workers },
    ...selectCompute(request, template),
    dataCenterIds: request.dataCenterIds ?? [],
    networkVolumes: request.networkVolumes ?? [],
    globalVolumes: request.globalVolumes ?? [],
    // The documented default is 300,000; the live API answers 0.
    timeout: checkTimeout(request.timeout ?? 0),
    flashboot: request.flashboot ?? "OFF",
  };
  checkScaling(chosen, request.workers?.idleTimeout);
  checkVolumes(account, chosen);
  checkQuota(world, account, chosen.workers.max);

  const now = world.clock.now();
  const bound = newIdentity(world, TEMPLATE_ID_LENGTH);
  const identity = newIdentity(world, ID_LENGTH);
  const { name } = request;
  const { image, command, disk, ports, env, registry } = settings;
  const endpoint: Endpoint = {
    ...identity,
    name,
    ...{ image, command, disk, ports, env, registry },
    ...chosen,
    createdAt: now,
    version: 0,
    releases: [],
    template: bound,
    fleet: [],
    hired: 0,
    hosts: [],
    activeAt: now,
    advancedTo: now,
    entry: openEntry(world.store.ledger, "endpoints", account, { ...identity, name }, now),
  };
  newRelease(world, endpoint, []);
  account.endpoints.add(endpoint);
  return endpoint;
}

export function ownEndpoint(account: Account, id: string): Endpoint {
  const endpoint = account.endpoints.find(id);
  if (!endpoint) {
    throw notFound("endpoint", id);
  }
  return endpoint;
}

/** @throws 404 for an unknown endpoint, 400 for one of the other type. */
export function endpointOfType(account: Account, id: string, type: Endpoint["type"]): Endpoint {
  const endpoint = ownEndpoint(account, id);
  if (endpoint.type !== type) {
    throw new ApiError(400, "not allowed for QB API");
  }
  return endpoint;
}

/** @throws 404 for an unknown template, 422 for one of pods. */
export function serverlessTemplate(world: World, account: Account, id: string): Template {
  const template = readTemplate(world, account, id);
  if (!template.serverless) {
    throw new ApiError(
      422,
      `template "${id}" is not a serverless template and cannot be used for an endpoint`,
    );
  }
  return template;
}

export function checkTimeout(timeout: number): number {
  if (timeout < 0) {
    throw new ApiError(400, `timeout ${timeout} must be at least 0 milliseconds`);
  }
  return timeout;
}
