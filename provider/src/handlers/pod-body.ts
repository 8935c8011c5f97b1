import type { CreatePodRequest, Pod, UpdatePodRequest } from "../api";
import { type Field, hasLifetime, LIFETIMES, podFields, TOKEN_ENV, type Values } from "../schema";
import { commandBody, deadlineEntries, observedLifetimes, withoutTimer } from "./lifetime";
import { reportedValues } from "./reported";

/** One way to place a pod: a GPU type, or a CPU flavor. */
export type Candidate = { readonly gpu: string } | { readonly cpu: string };

/** The candidates of a pod, in the user's order. */
export function candidatesOf(inputs: Values): Candidate[] {
  const gpus = (inputs["gpuTypeIds"] ?? []) as string[];
  const cpus = (inputs["cpuFlavorIds"] ?? []) as string[];
  return [...gpus.map((gpu) => ({ gpu })), ...cpus.map((cpu) => ({ cpu }))];
}

/** The name RunPod knows a candidate by. */
export function candidateName(candidate: Candidate): string {
  return "gpu" in candidate ? candidate.gpu : candidate.cpu;
}

/** The body that creates the pod on one candidate. @param now milliseconds since 1970 */
export function createBody(inputs: Values, candidate: Candidate, now: number): CreatePodRequest {
  const body: Values = {};
  for (const [field, { wire }] of Object.entries<Field>(podFields)) {
    if (wire !== undefined && inputs[field] !== undefined) put(body, wire, inputs[field]);
  }
  if ("gpu" in candidate) put(body, "gpu.id", candidate.gpu);
  else put(body, "cpu.id", candidate.cpu);
  const own = { ...tokenEntry(inputs), ...deadlineEntries(inputs, now) };
  if (Object.keys(own).length > 0) body["env"] = { ...(body["env"] as object | undefined), ...own };
  if (hasLifetime(inputs)) Object.assign(body, commandBody(inputs));
  const mounts = mountsBody(inputs);
  if (mounts !== undefined) body["mounts"] = mounts;
  return body as CreatePodRequest;
}

/** The body that brings changed fields to a pod as it was found; undefined if none goes over the wire. */
export function updateBody(
  inputs: Values,
  changed: readonly string[],
  found: Pod,
  bornAt: number,
  old: Values = {},
): UpdatePodRequest | undefined {
  const body: Values = {};
  for (const field of changed) {
    const { wire, cleared }: Field = podFields[field as keyof typeof podFields];
    if (wire !== undefined) put(body, wire, inputs[field] ?? cleared);
  }
  const touchesLifetime = Object.keys(LIFETIMES).some((field) => changed.includes(field));
  const restarts = changed.some(
    (field) => podFields[field as keyof typeof podFields].change === "restart",
  );
  // The timer reads what the same release wrote: whatever makes a new container renews both.
  const renewsTimer = touchesLifetime || (restarts && hasLifetime(inputs));
  if (changed.includes("env") || touchesLifetime || (renewsTimer && found.env != null)) {
    const given = inputs["env"] as object | undefined;
    // Whoever set the map elsewhere may have dropped the token.
    const own = { ...tokenEntry(inputs), ...deadlineEntries(inputs, bornAt) };
    body["env"] = { ...keptEnv(found, inputs, old), ...given, ...own };
  }
  if (renewsTimer) Object.assign(body, commandBody(inputs));
  if (changed.some((field) => field === "volumeInGb" || field === "volumeMountPath")) {
    const mounts = mountsBody({ volumeInGb: found.mounts?.persistent?.size, ...inputs });
    if (mounts !== undefined) body["mounts"] = mounts;
  }
  return Object.keys(body).length > 0 ? (body as UpdatePodRequest) : undefined;
}

/** Env entries that RunPod put into a pod, or this provider. */
function isInjectedEnv(name: string): boolean {
  return name.startsWith("RUNPOD_") || name === "PUBLIC_KEY" || name === "JUPYTER_PASSWORD";
}

/** Whether a template that only RunPod knows may have set what the program does not. */
export function templateMaySet(inputs: Values): boolean {
  return inputs["templateId"] !== undefined && inputs["__resolved"] !== true;
}

/** Whether RunPod reports that a pod should run; undefined for a status that nobody knows. */
const DESIRED_STATUS: Readonly<Record<string, "RUNNING" | "EXITED">> = {
  PROVISIONING: "RUNNING",
  STARTING: "RUNNING",
  RUNNING: "RUNNING",
  EXITED: "EXITED",
  ERROR: "EXITED",
};

/**
 * The inputs that a pod, as found, amounts to: only what RunPod explicitly reports, and null for an
 * end that it reports to be gone. A mount, an image or a registry cannot vanish from a pod.
 */
export function observedPod(pod: Pod, inputs: Values, bornAt: number, old: Values = {}): Values {
  const { network = [], persistent } = pod.mounts ?? {};
  const mounted =
    network.find(({ volumeId }) => volumeId === inputs["networkVolumeId"]) ?? network[0];
  const reported = reportedValues(podFields, {
    name: pod.name,
    imageName: pod.image,
    gpuCount: pod.gpu?.count,
    vcpuCount: pod.cpu?.vcpuCount,
    cloudType: pod.cloud,
    containerDiskInGb: pod.disk,
    volumeInGb: persistent?.size,
    volumeMountPath: persistent?.path ?? mounted?.path,
    networkVolumeId: mounted?.volumeId,
    ports: pod.ports,
    env: pod.env && observedEnv(pod.env, inputs, old),
    ...observedCommand(pod, inputs),
    containerRegistryAuthId: pod.registry,
    locked: pod.locked,
    desiredStatus: DESIRED_STATUS[pod.status],
  });
  return { ...reported, ...observedLifetimes(pod, inputs, bornAt) };
}

function mountsBody(inputs: Values): Values | undefined {
  const path = inputs["volumeMountPath"];
  if (inputs["networkVolumeId"] !== undefined) {
    return { network: [{ volumeId: inputs["networkVolumeId"], path }] };
  }
  return inputs["volumeInGb"] === undefined
    ? undefined
    : { persistent: { size: inputs["volumeInGb"], path } };
}

function tokenEntry(inputs: Values): Record<string, string> | undefined {
  const token = inputs["__token"];
  return typeof token === "string" ? { [TOKEN_ENV]: token } : undefined;
}

/** What an update of env leaves as it was found. */
function keptEnv(pod: Pod, inputs: Values, old: Values): Record<string, string> {
  // What this provider puts in is made anew: what it no longer wants must not stay.
  const isKept = (name: string) =>
    isForeignEnv(name, inputs, old) && !name.startsWith("RUNPOD_STACK_");
  return Object.fromEntries(Object.entries(pod.env ?? {}).filter(([name]) => isKept(name)));
}

function observedEnv(
  found: Readonly<Record<string, string>>,
  inputs: Values,
  old: Values,
): Record<string, string> {
  const given = (inputs["env"] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(found)
      .filter(([name]) => !isForeignEnv(name, inputs, old))
      // RunPod may show a secret reference as it was written or resolved: no drift either way.
      .map(([name, value]) => [name, isReference(given[name]) ? given[name] : value]),
  );
}

/** Whether an entry is RunPod's, this provider's or a template's: the program never named it. */
function isForeignEnv(name: string, inputs: Values, old: Values): boolean {
  const isNamed = [inputs, old].some(({ env }) => Object.hasOwn(Object(env), name));
  return !isNamed && (isInjectedEnv(name) || templateMaySet(inputs));
}

function isReference(value: string | undefined): value is string {
  return value?.includes("{{ RUNPOD_SECRET_") === true;
}

/** The user's command; with a timer before it, it is known only by the whole of what is run. */
function observedCommand(pod: Pod, inputs: Values): Values {
  const { entrypoint, cmd } = { ...storedCommand(pod.args), ...commandLists(pod) };
  if (hasLifetime(inputs) && (entrypoint === undefined || cmd === undefined)) return {};
  return withoutTimer({ dockerEntrypoint: entrypoint, dockerStartCmd: cmd }, inputs);
}

function commandLists({ entrypoint, cmd }: Pod) {
  return { ...(entrypoint && { entrypoint }), ...(cmd && { cmd }) };
}

/** An older server knows only the stored form; its bare-string shape does not tell words apart. */
function storedCommand(args: string | undefined): { entrypoint?: unknown; cmd?: unknown } {
  if (!args?.startsWith("{")) return {};
  try {
    const { entrypoint = [], cmd = [] } = JSON.parse(args);
    return Array.isArray(entrypoint) && Array.isArray(cmd) ? { entrypoint, cmd } : {};
  } catch {
    return {};
  }
}

function put(body: Values, path: string, value: unknown): void {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    body[head] = value;
    return;
  }
  const inner = (body[head] ?? {}) as Values;
  body[head] = inner;
  put(inner, rest.join("."), value);
}
