/** An exception from one rule of a policy pack, for the resource that has it. */
export interface PolicyWaiver {
  /** The rule, such as "container-disk-size". */
  readonly rule: string;
  /** Why the rule does not matter here; every report shows it. */
  readonly reason: string;
  /** The last day on which it counts, such as "2027-03-31" (UTC). */
  readonly until: string;
}

/** What policies read of a resource, and RunPod is not sent. */
export interface Waivable {
  /** Exceptions from the rules of `@runpod-stack/policies`, each with a reason and a last day. A change of it changes nothing else. @default none */
  policyWaivers?: readonly PolicyWaiver[];
}
