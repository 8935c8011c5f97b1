import Ajv2020 from "ajv/dist/2020";
import { LEDGER_KINDS } from "../money/ledger";
import { endpointSchema } from "./endpoint-schema";
import {
  amount,
  boot,
  cloud,
  containerSettings,
  list,
  number,
  object,
  orNull,
  pair,
  type Schema,
  text,
  time,
  whole,
  yesOrNo,
} from "./schema-forms";
import { VERSION } from "./snapshot";

const meter = object({ spent: amount, perHr: number, since: time });
const entry = object(
  { id: text, name: text, account: whole, createdAt: time, endedAt: orNull(time), meter },
  { clusterId: text },
);
const line = object({
  at: time,
  source: { enum: ["container", "system"] },
  line: text,
  seq: whole,
});
const mounts = object(
  {},
  {
    persistent: object({ size: amount, path: text }),
    network: list(object({ volumeId: text, path: text })),
  },
);
const files = list(pair(text, amount));
const place = {
  gpuTypeId: text,
  cloud,
  dataCenterId: text,
  cudaVersion: orNull(text),
};

/** The fields that pods and templates share. */
const container = { id: text, seq: whole, name: text, ...containerSettings, mounts };

const template = object({
  ...container,
  serverless: yesOrNo,
  public: yesOrNo,
  category: { enum: ["CPU", "NVIDIA", "AMD"] },
  startSsh: yesOrNo,
  startJupyter: yesOrNo,
  allowedCudaVersions: list(text),
});

const pod = object(
  {
    ...container,
    compute: object(
      { kind: { enum: ["gpu", "cpu"] }, id: text, vcpuCount: whole, memory: amount },
      { count: whole },
    ),
    machine: object(
      {
        id: text,
        cloud,
        pool: orNull(object(place)),
        dataCenterId: orNull(text),
        cudaVersion: orNull(text),
        lost: yesOrNo,
      },
      { gpusTaken: yesOrNo },
    ),
    price: amount,
    locked: yesOrNo,
    globalNetworking: yesOrNo,
    templateId: orNull(text),
    createdAt: time,
    life: orNull(
      object(
        {
          startedAt: time,
          imageCached: yesOrNo,
          firstSeq: whole,
          globalNetwork: yesOrNo,
          runtime: { type: "null" },
          ahead: amount,
        },
        boot,
      ),
    ),
    lives: whole,
    pulledImage: orNull(text),
    history: list(line),
    files: orNull(files),
  },
  { cluster: object({ id: text, rank: whole, ip: text }, { role: text }) },
);

const volume = object({
  id: text,
  seq: whole,
  name: text,
  size: amount,
  dataCenter: text,
  type: { enum: ["STANDARD", "HIGH_PERFORMANCE"] },
  files,
});

const identity = { id: text, seq: whole };
const attributed = list(object({ id: text, type: text }));
const entries = list(entry);

const settings = {
  number: whole,
  apiKey: text,
  credit: amount,
  meter,
  sshKeys: list(text),
};

const account = object(
  {
    ...settings,
    pods: list(pod),
    templates: list(template),
    networkVolumes: list(volume),
    registries: list(object({ ...identity, name: text }, { username: text, accepted: yesOrNo })),
  },
  {
    endpoints: list(endpointSchema),
    secrets: list(
      object({
        ...identity,
        name: text,
        value: text,
        description: orNull(text),
        createdAt: time,
        valueLastUpdatedAt: time,
      }),
    ),
    delegations: list(
      object({
        ...identity,
        name: orNull(text),
        awsUser: text,
        awsRegion: text,
        repository: text,
        tag: text,
        createdAt: time,
      }),
    ),
    tags: list(
      object({
        ...identity,
        key: text,
        value: text,
        createdAt: time,
        updatedAt: time,
        resources: attributed,
      }),
    ),
    costCenters: list(object({ ...identity, value: text, resources: attributed })),
    globalVolumes: list(object({ ...identity, name: text, createdAt: time })),
    clusters: list(
      object({
        ...identity,
        name: text,
        type: text,
        compute: object({ gpuTypeId: text, gpuCountPerPod: whole, podCount: whole }),
        templateId: orNull(text),
        createdAt: time,
      }),
    ),
  },
);

const times = { now: time, nextSeq: whole };
const untilKilled = { savedAt: time, pace: { type: "number", minimum: 1, maximum: 1_000 } };

const snapshot = object(
  {
    version: { const: VERSION },
    seed: whole,
    ...times,
    accounts: list(account),
    ledger: object(
      { pods: entries, networkVolumes: entries, templates: entries },
      {
        endpoints: entries,
        secrets: entries,
        registries: entries,
        delegations: entries,
        tags: entries,
        costCenters: entries,
        globalVolumes: entries,
        clusters: entries,
      },
    ),
    lateLogs: list(pair(text, object({ account: whole, lines: list(line) }))),
    pools: list(object({ ...place, free: amount })),
  },
  untilKilled,
);

const kinds = LEDGER_KINDS.join("|");
const listName = {
  type: "string",
  pattern: `^(?:lateLogs|pools|jobs/[a-z0-9]+|(?:ledger|accounts/\\d+)/(?:${kinds}))$`,
};
const change = object(
  {
    ...times,
    accounts: list(object(settings)),
    rows: list({ type: "array", prefixItems: [listName, text], minItems: 3, maxItems: 3 }),
  },
  untilKilled,
);

/** A line of a state file; undefined for what is not JSON. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly value: unknown;
}

/** What is wrong with a state, as `now must be number`; null if nothing is. */
export function stateProblem(state: unknown): string | null {
  return problemFinder(snapshot)(state);
}

/** The same for what was added to it; an item that a state cannot have is not found here. */
export function changesProblem(changes: readonly Line[]): string | null {
  const problemOf = problemFinder(change);
  for (const { number, value } of changes) {
    const problem = problemOf(value);
    if (problem !== null) {
      return `line ${number}: ${problem}`;
    }
  }
  return null;
}

function problemFinder(schema: Schema): (value: unknown) => string | null {
  const validate = new Ajv2020({ strict: false }).compile(schema);
  return (value) => {
    if (validate(value)) {
      return null;
    }
    const [error] = validate.errors ?? [];
    return `${error?.instancePath.slice(1).replaceAll("/", ".") || "it"} ${error?.message}`;
  };
}
