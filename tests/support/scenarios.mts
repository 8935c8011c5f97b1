import type { Kind } from "@runpod-stack/provider/schema";

/** The kinds of resources, as the table of scenarios lists them. */
export const SCENARIO_KINDS = [
  ...(["Pod", "Template", "Volume", "PodEndpoint", "ServerlessEndpoint", "EndpointReady"] as const),
  ...(["Cluster", "Secret", "RegistryAuth", "EcrDelegation", "SshKeys"] as const),
  ...(["Tag", "GlobalVolume", "CostCenter"] as const),
] as const satisfies readonly Kind[];
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

/** How a scenario is proven for a kind: by a test, by cells of the fault matrix, or why it need not be. */
export type Proof =
  | { readonly by: "CLI" | "plugin" | "unit"; readonly file: string; readonly test: string }
  | { readonly by: "matrix"; readonly operations: readonly string[] }
  | { readonly by: "none"; readonly why: string };

export interface Scenario {
  /** What the user does. */
  readonly title: string;
  /** What happens to the resource and its object. */
  readonly outcome: string;
  /** The proof for all kinds that `except` does not name. */
  readonly proof: Proof;
  readonly except?: Readonly<Partial<Record<ScenarioKind, Proof>>>;
}

/** Tests of one program with a resource of every kind. */
const SAME = {
  by: "CLI",
  file: "tests/e2e/pulumi/every-kind.test.ts",
  test: "stays what it is, or is replaced once",
} as const;
const OWNED = { ...SAME, test: "belongs to the stack and the account that have it" } as const;
const KILLED = {
  ...SAME,
  test: "whose create is killed is adopted by the next up, or named by destroy and deleted by recover",
} as const;
const integration = (name: string, test: string): Proof => ({
  by: "plugin",
  file: `tests/integration/${name}.test.ts`,
  test,
});
const unit = (name: string, test: string): Proof => ({
  by: "unit",
  file: `tests/unit/handlers/${name}.test.ts`,
  test,
});
const none = (why: string): Proof => ({ by: "none", why });

const NO_OBJECT = none("It is no object at RunPod: it reads a pod or an endpoint.");
const WAITS = { PodEndpoint: NO_OBJECT, EndpointReady: NO_OBJECT };
const NOT_ADOPTED = integration(
  "account-objects",
  "a %s whose create was interrupted is not adopted: its name may be anyone's",
);

const MISSING = unit("named-unreported", "takes a missing %s for no change");
const NAMED_UNREPORTED = {
  Cluster: MISSING,
  Secret: MISSING,
  RegistryAuth: MISSING,
  EcrDelegation: MISSING,
  Tag: MISSING,
  GlobalVolume: MISSING,
  CostCenter: MISSING,
};

/** Every scenario, by the name under which a test runs it. */
export const SCENARIOS = {
  component: {
    title: "In a component with a provider",
    outcome: "is created as its child, with its provider's key",
    proof: SAME,
  },
  rename: {
    title: "Renamed with an alias",
    outcome: "out of the component, and without the explicit provider: nothing changes",
    proof: SAME,
  },
  ignoreChanges: {
    title: "`refresh`, `ignoreChanges`",
    outcome: "nothing changes, and nothing is sent",
    proof: SAME,
  },
  protect: {
    title: "`protect`",
    outcome: "`destroy` is refused",
    proof: SAME,
  },
  target: {
    title: "`--target`",
    outcome: "only the targets change; the other resources stay as they are",
    proof: SAME,
  },
  replace: {
    title: "`--replace`",
    outcome: "one new object takes the place of the old one",
    proof: SAME,
  },
  account: {
    title: "Another account's key",
    outcome: "`destroy` fails, and the state keeps it",
    proof: OWNED,
    except: WAITS,
  },
  move: {
    title: "`state move`",
    outcome: "belongs to the other stack, and the first one's `destroy` leaves it alone",
    proof: OWNED,
  },
  import: {
    title: "`state delete`, `import`",
    outcome: "is given up, and imported from a file without a change",
    proof: OWNED,
  },
  elsewhere: {
    title: "Deleted elsewhere",
    outcome: "`up --refresh` creates it again, once",
    proof: OWNED,
  },
  retain: {
    title: "`retainOnDelete`",
    outcome: "`destroy` succeeds, and the object stays",
    proof: OWNED,
  },
  kill: {
    title: "Killed during the create",
    outcome: "the next `up` adopts the object, or `destroy` names it and `recover` deletes it",
    proof: KILLED,
    except: {
      ...WAITS,
      SshKeys: integration(
        "ssh-keys",
        "keeps a key that was there before, with its comment, and says so",
      ),
      Tag: NOT_ADOPTED,
      CostCenter: NOT_ADOPTED,
    },
  },
  lost: {
    title: "Lost answers",
    outcome: "one object in the end, whatever answer was lost",
    proof: { by: "matrix", operations: ["create", "read", "update"] },
    except: {
      PodEndpoint: unit(
        "pod-endpoint/wait",
        "also if RunPod's API fails meanwhile, but not before the pod is known",
      ),
      EndpointReady: integration(
        "endpoint-ready",
        "a lost answer to the job is reported, and the next one counts",
      ),
    },
  },
  delete: {
    title: "A lost answer to the delete",
    outcome: "no object in the end",
    proof: { by: "matrix", operations: ["delete"] },
    except: WAITS,
  },
  unreported: {
    title: "Missing, null or odd fields",
    outcome: "a field that RunPod does not report is no drift",
    proof: {
      by: "CLI",
      file: "tests/e2e/pulumi/refresh.test.ts",
      test: "changes nothing, whatever the field, and nothing is replaced, restarted or deleted",
    },
    except: {
      ...WAITS,
      ServerlessEndpoint: unit(
        "serverless-endpoint/unreported",
        "an absent or empty %s is no drift",
      ),
      ...NAMED_UNREPORTED,
      SshKeys: none("RunPod reports only the keys themselves."),
    },
  },
} as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof SCENARIOS;

/** The proof of a scenario for a kind. */
export function proofOf(scenario: Scenario, kind: ScenarioKind): Proof {
  return scenario.except?.[kind] ?? scenario.proof;
}

/** The kinds with which a test has to run a scenario. */
export function kindsIn(name: ScenarioName, test: string): ScenarioKind[] {
  return SCENARIO_KINDS.filter((kind) => isBy(proofOf(SCENARIOS[name], kind), test));
}

/** The scenarios that a test has to run, in order. */
export function scenariosIn(test: string): ScenarioName[] {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  return names.filter((name) => isBy(SCENARIOS[name].proof, test));
}

function isBy(proof: Proof, test: string): boolean {
  return "test" in proof && proof.test === test;
}
