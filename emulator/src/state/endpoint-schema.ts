import {
  amount,
  boot,
  containerSettings,
  list,
  object,
  orNull,
  text,
  time,
  whole,
  yesOrNo,
} from "./schema-forms";

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
  settings: object(containerSettings),
  phase: { enum: ["throttled", "pulling", "starting", "ready", "unhealthy"] },
  since: time,
  place: orNull(workerPlace),
  startedAt: orNull(time),
  imageCached: yesOrNo,
  boot: object({}, boot),
  readyFrom: time,
  ahead: amount,
  container: { type: "null" },
  busy: whole,
  leaving: yesOrNo,
  idleSince: orNull(time),
  billedSince: orNull(time),
});

const job = object({
  id: text,
  request: object({
    isSync: yesOrNo,
    webhook: orNull(text),
    executionTimeout: orNull(amount),
    ttl: amount,
    lowPriority: yesOrNo,
  }),
  queuedAt: time,
  attempt: orNull(object({ workerId: text, startedAt: time, doneAt: orNull(amount) })),
  end: orNull(object({ at: time, state: { enum: ["ANSWERED", "FAILED", "CANCELLED"] } })),
  retries: whole,
  streamed: whole,
});
const queue = object({
  jobs: list(job),
  submitted: whole,
  ended: object({ completed: whole, failed: whole, retried: whole }),
});

/** An endpoint with its workers and its jobs. */
export const endpointSchema = object({
  id: text,
  seq: whole,
  name: text,
  ...containerSettings,
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
  hosts: list(
    object({
      place: workerPlace,
      image: text,
      workerId: text,
      version: whole,
      resumes: orNull(whole),
    }),
  ),
  activeAt: time,
  advancedTo: time,
  queue: orNull(queue),
});
