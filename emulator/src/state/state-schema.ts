import Ajv2020 from "ajv/dist/2020";

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const yesOrNo: Schema = { type: "boolean" };
const number: Schema = { type: "number" };
const amount: Schema = { type: "number", minimum: 0 };
const whole: Schema = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/** Milliseconds since the epoch, up to the end of the year 9999. */
const time: Schema = { type: "number", minimum: 0, maximum: Date.UTC(9999, 11, 31) };
const cloud: Schema = { enum: ["SECURE", "COMMUNITY"] };

const orNull = (schema: Schema): Schema => ({ anyOf: [{ type: "null" }, schema] });
const list = (items: Schema): Schema => ({ type: "array", items });
const byName = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
const pair = (first: Schema, second: Schema): Schema => ({
  type: "array",
  prefixItems: [first, second],
  minItems: 2,
  maxItems: 2,
});
const object = (required: Record<string, Schema>, optional: Record<string, Schema> = {}) => ({
  type: "object",
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

const meter = object({ spent: amount, perHr: number, since: time });
const entry = object({
  id: text,
  name: text,
  account: whole,
  createdAt: time,
  endedAt: orNull(time),
  meter,
});
const line = object({
  at: time,
  source: { enum: ["container", "system"] },
  line: text,
  seq: whole,
});
const command = object({ entrypoint: orNull(list(text)), cmd: orNull(list(text)), args: text });
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
const container = {
  id: text,
  seq: whole,
  name: text,
  image: text,
  command,
  disk: amount,
  ports: list({ type: "string", pattern: "^\\d+/(http|tcp)$" }),
  env: byName(text),
  registry: orNull(text),
  mounts,
};

const template = object({
  ...container,
  serverless: yesOrNo,
  public: yesOrNo,
  category: { enum: ["CPU", "NVIDIA", "AMD"] },
  startSsh: yesOrNo,
  startJupyter: yesOrNo,
  allowedCudaVersions: list(text),
});

const pod = object({
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
    object({
      startedAt: time,
      imageCached: yesOrNo,
      firstSeq: whole,
      globalNetwork: yesOrNo,
      runtime: { type: "null" },
      ahead: amount,
    }),
  ),
  lives: whole,
  pulledImage: orNull(text),
  history: list(line),
  files: orNull(files),
});

const volume = object({
  id: text,
  seq: whole,
  name: text,
  size: amount,
  dataCenter: text,
  type: { enum: ["STANDARD", "HIGH_PERFORMANCE"] },
  files,
});

const { mounts: _, ...settings } = container;

const workerPlace = object({
  computeId: text,
  gpuCount: whole,
  vcpuCount: whole,
  dataCenterId: text,
  cudaVersion: orNull(text),
  price: amount,
});

const worker = object({
  id: text,
  number: whole,
  version: whole,
  settings: object({
    image: text,
    command,
    disk: amount,
    ports: container.ports,
    env: container.env,
    registry: container.registry,
  }),
  phase: { enum: ["throttled", "pulling", "starting", "ready", "unhealthy"] },
  since: time,
  place: orNull(workerPlace),
  startedAt: orNull(time),
  imageCached: yesOrNo,
  readyFrom: time,
  ahead: amount,
  container: { type: "null" },
  busy: whole,
  leaving: yesOrNo,
  idleSince: orNull(time),
  billedSince: orNull(time),
});

const endpoint = object({
  ...settings,
  type: { enum: ["QUEUE", "LOAD_BALANCER"] },
  gpu: orNull(
    object({
      pools: list(text),
      excludedTypes: list(text),
      count: whole,
      allowedCudaVersions: list(text),
      minCudaVersion: orNull(text),
    }),
  ),
  cpu: orNull(list(object({ id: text, vcpuCount: whole }))),
  workers: object({ min: whole, max: whole, idleTimeout: whole }),
  scaling: {
    anyOf: [
      object({ type: { const: "QUEUE_DELAY" }, queueDelay: amount }),
      object({ type: { const: "REQUEST_COUNT" }, requestCount: whole }),
    ],
  },
  timeout: amount,
  flashboot: { enum: ["OFF", "FLASHBOOT", "PRIORITY_FLASHBOOT"] },
  dataCenterIds: list(text),
  networkVolumes: list(text),
  globalVolumes: list(text),
  createdAt: time,
  version: whole,
  releases: list(
    object({
      id: text,
      seq: whole,
      version: whole,
      createdAt: time,
      diff: list(object({ field: text })),
    }),
  ),
  template: object({ id: text, seq: whole }),
  fleet: list(worker),
  hired: whole,
  hosts: list(object({ place: workerPlace, image: text, resumes: orNull(whole) })),
  activeAt: time,
  advancedTo: time,
});

const account = object(
  {
    number: whole,
    apiKey: text,
    credit: amount,
    meter,
    sshKeys: list(text),
    pods: list(pod),
    templates: list(template),
    networkVolumes: list(volume),
    registries: list(object({ id: text, seq: whole, name: text })),
  },
  { endpoints: list(endpoint) },
);

const snapshot = object(
  {
    version: { const: 1 },
    seed: whole,
    now: time,
    accounts: list(account),
    ledger: object(
      { pods: list(entry), networkVolumes: list(entry), templates: list(entry) },
      { endpoints: list(entry) },
    ),
    lateLogs: list(pair(text, object({ account: whole, lines: list(line) }))),
    pools: list(object({ ...place, free: amount })),
    nextSeq: whole,
  },
  { savedAt: time, pace: { type: "number", minimum: 1, maximum: 1_000 } },
);

/** What is wrong with a state, as `now must be number`; null if nothing is. */
export function stateProblem(state: unknown): string | null {
  const ajv = new Ajv2020({ strict: false });
  if (ajv.validate(snapshot, state)) {
    return null;
  }
  const [error] = ajv.errors ?? [];
  return `${error?.instancePath.slice(1).replaceAll("/", ".") || "it"} ${error?.message}`;
}
