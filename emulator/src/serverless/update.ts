import type { UpdateEndpointRequest } from "@runpod-stack/openapi";
import { checkName } from "../objects/checks";
import { checkRegistry, expandTemplate, override } from "../pods/resolve";
import type { Endpoint } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { checkTimeout, serverlessTemplate } from "./create";
import { changesBetween, needsRelease, newRelease, platformFields } from "./releases";
import { checkQuota, checkScaling, checkVolumes } from "./rules";
import { changeCompute } from "./selection";

/** Changes only the fields in the body; those of the container and its machine make a release. */
export function updateEndpoint(
  world: World,
  account: Account,
  endpoint: Endpoint,
  changes: UpdateEndpointRequest,
): Endpoint {
  checkName(changes.name ?? "");
  const changed = {
    ...changedSettings(world, account, endpoint, changes),
    ...changeCompute(endpoint, changes),
    type: endpoint.type,
    scaling: changes.scaling ?? endpoint.scaling,
    workers: { ...endpoint.workers, ...changes.workers },
    dataCenterIds: changes.dataCenterIds ?? endpoint.dataCenterIds,
    networkVolumes: changes.networkVolumes ?? endpoint.networkVolumes,
    globalVolumes: changes.globalVolumes ?? endpoint.globalVolumes,
    timeout: checkTimeout(changes.timeout ?? endpoint.timeout),
    flashboot: changes.flashboot ?? endpoint.flashboot,
  };
  checkScaling(changed, changes.workers?.idleTimeout);
  checkVolumes(account, changed);
  checkQuota(world, account, changed.workers.max, endpoint);

  const before = platformFields(endpoint);
  Object.assign(endpoint, changed, { name: changes.name ?? endpoint.name });
  endpoint.entry.name = endpoint.name;
  if (changes.workers) {
    endpoint.activeAt = world.clock.now();
  }
  const diff = changesBetween(before, platformFields(endpoint));
  if (needsRelease(diff)) {
    newRelease(world, endpoint, diff);
  }
  return endpoint;
}

/** The body overrides a template's settings; `env` replaces the endpoint's whole environment. */
function changedSettings(
  world: World,
  account: Account,
  endpoint: Endpoint,
  changes: UpdateEndpointRequest,
) {
  const { templateId } = changes;
  const template = templateId ? serverlessTemplate(world, account, templateId) : null;
  const settings = template
    ? expandTemplate(template, changes)
    : override({ ...endpoint, env: changes.env ? {} : endpoint.env }, changes);
  checkRegistry(account, settings.registry);
  return settings;
}
