import type { UpdatePodRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import { checkName, fitsMachine } from "../objects/checks";
import type { Pod, PodMounts } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { beginLife, chargePod, checkUnlocked } from "./lifecycle";
import { checkGlobalNetworking } from "./placement";
import { endContainer } from "./pod-runtime";
import { checkRegistry, expandTemplate, override, podTemplate } from "./resolve";

/** Fields that recreate the container: changing one wipes everything outside the mounts. */
const CONTAINER_FIELDS = [
  "image",
  "args",
  "entrypoint",
  "cmd",
  "disk",
  "ports",
  "env",
  "registry",
  "templateId",
] as const;

/** Changes only the fields in the body; some of them recreate the container. */
export function updatePod(
  world: World,
  account: Account,
  pod: Pod,
  changes: UpdatePodRequest,
): Pod {
  checkName(changes.name ?? "");
  const mounts = changedMounts(pod, changes.mounts);
  if (!fitsMachine(changes.disk ?? pod.disk, mounts.persistent?.size ?? 0)) {
    throw new ApiError(400, "There is not enough disk space available on the host machine.");
  }
  const anew =
    mounts !== pod.mounts || CONTAINER_FIELDS.some((field) => changes[field] !== undefined);
  if (anew && pod.life && changes.locked !== false) {
    checkUnlocked(pod, "reset");
  }
  if (changes.globalNetworking) {
    checkGlobalNetworking(pod);
  }
  const settings = changedSettings(world, account, pod, changes);
  const restarts = anew && pod.life !== null;
  if (restarts) {
    endContainer(world, account, pod);
  }
  Object.assign(pod, {
    ...settings,
    mounts,
    name: changes.name ?? pod.name,
    locked: changes.locked ?? pod.locked,
    globalNetworking: changes.globalNetworking ?? pod.globalNetworking,
  });
  pod.entry.name = pod.name;
  if (restarts) {
    beginLife(world, account, pod, false);
  } else {
    chargePod(account, pod, world.clock.now());
  }
  return pod;
}

/** The body overrides a template's settings; `env` replaces the pod's whole environment. */
function changedSettings(world: World, account: Account, pod: Pod, changes: UpdatePodRequest) {
  const template =
    changes.templateId === undefined ? null : podTemplate(world, account, changes.templateId);
  const settings = template
    ? expandTemplate(template, changes)
    : override({ ...pod, env: changes.env ? {} : pod.env }, changes);
  checkRegistry(account, settings.registry);
  return settings;
}

function changedMounts(pod: Pod, wanted: PodMounts | undefined): PodMounts {
  const { persistent, network } = pod.mounts;
  if (wanted?.network?.length === 0) {
    throw new ApiError(400, "mounts.network cannot be cleared");
  }
  if (wanted?.persistent) {
    if (!persistent) {
      throw new ApiError(400, "mounts.persistent cannot be added after create");
    }
    if (wanted.persistent.size < persistent.size) {
      throw new ApiError(
        400,
        `mounts.persistent.size cannot be reduced (current ${persistent.size} GB)`,
      );
    }
  }
  if (wanted?.network && wanted.network[0]?.volumeId !== network?.[0]?.volumeId) {
    throw new ApiError(
      400,
      network
        ? "mounts.network volumeId is immutable"
        : "mounts.network cannot be added after create",
    );
  }
  const changed = wanted?.persistent ?? wanted?.network;
  return changed ? { ...pod.mounts, ...wanted } : pod.mounts;
}
