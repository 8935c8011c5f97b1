import { ApiError } from "../../core/problem";
import type { Endpoint, Worker } from "../../state/endpoint";
import type { Account } from "../../state/store";
import type { World } from "../../state/world";
import { settleEndpoint } from "../life";
import { rehireWorker } from "../workers";
import type { Affinity } from "./affinity";
import { isHealthy, isMisconfigured } from "./health";

/**
 * The least busy healthy worker, or the one that is asked for; undefined while there is none.
 * @throws 404 if it is gone and no other will do
 */
export async function chooseWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  affinity: Affinity,
): Promise<Worker | "misconfigured" | undefined> {
  checkAffinity(world, account, endpoint, affinity);
  const { fleet } = endpoint;
  const wanted = fleet.find(({ id }) => id === affinity.workerId);
  const choices = affinity.isStrict ? fleet.filter((worker) => worker === wanted) : fleet;
  if (choices.some(isMisconfigured)) {
    return "misconfigured";
  }
  const byUse = choices.toSorted((a, b) => a.busy - b.busy);
  for (const worker of wanted ? [wanted, ...byUse] : byUse) {
    if (await isHealthy(worker)) {
      return worker;
    }
  }
  return undefined;
}

/**
 * Checks that the only worker that will do is there, or starts it again if it was scaled down and the
 * request asks for that. To be called before the request itself calls for workers.
 * @throws 404 if it is gone
 */
export function checkAffinity(
  world: World,
  account: Account,
  endpoint: Endpoint,
  { workerId, isStrict, resumes }: Affinity,
): void {
  if (!isStrict || endpoint.fleet.some(({ id }) => id === workerId)) {
    return;
  }
  const now = world.clock.now();
  if (!resumes || !rehireWorker(world, account, endpoint, workerId ?? "", now)) {
    throw new ApiError(404, "affinity_worker_gone");
  }
  settleEndpoint(world, endpoint);
}
