import {
  type CachePath,
  cachePath,
  type GpuSetup,
  isUnder,
  type ModelSize,
  readGpuSetup,
  readServer,
  type ServerCommand,
  type ServerSpec,
  sizeModel,
  unreadable,
} from "@runpod-stack/models";
import { figuresOf, type Knowledge, knownImage } from "./knowledge";
import { isKnown, type Known, UNKNOWN, type Unknown, wholeList } from "./known";
import type { ContainerSpec } from "./spec";

/** What a container serves, and where its weights come to lie. */
export interface Serving {
  readonly server: ServerSpec;
  readonly command: ServerCommand;
  /** The model; undefined if the command names none. */
  readonly model: Known<string>;
  /** What the model needs; undefined where the model is not known, or lies in the image. */
  readonly served: ModelSize | undefined;
  /** The same, with the disk of all other models that the command downloads. */
  readonly size: ModelSize | undefined;
  readonly setup: GpuSetup;
  /** Where downloaded weights go; undefined if nothing is downloaded. */
  readonly cache: Known<CachePath>;
  readonly mount: Known<Mount>;
  /** Whether the cache lies under the mount. */
  readonly cacheIsMounted: boolean | Unknown;
}

/** The one volume that a pod mounts. */
export interface Mount {
  readonly path: string;
  readonly kind: "persistent" | "network";
  /** Not known of a network volume: it is a resource of its own. */
  readonly sizeGb: Known<number>;
}

/** Where RunPod mounts a volume if it is not told. */
const DEFAULT_MOUNT_PATH = "/workspace";
/** Stands for unknown values of the environment where their presence alone may tell something. */
const PLACEHOLDER = "\u0001unknown";

/** What was last found of a spec: half of all rules ask for it. */
const found = new WeakMap<ContainerSpec, { by: Knowledge; serving: Known<Serving> }>();

/** What a container serves; undefined if it serves no model, as far as its image and command tell. */
export function servingOf(spec: ContainerSpec, knowledge: Knowledge): Known<Serving> {
  const before = found.get(spec);
  if (before?.by === knowledge) return before.serving;
  const serving = findServing(spec, knowledge);
  found.set(spec, { by: knowledge, serving });
  return serving;
}

/** Image, command and environment as the tables read them. Undefined without an image. */
export function serverSpecOf(spec: ContainerSpec, knowledge: Knowledge): Known<ServerSpec> {
  const server = givenServer(spec, knowledge);
  return isKnown(server) && unreadable(server) !== null ? UNKNOWN : server;
}

/** Why the command cannot be judged, as a clause; undefined if it can, or is not known. */
export function unjudgedCommand(spec: ContainerSpec, knowledge: Knowledge): string | undefined {
  const server = givenServer(spec, knowledge);
  return (isKnown(server) && unreadable(server)) || undefined;
}

function givenServer(spec: ContainerSpec, knowledge: Knowledge): Known<ServerSpec> {
  const entrypoint = wholeList(spec.dockerEntrypoint);
  const command = wholeList(spec.dockerStartCmd);
  const isWhole =
    (entrypoint !== undefined || spec.dockerEntrypoint === undefined) &&
    (command !== undefined || spec.dockerStartCmd === undefined);
  if (!isKnown(spec.imageName)) return spec.imageName;
  if (!isWhole) return UNKNOWN;
  const env = Object.entries(spec.env.entries).map(
    ([name, value]) => [name, value === UNKNOWN ? PLACEHOLDER : value] as const,
  );
  return {
    imageName: knownImage(spec.imageName, knowledge),
    env: Object.fromEntries(env),
    ...(entrypoint && { dockerEntrypoint: entrypoint }),
    ...(command && { dockerStartCmd: command }),
  };
}

/** The volume that is mounted. One whose id or size is not known yet is still one. */
function mountOf(spec: ContainerSpec): Known<Mount> {
  const path = spec.volumeMountPath ?? DEFAULT_MOUNT_PATH;
  const isNetwork = spec.networkVolumeId !== undefined;
  if (!isNetwork && spec.volumeInGb === undefined) return undefined;
  if (!isKnown(path)) return UNKNOWN;
  return isNetwork
    ? { path, kind: "network", sizeGb: UNKNOWN }
    : { path, kind: "persistent", sizeGb: spec.volumeInGb };
}

function findServing(spec: ContainerSpec, knowledge: Knowledge): Known<Serving> {
  const server = serverSpecOf(spec, knowledge);
  if (!isKnown(server)) return server;
  const command = readServer(server);
  if (command === null) return undefined;
  const model = modelOf(spec, command);
  const cache = cacheOf(spec, server, command, model);
  const mount = mountOf(spec);
  const setup = readGpuSetup(server, command);
  const served = isKnown(model) && !isPath(model) ? sizeOf(model, command, knowledge) : undefined;
  return {
    server,
    command,
    model,
    served,
    size: served && withCompanions(served, setup, command, knowledge),
    setup,
    cache,
    mount,
    cacheIsMounted: isMounted(cache, mount),
  };
}

function modelOf(spec: ContainerSpec, { model }: ServerCommand): Known<string> {
  if (model === null) return spec.env.isWhole ? undefined : UNKNOWN;
  return model.includes(PLACEHOLDER) ? UNKNOWN : model;
}

/** A model given as a path is in the image, or brought by something else. */
function isPath(model: string): boolean {
  return /^[./~]/.test(model);
}

function sizeOf(model: string, command: ServerCommand, knowledge: Knowledge): ModelSize {
  const { quantization, maxModelLen } = command;
  return sizeModel({
    model,
    ...figuresOf(model, knowledge),
    ...(quantization !== null && { quantization }),
    ...(maxModelLen !== null && { maxModelLen }),
  });
}

/** Adds the disk of the other models, where their sizes are known. */
function withCompanions(
  served: ModelSize,
  { companions }: GpuSetup,
  command: ServerCommand,
  knowledge: Knowledge,
): ModelSize {
  const { weightsGb, cacheGb, diskGb } = served;
  if (weightsGb === null || cacheGb === null || diskGb === null) return served;
  const others = companions
    .filter((model) => !isPath(model) && !model.includes(PLACEHOLDER))
    .map((model) => sizeOf(model, command, knowledge));
  const more = others.reduce((sum, size) => sum + (size.weightsGb ?? 0), 0);
  const unsure = [served, ...others].map(({ weightsGb: size, margin }) => (size ?? 0) * margin);
  const total = weightsGb + more;
  return {
    ...served,
    weightsGb: total,
    cacheGb: cacheGb + more * 1.1,
    diskGb: diskGb + more * 1.1,
    margin: unsure.reduce((a, b) => a + b, 0) / total,
  };
}

function cacheOf(
  spec: ContainerSpec,
  server: ServerSpec,
  command: ServerCommand,
  model: Known<string>,
): Known<CachePath> {
  if (isKnown(model) && isPath(model)) return undefined;
  const cache = cachePath(server);
  if (cache === null) return undefined;
  const isDecided = spec.env.isWhole || command.downloadDir !== null;
  return isDecided && !cache.path.includes(PLACEHOLDER) ? cache : UNKNOWN;
}

function isMounted(cache: Known<CachePath>, mount: Known<Mount>): boolean | Unknown {
  if (cache === undefined || mount === undefined) return false;
  return isKnown(cache) && isKnown(mount) ? isUnder(cache.path, mount.path) : UNKNOWN;
}
