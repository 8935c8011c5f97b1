import type { Cluster as ClusterView } from "@runpod-stack/openapi";
import { timestamp } from "../objects/rules";
import { statusOf } from "../pods/pod-runtime";
import { podView } from "../pods/view";
import type { Cluster } from "../state/account-objects";
import type { Pod } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";

const NETWORK = { cidr: "10.65.0.0/24", vxlanPort: 4789 };

/** The pods of a cluster that still exist, by rank. */
export function membersOf(account: Account, { id }: Pick<Cluster, "id">): Pod[] {
  const rankOf = ({ cluster }: Pod) => cluster?.rank ?? 0;
  return [...account.pods.peek()]
    .filter(({ cluster }) => cluster?.id === id)
    .sort((one, other) => rankOf(one) - rankOf(other));
}

/**
 * As v2 answers.
 * @param isNew whether this request has created it: nothing is placed yet
 */
export function clusterView(
  world: World,
  account: Account,
  cluster: Cluster,
  isNew = false,
): ClusterView {
  const { id, seq, name, type, compute, templateId, createdAt } = cluster;
  const members = membersOf(account, cluster);
  const byStatus: Record<string, number> = {};
  for (const member of members) {
    const status = isNew ? "PROVISIONING" : statusOf(world, account, member);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  return {
    id,
    name,
    type,
    compute,
    ...(templateId !== null && { template: templateId }),
    pods: { total: members.length, byStatus },
    ...(!isNew && placeView(world, account, members[0], seq)),
    createdAt: timestamp(createdAt),
  };
}

/** What RunPod leaves out until the primary pod has been placed. */
function placeView(
  world: World,
  account: Account,
  primary: Pod | undefined,
  vxlanId: number,
): Partial<ClusterView> {
  if (primary?.cluster?.rank !== 0 || statusOf(world, account, primary) === "PROVISIONING") {
    return {};
  }
  const { id, status, ssh } = podView(world, account, primary);
  const address = ssh?.direct;
  return {
    ...(primary.machine.dataCenterId !== null && { dataCenterId: primary.machine.dataCenterId }),
    network: { ...NETWORK, vxlanId },
    primary: {
      podId: id,
      status,
      ...(address && { sshEndpoint: `${address.host}:${address.port}` }),
    },
  };
}
