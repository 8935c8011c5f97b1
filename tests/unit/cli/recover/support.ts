import type { Cluster, NetworkVolume, Pod, Template } from "../../../../provider/src/api";
import type { Listing } from "../../../../provider/src/cli/recover/live";
import { TOKEN_ENV } from "../../../../provider/src/schema";

export function pod(id: string, itsToken: string | undefined, changes: Partial<Pod> = {}): Pod {
  return {
    id,
    name: `name of ${id}`,
    status: "RUNNING",
    cost: 0.5,
    locked: false,
    createdAt: "2026-11-23T09:00:00Z",
    env: itsToken === undefined ? {} : { [TOKEN_ENV]: itsToken },
    ...changes,
  } as Pod;
}

export const volume = (id: string, name: string) =>
  ({ id, name, size: 100, dataCenter: "EU-RO-1", type: "STANDARD" }) as NetworkVolume;

/** Two pods of eight H100 each. */
export const cluster = (id: string, name: string) =>
  ({
    id,
    name,
    type: "TRAINING",
    compute: { gpuTypeId: "NVIDIA H100 80GB HBM3", gpuCountPerPod: 8, podCount: 2 },
  }) as Cluster;

export const template = (id: string, name: string) => ({ id, name, image: "i" }) as Template;

export function listing(changes: Partial<Listing> = {}): Listing {
  return { pods: [], endpoints: [], volumes: [], clusters: [], templates: [], ...changes };
}
