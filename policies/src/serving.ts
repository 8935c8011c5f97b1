import {
  type CachePath,
  cachePath,
  type GpuSetup,
  isUnder,
  type ModelFiles,
  type ModelSize,
  modelFiles,
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
import { isLoadBalancer, LOAD_BALANCER_PORT } from "./workers";

/** What a container serves, and where its weights are stored. */
export interface Serving {
  readonly server: ServerSpec;
  readonly command: ServerCommand;
  /** The model; undefined if the command does not name one. */
  readonly model: Known<string>;
  /** Size of what the GPUs load; undefined if the model is unknown or in the image. */
  readonly served: ModelSize | undefined;
  /** Size of all downloads, including other models in the command. */
  readonly size: ModelSize | undefined;
  readonly setup: GpuSetup;
  /** Where downloaded weights go; undefined if nothing is downloaded. */
  readonly cache: Known<CachePath>;
  readonly mount: Known<Mount>;
  /** Whether the cache is on the mounted volume. */
  readonly cacheIsMounted: boolean | Unknown;
  /** All downloaded models, including the served one. */
  readonly files: readonly StoredFiles[];
}

/** Downloaded weights and their size. */
export interface StoredFiles extends ModelFiles {
  readonly size: ModelSize;
}

/** The one volume that a pod mounts. */
export interface Mount {
  readonly path: string;
  readonly kind: "persistent" | "network";
  /** Unknown for a network volume, which is a separate resource. */
  readonly sizeGb: Known<number>;
}

/** Where RunPod mounts a volume by default. */
const DEFAULT_MOUNT_PATH = "/workspace";
/** Replaces unknown environment values, because even their presence may matter. */
const PLACEHOLDER = "\u0001unknown";

/** Cache of the last result for a spec, which half of all rules need. */
const found = new WeakMap<ContainerSpec, { by: Knowledge; serving: Known<Serving> }>();

/** What a container serves; undefined if its image and command show no model server. */
export function servingOf(spec: ContainerSpec, knowledge: Knowledge): Known<Serving> {
  const before = found.get(spec);
  if (before?.by === knowledge) {
    return before.serving;
  }
  const serving = findServing(spec, knowledge);
  found.set(spec, { by: knowledge, serving });
  return serving;
}

/** Image, command and environment as the tables read them. Undefined without an image. */
export function serverSpecOf(spec: ContainerSpec, knowledge: Knowledge): Known<ServerSpec> {
  const server = givenServer(spec, knowledge);
  return isKnown(server) && unreadable(server) !== null ? UNKNOWN : server;
}

/** Why the command cannot be checked, as a clause; undefined if it can, or is unknown. */
export function unjudgedCommand(spec: ContainerSpec, knowledge: Knowledge): string | undefined {
  const server = givenServer(spec, knowledge);
  return (isKnown(server) && unreadable(server)) || undefined;
}

/** One object per spec, because the models package caches its results by object. */
const given = new WeakMap<ContainerSpec, { by: Knowledge; server: Known<ServerSpec> }>();

function givenServer(spec: ContainerSpec, knowledge: Knowledge): Known<ServerSpec> {
  const before = given.get(spec);
  if (before?.by === knowledge) {
    return before.server;
  }
  const server = readGiven(spec, knowledge);
  given.set(spec, { by: knowledge, server });
  return server;
}

function readGiven(spec: ContainerSpec, knowledge: Knowledge): Known<ServerSpec> {
  const entrypoint = wholeList(spec.dockerEntrypoint);
  const command = wholeList(spec.dockerStartCmd);
  const isWhole =
    (entrypoint !== undefined || spec.dockerEntrypoint === undefined) &&
    (command !== undefined || spec.dockerStartCmd === undefined);
  if (!isKnown(spec.imageName)) {
    return spec.imageName;
  }
  if (!isWhole) {
    return UNKNOWN;
  }
  const env = Object.entries(spec.env.entries).map(
    ([name, value]) => [name, value === UNKNOWN ? PLACEHOLDER : value] as const,
  );
  return {
    imageName: knownImage(spec.imageName, knowledge),
    env: { ...workerEnv(spec), ...Object.fromEntries(env) },
    ...(entrypoint && { dockerEntrypoint: entrypoint }),
    ...(command && { dockerStartCmd: command }),
  };
}

/** What RunPod sets in the workers of a load balancer, unless the endpoint does. */
function workerEnv(spec: ContainerSpec): Readonly<Record<string, string>> {
  return isLoadBalancer(spec) ? { PORT: LOAD_BALANCER_PORT } : {};
}

/** The mounted volume, even if its id or size is not known yet. */
function mountOf(spec: ContainerSpec): Known<Mount> {
  const path = spec.volumeMountPath ?? DEFAULT_MOUNT_PATH;
  const isNetwork = spec.networkVolumeId !== undefined;
  if (!isNetwork && spec.volumeInGb === undefined) {
    return undefined;
  }
  if (!isKnown(path)) {
    return UNKNOWN;
  }
  return isNetwork
    ? { path, kind: "network", sizeGb: UNKNOWN }
    : { path, kind: "persistent", sizeGb: spec.volumeInGb };
}

function findServing(spec: ContainerSpec, knowledge: Knowledge): Known<Serving> {
  const server = serverSpecOf(spec, knowledge);
  if (!isKnown(server)) {
    return server;
  }
  const command = readServer(server);
  if (command === null) {
    return undefined;
  }
  const model = modelOf(spec, command);
  const cache = cacheOf(spec, server, command, model);
  const mount = mountOf(spec);
  const setup = readGpuSetup(server, command);
  const alone = isKnown(model) && !isPath(model) ? sizeOf(model, command, knowledge) : undefined;
  const others = setup.companions
    .filter((other) => !isPath(other) && !other.includes(PLACEHOLDER))
    .map((other) => sizeOf(other, command, knowledge));
  return {
    server,
    command,
    model,
    // Ollama loads one model at a time.
    served: alone && command.server !== "ollama" ? loadedWith(alone, others) : alone,
    size: alone && downloadedWith(alone, others),
    setup,
    cache,
    mount,
    cacheIsMounted: isMounted(cache, mount),
    files: filesOf(spec, server, knowledge),
  };
}

function modelOf(spec: ContainerSpec, { model }: ServerCommand): Known<string> {
  if (model === null) {
    return spec.env.isWhole ? undefined : UNKNOWN;
  }
  return model.includes(PLACEHOLDER) ? UNKNOWN : model;
}

/** A model given as a path is in the image, or comes from elsewhere. */
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

/** Adds the GPU memory of other models with a known size. */
function loadedWith(model: ModelSize, others: readonly ModelSize[]): ModelSize {
  if (model.loadedGb === null) {
    return model;
  }
  return { ...model, loadedGb: model.loadedGb + sum(others.map(({ loadedGb }) => loadedGb)) };
}

/** Adds the disk space of other models with a known size. */
export function downloadedWith(model: ModelSize, others: readonly ModelSize[]): ModelSize {
  const { weightsGb, cacheGb, diskGb } = model;
  if (weightsGb === null || cacheGb === null || diskGb === null) {
    return model;
  }
  const more = sum(others.map((other) => other.weightsGb));
  const unsure = [model, ...others].map((other) => (other.weightsGb ?? 0) * other.margin);
  return {
    ...model,
    weightsGb: weightsGb + more,
    cacheGb: cacheGb + more * 1.1,
    diskGb: diskGb + more * 1.1,
    margin: sum(unsure) / (weightsGb + more),
  };
}

function sum(figures: readonly (number | null)[]): number {
  return figures.reduce<number>((total, figure) => total + (figure ?? 0), 0);
}

function cacheOf(
  spec: ContainerSpec,
  server: ServerSpec,
  command: ServerCommand,
  model: Known<string>,
): Known<CachePath> {
  if (isKnown(model) && isPath(model)) {
    return undefined;
  }
  const cache = cachePath(server);
  if (cache === null) {
    return undefined;
  }
  const isDecided = spec.env.isWhole || command.downloadDir !== null;
  return isDecided && !cache.path.includes(PLACEHOLDER) ? cache : UNKNOWN;
}

function isMounted(cache: Known<CachePath>, mount: Known<Mount>): boolean | Unknown {
  if (cache === undefined || mount === undefined) {
    return false;
  }
  if (!isKnown(cache) || !isKnown(mount)) {
    return UNKNOWN;
  }
  return isUnder(cache.path, mount.path) || (cache.doubt === undefined ? false : UNKNOWN);
}

function filesOf(spec: ContainerSpec, server: ServerSpec, knowledge: Knowledge): StoredFiles[] {
  if (!spec.env.isWhole) {
    return [];
  }
  return modelFiles(server)
    .filter(({ name, where }) => !`${name} ${where}`.includes(PLACEHOLDER))
    .map((files) => {
      const { name, quantization } = files;
      const given = quantization === null ? {} : { quantization };
      return {
        ...files,
        size: sizeModel({ model: name, ...figuresOf(name, knowledge), ...given }),
      };
    });
}
