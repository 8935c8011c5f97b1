import type { NetworkVolume, Pod, probe, RunpodApi, Template } from "../api";
import type { Clock } from "../core/clock";
import type { Settings } from "../core/settings";
import { Snapshot } from "./snapshot";

/** Everything a handler works with: one per plugin process, and so per account. */
export interface Context {
  readonly api: RunpodApi;
  readonly probe: typeof probe;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly pods: Snapshot<Pod>;
  readonly volumes: Snapshot<NetworkVolume>;
  readonly templates: Snapshot<Template>;
  /** Ids that an operation of this process has named. None of them is ever adopted. */
  readonly named: Set<string>;
  /** Ids of pods that are being deleted by this process. */
  readonly deleting: Set<string>;
  /** Fingerprints of keys under which this process has deleted an object of the state. */
  readonly provenKeys: Set<string>;
  /** Shows the user a line while an operation runs. */
  say(line: string): void;
  /** Shows a line on a resource's own row: until the next one, or for good if it is to be kept. */
  progress(of: Row, line: string, isKept?: boolean): void;
}

/** Where progress is shown. */
export interface Row {
  /** The resource, if its URN is known. */
  readonly urn: string | undefined;
  /** How lines that stand elsewhere call it. */
  readonly label: string;
}

/** A context with nothing known yet. */
export function createContext(
  parts: Pick<Context, "api" | "probe" | "clock" | "settings" | "named" | "say"> &
    Partial<Pick<Context, "progress">>,
): Context {
  const { api, clock, say } = parts;
  return {
    progress: ({ label }, line, isKept) => {
      if (isKept) say(`${label}: ${line}`);
    },
    ...parts,
    pods: new Snapshot(() => api.pods.list(), clock),
    volumes: new Snapshot(() => api.volumes.list(), clock),
    templates: new Snapshot(() => api.templates.list(), clock),
    deleting: new Set(),
    provenKeys: new Set(),
  };
}
