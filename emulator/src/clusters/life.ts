import { notFound } from "../core/problem";
import { closeEntry } from "../money/ledger";
import { terminatePod } from "../pods/lifecycle";
import type { Cluster } from "../state/account-objects";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { membersOf } from "./view";

export function ownCluster(account: Account, id: string): Cluster {
  const cluster = account.clusters.find(id);
  if (!cluster) {
    throw notFound("cluster", id);
  }
  return cluster;
}

/** Its pods and their disks are gone as well; a network volume stays. */
export function deleteCluster(world: World, account: Account, cluster: Cluster): void {
  for (const member of membersOf(account, cluster)) {
    terminatePod(world, account, member);
  }
  account.clusters.remove(cluster.id);
  closeEntry(account, cluster.entry, world.clock.now());
}
