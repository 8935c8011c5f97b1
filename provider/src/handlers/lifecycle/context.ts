import { type Safe, safe } from "@runpod-stack/kit";
import type {
  Cluster,
  CpuType,
  Endpoint,
  GlobalVolume,
  GpuType,
  NamedCostCenter,
  NamedDelegation,
  NamedTag,
  NetworkVolume,
  Pod,
  probe,
  Registry,
  RunpodApi,
  Secret,
  Template,
} from "../../api";
import type { Clock } from "../../core/clock";
import type { Settings } from "../../core/settings";
import type { Journal } from "./journal";
import { listIfAllowed } from "./list-if-allowed";
import { Snapshot } from "./snapshot";

/** Everything that a handler works with: one per plugin process, and so per account. */
export interface Context {
  readonly api: RunpodApi;
  readonly probe: typeof probe;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly pods: Snapshot<Pod>;
  readonly endpoints: Snapshot<Endpoint>;
  readonly volumes: Snapshot<NetworkVolume>;
  readonly clusters: Snapshot<Cluster>;
  readonly templates: Snapshot<Template>;
  /** The GPU types of RunPod's catalog, which are read once. */
  gpuTypes(): Promise<readonly GpuType[]>;
  /** The same for CPU flavors. */
  cpuTypes(): Promise<readonly CpuType[]>;
  readonly secrets: Snapshot<Secret>;
  readonly registries: Snapshot<Registry>;
  readonly delegations: Snapshot<NamedDelegation>;
  readonly tags: Snapshot<NamedTag>;
  readonly globalVolumes: Snapshot<GlobalVolume>;
  readonly costCenters: Snapshot<NamedCostCenter>;
  /** The ids of tags that this process attaches, by "key=value". */
  readonly tagIds: Map<string, Promise<string>>;
  /** What interrupted runs left in the stack's state. */
  readonly journal: Journal;
  /** What the account held before this process created anything. */
  accountAtStart(): Promise<{
    pods: readonly Pod[];
    endpoints: readonly Endpoint[];
    volumes: readonly NetworkVolume[];
    clusters: readonly Cluster[];
  }>;
  /** Ids of pods that this process is deleting. */
  readonly deleting: Set<string>;
  /** Fingerprints of the keys that last managed what this process has deleted. All belong to its account. */
  readonly provenKeys: Set<string>;
  /** Creation tokens of what this process has deleted, with RunPod's time of creation. */
  readonly endedTokens: Map<string, string>;
  /** Shows the user a line while an operation runs. */
  say(text: Safe): void;
  /** Like `say`, but shows each line only once. */
  sayOnce(text: Safe): void;
  /** Shows a line on a resource's own row: until the next one, or permanently if it is to be kept. */
  progress(of: Row, line: Safe, isKept?: boolean): void;
}

/** Where progress is shown. */
export interface Row {
  /** The resource, if its URN is known. */
  readonly urn: string | undefined;
  /** The resource's name in lines that are shown elsewhere. */
  readonly label: string;
}

/** A new context, with nothing known yet. */
export function createContext(
  parts: Pick<Context, "api" | "probe" | "clock" | "settings" | "journal" | "say"> &
    Partial<Pick<Context, "progress">>,
): Context {
  const { api, clock, say } = parts;
  const shown = new Set<Safe>();
  let atStart: ReturnType<Context["accountAtStart"]> | undefined;
  return {
    progress: ({ label }, line, isKept) => {
      if (isKept) {
        say(safe`${label}: ${line}`);
      }
    },
    ...parts,
    pods: new Snapshot(() => api.pods.list(), clock),
    endpoints: new Snapshot(() => api.endpoints.list(), clock),
    volumes: new Snapshot(() => api.volumes.list(), clock),
    clusters: new Snapshot(() => api.clusters.list(), clock),
    templates: new Snapshot(() => api.templates.list(), clock),
    gpuTypes: once(() => api.catalog.gpus()),
    cpuTypes: once(() => api.catalog.cpus()),
    secrets: new Snapshot(() => api.secrets.list(), clock),
    registries: new Snapshot(() => api.registries.list(), clock),
    delegations: new Snapshot(() => api.delegations.list(), clock),
    tags: new Snapshot(() => api.tags.list(), clock),
    globalVolumes: new Snapshot(() => api.globalVolumes.list(), clock),
    costCenters: new Snapshot(() => api.costCenters.list(), clock),
    tagIds: new Map(),
    deleting: new Set(),
    provenKeys: new Set(),
    endedTokens: new Map(),
    accountAtStart: () => {
      atStart ??= Promise.all([
        api.pods.list(),
        listIfAllowed(() => api.endpoints.list()),
        api.volumes.list(),
        listIfAllowed(() => api.clusters.list()),
      ]).then(([pods, endpoints, volumes, clusters]) => ({ pods, endpoints, volumes, clusters }));
      return atStart;
    },
    sayOnce: (line) => {
      if (!shown.has(line)) {
        say(line);
      }
      shown.add(line);
    },
  };
}

/** A question that is asked once. A failure is not kept: the next caller asks again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
