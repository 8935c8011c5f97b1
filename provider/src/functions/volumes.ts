import type * as pulumi from "@pulumi/pulumi";
import type { NetworkVolume } from "../api";
import type { AnyDataCenterId } from "../schema/completed";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { byName, findOne, fits } from "./one";

/** Arguments of `getVolume`: an id or a name. */
export interface GetVolumeArgs {
  /** The network volume's id. */
  volumeId?: string;
  /** The network volume's name, if only one has it. */
  name?: string;
}

/** Arguments of `getVolumes`. A network volume must satisfy all of them. */
export interface GetVolumesArgs {
  /** Only volumes with this name, in which * stands for any characters. @default any */
  name?: string;
  /** Only volumes in one of these data centers. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Only volumes of this type, `STANDARD` or `HIGH_PERFORMANCE`. @default any */
  type?: "STANDARD" | "HIGH_PERFORMANCE";
  /** Only volumes of at least this size, in GB. @default any */
  minSize?: number;
}

/** Result of `getVolumes`. */
export interface GetVolumesResult {
  /** The volumes' ids, in the order of their names. */
  ids: string[];
  /** The volumes in the same order. */
  volumes: VolumeInfo[];
}

/** A network volume of the account. */
export interface VolumeInfo {
  /** The volume's id, for the `networkVolumeId` of a pod. */
  volumeId: string;
  /** The volume's name. */
  name: string;
  /** Size in GB. */
  size: number;
  /** The data center. Pods that mount the volume run there. */
  dataCenterId: string;
  /** `STANDARD` or `HIGH_PERFORMANCE`. */
  type: string;
}

/**
 * Reads a network volume that this program does not manage. Fails if there is none, or more than
 * one with the name.
 *
 * @example
 * const { volumeId, dataCenterId } = await getVolume({ name: "models" });
 */
export function getVolume(args: GetVolumeArgs, opts: FunctionOptions = {}): Promise<VolumeInfo> {
  return call(one, args, opts);
}

/** Like `getVolume`, with arguments that may be outputs. */
export function getVolumeOutput(
  args: OutputArgs<GetVolumeArgs>,
  opts: OutputFunctionOptions = {},
): pulumi.Output<VolumeInfo> {
  return callOutput(one, args, opts);
}

/**
 * Finds network volumes of the account, by name.
 *
 * @example
 * const { volumes } = await getVolumes({ dataCenterIds: ["EU-RO-1"], minSize: 100 });
 */
export function getVolumes(
  args: GetVolumesArgs = {},
  opts: FunctionOptions = {},
): Promise<GetVolumesResult> {
  return call(many, args, opts);
}

/** Like `getVolumes`, with arguments that may be outputs. */
export function getVolumesOutput(
  args: OutputArgs<GetVolumesArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetVolumesResult> {
  return callOutput(many, args, opts);
}

const one: Definition<GetVolumeArgs, VolumeInfo> = {
  name: "getVolume",
  arguments: ({ objectId, text }) => ({ volumeId: objectId, name: text }),
  async read(account, { volumeId, name }) {
    const { volumes } = account.api;
    const kind = { noun: "network volume", idField: "volumeId", ...volumes };
    return infoOf(await findOne(account, kind, { id: volumeId, name }));
  },
};

const many: Definition<GetVolumesArgs, GetVolumesResult> = {
  name: "getVolumes",
  arguments: ({ listOf, oneOf, text, whole }) => ({
    name: text,
    dataCenterIds: listOf(text, "data centers", 1),
    type: oneOf(["STANDARD", "HIGH_PERFORMANCE"]),
    minSize: whole("GB", 1),
  }),
  async read({ api }, args) {
    const volumes = (await api.volumes.list())
      .toSorted(byName)
      .map(infoOf)
      .filter((volume) => isWanted(volume, args));
    return { ids: volumes.map(({ volumeId }) => volumeId), volumes };
  },
};

function isWanted(volume: VolumeInfo, args: GetVolumesArgs): boolean {
  const { type = volume.type } = args;
  return (
    fits(volume.name, args.name) &&
    (args.dataCenterIds?.some((id) => id.toUpperCase() === volume.dataCenterId) ?? true) &&
    volume.type === type &&
    volume.size >= (args.minSize ?? 0)
  );
}

function infoOf({ id, name, size, dataCenter, type }: NetworkVolume): VolumeInfo {
  return { volumeId: id, name, size, dataCenterId: dataCenter, type };
}
