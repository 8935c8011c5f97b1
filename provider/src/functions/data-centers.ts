import type * as pulumi from "@pulumi/pulumi";
import type { DataCenter } from "../api";
import type { AnyGpuTypeId } from "../schema/completed";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";

/** Arguments of `getDataCenters`. A data center must satisfy all of them. */
export interface GetDataCentersArgs {
  /** Only data centers in these regions, such as "EUROPE". @default all */
  regions?: string[];
  /** Only data centers that offer network volumes of this type, `STANDARD` or `HIGH_PERFORMANCE`. @default any */
  volumeType?: "STANDARD" | "HIGH_PERFORMANCE";
  /** Only data centers with all of these certificates, such as "SOC_2_TYPE_2". @default any */
  compliance?: string[];
  /** Only data centers whose pods can have a private address. @default any */
  globalNetworking?: boolean;
  /** Only data centers that have one of these GPU types in stock. @default any */
  gpuTypeIds?: AnyGpuTypeId[];
  /** Only data centers that have one of these CPU flavors in stock. @default any */
  cpuFlavorIds?: string[];
}

/** Result of `getDataCenters`. */
export interface GetDataCentersResult {
  /** The ids in alphabetical order, for the `dataCenterIds` of a pod. */
  ids: string[];
  /** The data centers in the same order. */
  dataCenters: DataCenterInfo[];
}

/** One of RunPod's data centers. */
export interface DataCenterInfo {
  /** Its id, such as "EU-RO-1". */
  id: string;
  /** RunPod's name for it. */
  name: string;
  /** The region, such as "EUROPE". */
  region: string;
  /** The types of network volumes that it offers; none if it has no network volumes. */
  volumeTypes: string[];
  /** Its certificates, such as "SOC_2_TYPE_2". */
  compliance: string[];
  /** Whether pods there can have a private address. */
  globalNetworking: boolean;
  /** The GPU types that are in stock. */
  gpuTypeIds: string[];
  /** The CPU flavors that are in stock. */
  cpuFlavorIds: string[];
}

/**
 * Finds RunPod's data centers.
 *
 * @example
 * const { ids } = await getDataCenters({ regions: ["EUROPE"], gpuTypeIds: ["NVIDIA L40S"] });
 */
export function getDataCenters(
  args: GetDataCentersArgs = {},
  opts: FunctionOptions = {},
): Promise<GetDataCentersResult> {
  return call(definition, args, opts);
}

/** Like `getDataCenters`, with arguments that may be outputs. */
export function getDataCentersOutput(
  args: OutputArgs<GetDataCentersArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetDataCentersResult> {
  return callOutput(definition, args, opts);
}

const definition: Definition<GetDataCentersArgs, GetDataCentersResult> = {
  name: "getDataCenters",
  arguments: ({ flag, gpuTypeId, listOf, oneOf, text }) => ({
    regions: listOf(text, 'regions such as "EUROPE"', 1),
    volumeType: oneOf(["STANDARD", "HIGH_PERFORMANCE"]),
    compliance: listOf(text, 'certificates such as "SOC_2_TYPE_2"', 1),
    globalNetworking: flag,
    gpuTypeIds: listOf(gpuTypeId, "GPU types", 1),
    cpuFlavorIds: listOf(text, "CPU flavors", 1),
  }),
  async read({ api }, args) {
    const dataCenters = (await api.catalog.dataCenters())
      .map(infoOf)
      .filter((dataCenter) => isWanted(dataCenter, args))
      .toSorted((a, b) => a.id.localeCompare(b.id));
    return { ids: dataCenters.map(({ id }) => id), dataCenters };
  },
};

function isWanted(it: DataCenterInfo, args: GetDataCentersArgs): boolean {
  const { globalNetworking = it.globalNetworking } = args;
  return (
    (args.regions?.includes(it.region) ?? true) &&
    (args.volumeType === undefined || it.volumeTypes.includes(args.volumeType)) &&
    (args.compliance ?? []).every((certificate) => it.compliance.includes(certificate)) &&
    it.globalNetworking === globalNetworking &&
    (args.gpuTypeIds?.some((id) => it.gpuTypeIds.includes(id)) ?? true) &&
    (args.cpuFlavorIds?.some((id) => it.cpuFlavorIds.includes(id)) ?? true)
  );
}

function infoOf({ id, name, region, ...dataCenter }: DataCenter): DataCenterInfo {
  return {
    id,
    name,
    region,
    volumeTypes: dataCenter.networkVolumeTypes ?? [],
    compliance: dataCenter.compliance ?? [],
    globalNetworking: dataCenter.globalNetwork ?? false,
    gpuTypeIds: inStock(dataCenter.gpuAvailability),
    cpuFlavorIds: inStock(dataCenter.cpuAvailability),
  };
}

function inStock(available: DataCenter["gpuAvailability"] = []): string[] {
  return available.filter(({ availability }) => availability !== "NONE").map(({ id }) => id);
}
