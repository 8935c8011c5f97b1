import { POLICY_WAIVERS } from "@runpod-stack/provider/schema";
import { beyondLimits } from "./beyond-limits";
import type { Finding } from "./finding";
import { formatFaults } from "./formats";
import { gpuName } from "./gpu-names";
import { type Env, type KnownList, number, plain, text, texts, variables } from "./input-values";
import { isKnown, type Known, known, knownItems, UNKNOWN } from "./known";
import { WORKER_MOUNT, type Workers, workersOf, workerVolume } from "./workers";

/** What is known about any resource. */
interface CommonSpec {
  readonly unjudged: Unjudged;
  /** What is wrong with how it is written. */
  readonly faults: readonly Finding[];
  /** The exceptions that the program makes for it, as given. */
  readonly policyWaivers: unknown;
}

/** What is known about a container. Names are REST v1's; sizes are in GB. */
interface AnyContainerSpec extends CommonSpec {
  /** Whether it is for serverless workers, which mount network volumes at /runpod-volume. */
  readonly isServerless: boolean;
  /** Whether it is checked alone, without a pod that is created from the template. */
  readonly isAlone: boolean;
  /** Whether it can have only one GPU type, as in REST v2's bodies. */
  readonly takesOneGpuType: boolean;
  readonly imageName: Known<string>;
  readonly dockerEntrypoint: KnownList;
  readonly dockerStartCmd: KnownList;
  readonly env: Env;
  readonly ports: KnownList;
  readonly containerDiskInGb: Known<number>;
  readonly volumeInGb: Known<number>;
  readonly volumeMountPath: Known<string>;
  readonly networkVolumeId: Known<string>;
  readonly gpuTypeIds: KnownList;
  readonly gpuCount: Known<number>;
  readonly cloudType: Known<string>;
  readonly dataCenterIds: KnownList;
  readonly minCudaVersion: Known<string>;
  readonly allowedCudaVersions: KnownList;
  readonly terminateAfter: Known<string>;
  readonly stopAfter: Known<string>;
}

/** What the rules check in pods and templates. */
export interface PodSpec extends AnyContainerSpec {
  readonly kind: "Pod" | "Template";
}

/** What the rules check in serverless endpoints. */
export interface EndpointSpec extends AnyContainerSpec, Workers {
  readonly kind: "ServerlessEndpoint";
}

export type ContainerSpec = PodSpec | EndpointSpec;

/** What the rules check in network volumes. */
export interface VolumeSpec extends CommonSpec {
  readonly kind: "Volume";
  readonly size: Known<number>;
  readonly dataCenterId: Known<string>;
  /** Whether Pulumi refuses to delete it. Unknown without a stack. */
  readonly isProtected: Known<boolean>;
}

/** What the rules check in PodEndpoints. Their findings are the pod's. */
export interface PodEndpointSpec extends CommonSpec {
  readonly kind: "PodEndpoint";
  readonly port: Known<number>;
  readonly path: Known<string>;
}

/** Inputs that exceed the limits and count as unknown, each with how, as a clause. */
export type Unjudged = Readonly<Record<string, string>>;

export type Spec = ContainerSpec | VolumeSpec | PodEndpointSpec;

/** Whether it describes a container: a pod's, a template's or a worker's. */
export function isContainer(spec: Spec): spec is ContainerSpec {
  return spec.kind === "Template" || isDeployment(spec);
}

/** Whether it rents hardware: a pod or a serverless endpoint. */
export function isDeployment(spec: Spec): spec is ContainerSpec {
  return spec.kind === "Pod" || spec.kind === "ServerlessEndpoint";
}

/** How to read the inputs. */
export interface Circumstances {
  /** Whether a template given by its id alone may set what the inputs leave out. */
  readonly templateMaySet?: boolean;
  /** Whether it is checked alone. */
  readonly isAlone?: boolean;
  /** Whether it can have only one GPU type. */
  readonly takesOneGpuType?: boolean;
  /** What is wrong with how the inputs are written. */
  readonly faults?: readonly Finding[];
  /** Pulumi's option. */
  readonly isProtected?: boolean | undefined;
}

/**
 * Creates a spec from inputs by their v1 names. A value of the wrong type counts as unknown, because
 * the provider refuses it.
 */
export function specOf(
  kind: Spec["kind"],
  inputs: Readonly<Record<string, unknown>>,
  circumstances: Circumstances = {},
): Spec {
  const { templateMaySet = false, isAlone = false, takesOneGpuType = false } = circumstances;
  const { faults = [] } = circumstances;
  const unjudged: Record<string, string> = {};
  const read = (name: string, fromTemplate = false): Known<unknown> => {
    const value = Object.hasOwn(inputs, name) ? known(inputs[name]) : undefined;
    const beyond = beyondLimits(name, value);
    if (beyond !== undefined) {
      unjudged[name] = beyond;
    }
    const isOpen = value === undefined && fromTemplate && templateMaySet;
    return isOpen || beyond !== undefined ? UNKNOWN : value;
  };
  const policyWaivers = plain(inputs[POLICY_WAIVERS]);
  if (kind === "PodEndpoint") {
    const port = number(read("port"));
    return { kind, unjudged, faults, policyWaivers, port, path: text(read("path")) };
  }
  if (kind === "Volume") {
    return {
      kind,
      unjudged,
      faults,
      policyWaivers,
      size: number(read("size")),
      dataCenterId: text(read("dataCenterId")),
      isProtected: circumstances.isProtected,
    };
  }
  const isEndpoint = kind === "ServerlessEndpoint";
  const isServerless = isEndpoint || known(inputs["isServerless"]) === true;
  const imageName = text(read("imageName", true));
  const ports = texts(read("ports", true));
  const gpus = gpusOf(texts(read("gpuTypeIds")));
  const container: AnyContainerSpec = {
    unjudged,
    faults: [...faults, ...formatFaults(imageName, ports), ...gpus.faults],
    policyWaivers,
    isServerless,
    isAlone,
    takesOneGpuType,
    imageName,
    dockerEntrypoint: texts(read("dockerEntrypoint", true)),
    dockerStartCmd: texts(read("dockerStartCmd", true)),
    env: variables(read("env"), templateMaySet),
    ports,
    containerDiskInGb: number(read("containerDiskInGb", true)),
    ...(isServerless ? WORKER_MOUNTS : podMounts(read)),
    gpuTypeIds: gpus.ids,
    gpuCount: number(read("gpuCount")),
    cloudType: text(read("cloudType")),
    dataCenterIds: texts(read("dataCenterIds")),
    minCudaVersion: text(read("minCudaVersion")),
    allowedCudaVersions: texts(read("allowedCudaVersions", true)),
    terminateAfter: text(read("terminateAfter")),
    stopAfter: text(read("stopAfter")),
  };
  if (!isEndpoint) {
    return { kind, ...container };
  }
  const workers = workersOf(read);
  const networkVolumeId = workerVolume(workers.networkVolumeIds, text(read("globalVolumeId")));
  return { kind, ...container, ...workers, networkVolumeId };
}

/** Workers have no disk that survives them. A template does not know its endpoint's volume. */
const WORKER_MOUNTS = {
  volumeInGb: undefined,
  volumeMountPath: WORKER_MOUNT,
  networkVolumeId: UNKNOWN,
} as const;

function podMounts(
  read: (name: string, fromTemplate?: boolean) => Known<unknown>,
): Pick<AnyContainerSpec, keyof typeof WORKER_MOUNTS> {
  const volumeInGb = number(read("volumeInGb", true));
  return {
    // REST v1 says 0 for none.
    volumeInGb: volumeInGb === 0 ? undefined : volumeInGb,
    volumeMountPath: text(read("volumeMountPath", true)),
    networkVolumeId: text(read("networkVolumeId")),
  };
}

/** Resolves GPU names to ids. */
function gpusOf(names: KnownList): { ids: KnownList; faults: readonly Finding[] } {
  if (!isKnown(names)) {
    return { ids: names, faults: [] };
  }
  const meant = new Map([...new Set(knownItems(names))].map((name) => [name, gpuName(name)]));
  return {
    ids: names.map((name) => (name === UNKNOWN ? name : (meant.get(name)?.id ?? name))),
    faults: [...meant.values()].flatMap(({ finding }) => finding ?? []),
  };
}
