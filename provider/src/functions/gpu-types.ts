import type * as pulumi from "@pulumi/pulumi";
import { safe } from "@runpod-stack/kit";
import type { GpuType } from "../api";
import { UserError } from "../core/errors";
import type { AnyDataCenterId, AnyGpuTypeId } from "../schema/completed";
import { suggestions } from "../schema/near";
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

/** Arguments of `getGpuTypes`. A GPU type must satisfy all of them. */
export interface GetGpuTypesArgs {
  /** Only these GPU types. @default all */
  gpuTypeIds?: AnyGpuTypeId[];
  /** The least memory of one GPU, in GB. @default any */
  minMemoryInGb?: number;
  /** The highest price of a pod with `gpuCount` GPUs, in USD per hour. @default any */
  maxCostPerHr?: number;
  /** GPUs in the pod, on which price and stock depend. @default 1 */
  gpuCount?: number;
  /** `SECURE` or `COMMUNITY`. @default SECURE */
  cloudType?: "SECURE" | "COMMUNITY";
  /** `NVIDIA` or `AMD`. @default both */
  manufacturer?: "NVIDIA" | "AMD";
  /** Only GPU types that are in stock in one of these data centers. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Only GPU types that are in stock now. A program that passes the result to a pod should add `ignoreChanges: ["gpuTypeIds"]`. @default false */
  inStock?: boolean;
}

/** Result of `getGpuTypes`. */
export interface GetGpuTypesResult {
  /** The ids, cheapest first, for the `gpuTypeIds` of a pod. */
  ids: string[];
  /** The GPU types in the same order. */
  gpuTypes: GpuTypeInfo[];
}

/** A GPU type in RunPod's catalog. */
export interface GpuTypeInfo {
  /** Its id, such as "NVIDIA L40S". */
  id: string;
  /** RunPod's short name, such as "L40S". */
  name: string;
  /** `NVIDIA` or `AMD`. */
  manufacturer: string;
  /** Memory of one GPU, in GB. */
  memoryInGb: number;
  /** Price of a pod with `gpuCount` GPUs, in USD per hour; null if RunPod gives none. */
  costPerHr: number | null;
  /** The most GPUs of this type in one pod. */
  maxGpuCount: number;
  /** The pool of a serverless endpoint that includes this type; null if none does. */
  serverlessPool: string | null;
  /** Price of a serverless worker with `gpuCount` GPUs, in USD per hour; null if there is none. */
  serverlessCostPerHr: number | null;
  /** `NONE`, `LOW`, `MEDIUM` or `HIGH`, in `dataCenterIds` if they are given. */
  stock: Stock;
  /** The data centers that have it in stock. */
  dataCenterIds: string[];
}

/**
 * Finds GPU types in RunPod's catalog, cheapest first.
 *
 * @example
 * const { ids } = await getGpuTypes({ minMemoryInGb: 48, maxCostPerHr: 2 });
 * new Pod("llm", { gpuTypeIds: ids, … }, { ignoreChanges: ["gpuTypeIds"] });
 */
export function getGpuTypes(
  args: GetGpuTypesArgs = {},
  opts: FunctionOptions = {},
): Promise<GetGpuTypesResult> {
  return call(definition, args, opts);
}

/** Like `getGpuTypes`, with arguments that may be outputs. */
export function getGpuTypesOutput(
  args: OutputArgs<GetGpuTypesArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetGpuTypesResult> {
  return callOutput(definition, args, opts);
}

const definition: Definition<GetGpuTypesArgs, GetGpuTypesResult> = {
  name: "getGpuTypes",
  arguments: ({ dollars, flag, gpuTypeId, listOf, oneOf, text, whole }) => ({
    gpuTypeIds: listOf(gpuTypeId, "GPU types", 1),
    minMemoryInGb: whole("GB", 1),
    maxCostPerHr: dollars,
    gpuCount: whole("GPUs", 1),
    cloudType: oneOf(["SECURE", "COMMUNITY"]),
    manufacturer: oneOf(["NVIDIA", "AMD"]),
    dataCenterIds: listOf(text, "data centers", 1),
    inStock: flag,
  }),
  async read({ api }, args) {
    const { gpuCount: count = 1, cloudType: cloud = "SECURE" } = args;
    const all = await api.catalog.gpus({ availability: true, count, cloud });
    refuseUnknown(args.gpuTypeIds, all);
    const gpuTypes = all
      .filter((gpu) => (cloud === "SECURE" ? gpu.secure : gpu.community))
      .map((gpu) => infoOf(gpu, count, cloud, args.dataCenterIds))
      .filter((gpu) => isWanted(gpu, count, args))
      .toSorted(byPrice);
    return { ids: gpuTypes.map(({ id }) => id), gpuTypes };
  },
};

function isWanted(gpu: GpuTypeInfo, count: number, args: GetGpuTypesArgs): boolean {
  const isStocked = gpu.stock !== "NONE";
  return (
    (args.gpuTypeIds?.includes(gpu.id) ?? true) &&
    gpu.memoryInGb >= (args.minMemoryInGb ?? 0) &&
    isWithin(gpu, args.maxCostPerHr) &&
    gpu.maxGpuCount >= count &&
    (args.manufacturer === undefined || gpu.manufacturer === args.manufacturer) &&
    (isStocked || !(args.inStock || args.dataCenterIds))
  );
}

function infoOf(
  { id, name, manufacturer, memory, price, maxCount, pool, ...gpu }: GpuType,
  count: number,
  cloud: "SECURE" | "COMMUNITY",
  dataCenterIds: readonly string[] | undefined,
): GpuTypeInfo {
  const key = cloud === "SECURE" ? "secure" : "community";
  const places = inDataCenters(gpu.dataCenters, dataCenterIds);
  // The overall level can be NONE although a data center has some left.
  const levels = places.map(({ availability }) => availability);
  return {
    id,
    name,
    manufacturer,
    memoryInGb: memory,
    costPerHr: inDollars(price?.[key], count),
    maxGpuCount: maxCount?.[key] ?? 0,
    serverlessPool: pool ?? null,
    serverlessCostPerHr: inDollars(price?.serverless, count),
    stock: best(dataCenterIds ? levels : [...levels, gpu.availability]),
    dataCenterIds: places.map((place) => place.id),
  };
}

function refuseUnknown(ids: readonly string[] = [], all: readonly GpuType[]): void {
  const known = all.map(({ id }) => id);
  const wrong = ids.find((id) => !known.includes(id));
  if (wrong === undefined) {
    return;
  }
  const meant = suggestions(wrong, known).map((id) => JSON.stringify(id));
  const remedy =
    meant.length > 0 ? `Did you mean ${meant.join(" or ")}?` : "Remove it, or correct it.";
  throw new UserError(
    safe`gpuTypeIds ${JSON.stringify(wrong)} is not in RunPod's catalog of GPU types. ${remedy}`,
  );
}
