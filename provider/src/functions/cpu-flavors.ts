import type * as pulumi from "@pulumi/pulumi";
import type { CpuType } from "../api";
import type { AnyDataCenterId } from "../schema/completed";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { byPrice, inDollars, isWithin } from "./price";
import { best, inDataCenters, type Stock } from "./stock";

/** Arguments of `getCpuFlavors`. A CPU flavor must satisfy all of them. */
export interface GetCpuFlavorsArgs {
  /** Virtual CPUs of the pod, on which memory, price and stock depend: a power of two. @default 2 */
  vcpuCount?: number;
  /** The least memory of a pod of that size, in GB. @default any */
  minMemoryInGb?: number;
  /** The highest price of a pod of that size, in USD per hour. @default any */
  maxCostPerHr?: number;
  /** Only CPU flavors that are in stock in one of these data centers. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Only CPU flavors that are in stock now. @default false */
  inStock?: boolean;
}

/** Result of `getCpuFlavors`. */
export interface GetCpuFlavorsResult {
  /** The ids, cheapest first, for the `cpuFlavorIds` of a pod. */
  ids: string[];
  /** The CPU flavors in the same order. */
  cpuFlavors: CpuFlavorInfo[];
}

/** A CPU flavor in RunPod's catalog. */
export interface CpuFlavorInfo {
  /** Its id, such as "cpu3c". */
  id: string;
  /** RunPod's name for it. */
  name: string;
  /** The group of flavors that it belongs to. */
  group: string;
  /** The fewest virtual CPUs of a pod. */
  minVcpuCount: number;
  /** The most virtual CPUs of a pod. */
  maxVcpuCount: number;
  /** Memory of a pod with `vcpuCount` virtual CPUs, in GB. */
  memoryInGb: number;
  /** Price of a pod with `vcpuCount` virtual CPUs, in USD per hour; null if RunPod gives none. */
  costPerHr: number | null;
  /** The same for a serverless worker. */
  serverlessCostPerHr: number | null;
  /** `NONE`, `LOW`, `MEDIUM` or `HIGH`, in `dataCenterIds` if they are given. */
  stock: Stock;
  /** The data centers that have it in stock. */
  dataCenterIds: string[];
}

/**
 * Finds CPU flavors in RunPod's catalog, cheapest first.
 *
 * @example
 * const { ids } = await getCpuFlavors({ vcpuCount: 8, minMemoryInGb: 32 });
 */
export function getCpuFlavors(
  args: GetCpuFlavorsArgs = {},
  opts: FunctionOptions = {},
): Promise<GetCpuFlavorsResult> {
  return call(definition, args, opts);
}

/** Like `getCpuFlavors`, with arguments that may be outputs. */
export function getCpuFlavorsOutput(
  args: OutputArgs<GetCpuFlavorsArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetCpuFlavorsResult> {
  return callOutput(definition, args, opts);
}

const definition: Definition<GetCpuFlavorsArgs, GetCpuFlavorsResult> = {
  name: "getCpuFlavors",
  arguments: ({ dollars, flag, listOf, text, vcpus, whole }) => ({
    vcpuCount: vcpus,
    minMemoryInGb: whole("GB", 1),
    maxCostPerHr: dollars,
    dataCenterIds: listOf(text, "data centers", 1),
    inStock: flag,
  }),
  async read({ api }, args) {
    const { vcpuCount = 2 } = args;
    const cpuFlavors = (await api.catalog.cpus({ vcpuCount }))
      .map((cpu) => infoOf(cpu, vcpuCount, args.dataCenterIds))
      .filter((cpu) => isWanted(cpu, vcpuCount, args))
      .toSorted(byPrice);
    return { ids: cpuFlavors.map(({ id }) => id), cpuFlavors };
  },
};

function isWanted(cpu: CpuFlavorInfo, vcpuCount: number, args: GetCpuFlavorsArgs): boolean {
  return (
    cpu.minVcpuCount <= vcpuCount &&
    vcpuCount <= cpu.maxVcpuCount &&
    cpu.memoryInGb >= (args.minMemoryInGb ?? 0) &&
    isWithin(cpu, args.maxCostPerHr) &&
    (cpu.stock !== "NONE" || !(args.inStock || args.dataCenterIds))
  );
}

function infoOf(
  { id, name, group, vcpu, ramGbPerVcpu, price, ...cpu }: CpuType,
  vcpuCount: number,
  dataCenterIds: readonly string[] | undefined,
): CpuFlavorInfo {
  const places = inDataCenters(cpu.dataCenters, dataCenterIds);
  const levels = places.map(({ availability }) => availability);
  return {
    id,
    name,
    group,
    minVcpuCount: vcpu?.min ?? 0,
    maxVcpuCount: vcpu?.max ?? 0,
    memoryInGb: ramGbPerVcpu * vcpuCount,
    costPerHr: inDollars(price?.securePerVcpu, vcpuCount),
    serverlessCostPerHr: inDollars(price?.serverlessPerVcpu, vcpuCount),
    stock: best(dataCenterIds ? levels : [...levels, cpu.availability]),
    dataCenterIds: places.map((place) => place.id),
  };
}
