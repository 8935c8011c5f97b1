/** The API and account that an object belongs to, as stored with it. */
export interface AccountMark {
  readonly origin: string;
  readonly fingerprint: string;
}

/** The GPU types of an endpoint, as RunPod takes them: pools, without some of their types. */
export interface GpuSelection {
  readonly pools: readonly string[];
  readonly excludedTypes: readonly string[];
}

/** Stored data of an object that only the handlers use. */
export interface Live {
  readonly version: number;
  readonly account: AccountMark;
  /** When this provider created the object, in milliseconds by this machine's clock. */
  readonly createdAt: number;
  /** The time from which a pod's time limits count, in milliseconds by RunPod's clock. Not comparable with `createdAt`. */
  readonly lifetimeFrom?: number;
  /** The CUDA version of the pod's host. */
  readonly cudaVersion?: string;
  /** The GPUs that an endpoint was last asked for, in RunPod's terms. */
  readonly gpuSelection?: GpuSelection;
  /** The lowest and the highest price of one of an endpoint's workers, in USD per hour. */
  readonly workerPrice?: readonly [lowest: number, highest: number];
  /** The pod's CPU flavor. */
  readonly cpuFlavorId?: string;
  /** The object was imported and has not been updated since. */
  readonly imported?: true;
}

/** What has been attached to an object. RunPod does not list it with the object. */
export interface Labels {
  /** The tags, by their keys. */
  readonly tags?: Readonly<Record<string, { readonly value: string; readonly id: string }>>;
  readonly costCenterId?: string;
  /** The object itself could not be finished. */
  readonly isUnfinished?: true;
}

/** Keys that are sent and stored with a resource's inputs and outputs, but are neither. */
const hidden = {
  /** Constructor to engine: the line that loads the handlers. */
  __provider: a<string>(),
  /** Constructor to engine: the next three, without their underscores. */
  __identity: a<Readonly<Record<string, unknown>>>(),
  /** Constructor to `check`: the id of the stack's `Ownership`. */
  __owner: a<string>(),
  /** Constructor to `check`: a random value, new in each run. */
  __nonce: a<string>(),
  /** Constructor to `check` and messages: the resource's name in the program. */
  __logicalName: a<string>(),
  /** Constructor to `PodEndpoint` and `EndpointReady`: its URN, to show progress on its row. */
  __urn: a<string>(),
  /** Constructor to `PodEndpoint`: the ports that the program gives its pod. */
  __podPorts: a<readonly string[]>(),
  /** Constructor to `ServerlessEndpoint`: the data centers of its network volumes, null for one that is not known. */
  __volumePlaces: a<readonly (string | null)[]>(),
  /** Constructor to `ServerlessEndpoint`: whether its template is for serverless workers. */
  __serverlessTemplate: a<boolean>(),
  /** Constructor to `EndpointReady`: the type of its endpoint. */
  __endpointType: a<string>(),
  /** Constructor to `PodEndpoint`: whether the program wants its pod to run. */
  __desiredStatus: a<string>(),
  /** Constructor to `Pod`: its inputs include everything that its template sets. */
  __resolved: a<boolean>(),
  /** Constructor to `Pod`: Pulumi's option replaceOnChanges, for the warnings of `diff`. */
  __replaceOnChanges: a<readonly string[]>(),
  /** `check`, kept from then on: the creation token, which marks the object as this resource's. */
  __token: a<string>(),
  /** `check`: the API that the object belongs to and, for an object at RunPod, the API key's fingerprint. */
  __account: a<Partial<AccountMark>>(),
  /** `check`: the names of inputs that it filled in. */
  __defaults: a<readonly string[]>(),
  /** `read`: the names of inputs that it corrected because RunPod reports another value. */
  __drifted: a<readonly string[]>(),
  /** `read`: the previous values of corrected defaults that an update has to restore. */
  __was: a<Readonly<Record<string, unknown>>>(),
  /** `read`: the ids of a pod's duplicates, until they are terminated. */
  __duplicates: a<readonly string[]>(),
  /** Outputs: the names of inputs that RunPod reported and the program does not set. */
  __reported: a<readonly string[]>(),
  /** Outputs: the tags and the cost center that have been attached. */
  __labels: a<Labels>(),
  /** Outputs: the keys that this resource has added. */
  __added: a<readonly string[]>(),
  /** Outputs: stored data of the object that only the handlers use. */
  __live: a<Partial<Live>>(),
  /** Handlers to engine: the token and the account of inputs, as kept.ts puts them. */
  __creation: a<string>(),
  /** Handlers to engine: the others, as kept.ts puts them. */
  __kept: a<string>(),
};

/** The hidden keys, with known values. */
export type Hidden = { readonly [K in keyof typeof hidden]?: (typeof hidden)[K] };

/** The input with exceptions from the rules of policies. */
export const POLICY_WAIVERS = "policyWaivers";
/** The input that shows policies what `__resolved` shows the handlers. */
export const TEMPLATE_RESOLVED = "templateResolved";

/**
 * Inputs that only policies read, which cannot see keys that begin with two underscores. Handlers
 * treat them like those keys, so that they reach neither RunPod nor a diff.
 */
const POLICY_KEYS: readonly string[] = [POLICY_WAIVERS, TEMPLATE_RESOLVED];

/** Those that are stored as they are: a preview may not know them, or policies ask for them. */
export const STANDING: readonly string[] = [
  "__provider",
  "__urn",
  "__podPorts",
  "__endpointType",
  "__volumePlaces",
  "__serverlessTemplate",
  "__desiredStatus",
  "__resolved",
  ...POLICY_KEYS,
];

/** Whether a stored key is internal, and not for the handlers' inputs. */
export function isHidden(key: string): boolean {
  return key.startsWith("__") || POLICY_KEYS.includes(key);
}

function a<V>(): V | undefined {
  return undefined;
}
