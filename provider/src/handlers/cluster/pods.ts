import { safe } from "@runpod-stack/kit";
import type { RunpodApi } from "../../api";
import { isRunpodError } from "../../core/errors";
import type { WholeCluster } from "../../schema";
import { reportedCommand } from "../lifecycle/command";
import type { Context } from "../lifecycle/context";

const AGAIN_MS = 3_000;
/** RunPod shows the pods of a new cluster once it has placed them. It documents no time. */
const PLACED_WITHIN_MS = 60_000;

/** A cluster with its pods. All their containers are the same. */
export async function whole(
  api: Pick<RunpodApi, "clusters">,
  cluster: WholeCluster,
): Promise<WholeCluster> {
  const rankOf = (rank: number | null | undefined) => rank ?? Number.MAX_SAFE_INTEGER;
  const members = (await api.clusters.pods(cluster.id)).toSorted(
    (one, other) => rankOf(one.cluster?.rank) - rankOf(other.cluster?.rank),
  );
  const [first] = members;
  if (first === undefined) {
    return { ...cluster, members };
  }
  const { image, disk, ports } = first;
  const container = { image, disk, ports, ...reportedCommand(first) };
  return { ...cluster, ...(container as Partial<WholeCluster>), members };
}

/**
 * A new cluster with its pods, as soon as RunPod has placed the one with rank 0. What RunPod does not
 * show in time, a refresh adds.
 */
export async function settled(context: Context, created: WholeCluster): Promise<WholeCluster> {
  const { api, clock } = context;
  const deadline = clock.monotonic() + PLACED_WITHIN_MS;
  let cluster = created;
  try {
    for (let isShown = false; cluster.primary === undefined; isShown = true) {
      cluster = await api.clusters.get(created.id);
      if (cluster.primary !== undefined || clock.monotonic() >= deadline) {
        break;
      }
      if (!isShown) {
        context.say(
          safe`cluster '${created.name}' (${created.id}): waiting up to 1m for RunPod to place its pods`,
        );
      }
      await clock.sleep(AGAIN_MS);
    }
    return await whole(api, cluster);
  } catch (error) {
    if (!isRunpodError(error)) {
      throw error;
    }
    return cluster;
  }
}
