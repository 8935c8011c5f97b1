/** Where an object lives and whose it is, as stored with it. */
export interface AccountMark {
  readonly origin: string;
  readonly fingerprint: string;
}

/** What is stored of an object for the handlers alone. */
export interface Live {
  readonly version: number;
  readonly account: AccountMark;
  /** When this provider created the object, in milliseconds of its own wall clock. */
  readonly createdAt: number;
  /** When a pod's time limits count from, in milliseconds of RunPod's clock: not comparable with `createdAt`. */
  readonly lifetimeFrom?: number;
  /** CUDA version of the host that was obtained. */
  readonly cudaVersion?: string;
  /** The CPU flavor that was obtained. */
  readonly cpuFlavorId?: string;
  /** It came by an import, and no update has brought it and the program together yet. */
  readonly imported?: true;
}

/** The keys that travel and are stored with a resource's inputs and outputs, and are neither. */
const hidden = {
  /** Constructor to engine: the line that requires the handlers. */
  __provider: a<string>(),
  /** Constructor to `check`: the id of the stack's `Ownership`. */
  __owner: a<string>(),
  /** Constructor to `check`: random, chosen anew in each run. */
  __nonce: a<string>(),
  /** Constructor to `check` and messages: the resource's name in the program. */
  __logicalName: a<string>(),
  /** Constructor to `PodEndpoint`: its URN, to show progress on its row. */
  __urn: a<string>(),
  /** Constructor to `PodEndpoint`: the ports that the program gives its pod. */
  __podPorts: a<readonly string[]>(),
  /** Constructor to `PodEndpoint`: whether the program wants its pod to run. */
  __desiredStatus: a<string>(),
  /** Constructor to `Pod`: its inputs hold all that its template sets. */
  __resolved: a<boolean>(),
  /** Constructor to `Pod`: Pulumi's option, for the warnings of `diff`. */
  __replaceOnChanges: a<readonly string[]>(),
  /** `check`, for good: the creation token, by which the object is known as this resource's. */
  __token: a<string>(),
  /** `check`: the API, and for what leaves a trace at RunPod the key, that the object is asked for with. */
  __account: a<Partial<AccountMark>>(),
  /** `check`: the inputs that it filled in. */
  __defaults: a<readonly string[]>(),
  /** `read`: the inputs that it corrected, because RunPod reports another value. */
  __drifted: a<readonly string[]>(),
  /** `read`: the defaults that it corrected, as they were, where an update has to bring them back. */
  __was: a<Readonly<Record<string, unknown>>>(),
  /** `read`: the ids of a pod's duplicates, until they are ended. */
  __duplicates: a<readonly string[]>(),
  /** Outputs: the inputs that RunPod reported and the program leaves out. */
  __reported: a<readonly string[]>(),
  /** Outputs: what is stored of an object for the handlers alone. */
  __live: a<Partial<Live>>(),
};

/** The hidden keys, with values that are all known. */
export type Hidden = { readonly [K in keyof typeof hidden]?: (typeof hidden)[K] };

export const HIDDEN_KEYS = Object.keys(hidden) as readonly (keyof Hidden)[];

/** The input for policies alone that has exceptions from them. */
export const POLICY_WAIVERS = "policyWaivers";
/** The input by which the constructor tells policies what `__resolved` tells the handlers. */
export const TEMPLATE_RESOLVED = "templateResolved";

/**
 * What a constructor tells policies, which do not see keys that begin with two underscores. To the
 * handlers these are as hidden as those: they reach neither RunPod nor a diff.
 */
export const POLICY_KEYS: readonly string[] = [POLICY_WAIVERS, TEMPLATE_RESOLVED];

/** Whether a key of stored properties is no concern of the handlers. */
export function isHidden(key: string): boolean {
  return key.startsWith("__") || POLICY_KEYS.includes(key);
}

function a<V>(): V | undefined {
  return undefined;
}
