import { ecrRepository } from "../containers/private-images";
import type { PullAccess } from "../containers/runtime";
import { resolveSecrets } from "../objects/secrets";
import type { ContainerSettings } from "../state/container-command";
import type { Life } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";

/** What a container takes from its account when it boots: later changes reach only the next one. */
export function bootOf(
  world: World,
  account: Account,
  { env, registry, image }: Pick<ContainerSettings, "env" | "registry" | "image">,
): Pick<Life, "env" | "access"> {
  const { resolved, missing } = resolveSecrets(account, env);
  for (const name of missing) {
    world.options.announce?.(
      `a container refers to the secret ${name}, which does not exist: the reference stays as written.`,
    );
  }
  const access = pullAccess(account, registry, image);
  return {
    ...(resolved !== env && { env: { ...resolved } }),
    ...(access !== "anonymous" && { access }),
  };
}

function pullAccess(account: Account, registryId: string | null, image: string): PullAccess {
  const registry = account.registries.find(registryId ?? "");
  if (registry) {
    return registry.accepted ? "granted" : "refused";
  }
  const wanted = ecrRepository(image);
  const isDelegated = [...account.delegations.peek()].some(
    ({ awsUser, awsRegion, repository }) =>
      awsUser === wanted?.awsUser &&
      awsRegion === wanted.awsRegion &&
      repository === wanted.repository,
  );
  return isDelegated ? "granted" : "anonymous";
}
