import dataCenterTable from "@runpod-stack/models/data/data-centers.json";
import gpuTable from "@runpod-stack/models/data/gpus.json";
import type { Cloud } from "@runpod-stack/openapi";
import type { VolumeType } from "../money/billing";

export interface GpuType {
  id: string;
  displayName: string;
  /** Of one GPU. */
  memoryGb: number;
  /** As `"9.0"`; null for AMD. */
  computeCapability: string | null;
  manufacturer: "NVIDIA" | "AMD";
  /** Dollars per GPU and hour; null if the cloud does not offer it. */
  price: Record<Cloud, number | null>;
  /** GPUs of the largest machine. */
  maxCount: Record<Cloud, number>;
  /** Of the machine, for each GPU. */
  vcpuPerGpu: number;
  ramGbPerGpu: number;
}

export interface CpuType {
  id: string;
  displayName: string;
  group: string;
  ramGbPerVcpu: number;
  /** Dollars per vCPU and hour. */
  pricePerVcpu: number;
}

export interface DataCenter {
  id: string;
  name: string;
  region: "NORTH_AMERICA" | "EUROPE" | "ASIA" | "OCEANIA" | "UNKNOWN";
  networkVolumeTypes: VolumeType[];
  globalNetworking: boolean;
}

/** The largest machine, if the table does not list one. */
const USUAL_MACHINE = 8;
const HOST_RAM_GB = { least: 16, most: 250 };
const VCPUS: Record<string, number> = { datacenter: 16, pro: 12, consumer: 8 };
/** RunPod's example names one data center with fast volumes; the emulator adds two. */
const FAST_VOLUMES = new Set(["US-KS-2", "EU-RO-1", "US-CA-2"]);
const REGIONS: Record<string, DataCenter["region"]> = {
  US: "NORTH_AMERICA",
  CA: "NORTH_AMERICA",
  EU: "EUROPE",
  EUR: "EUROPE",
  AP: "ASIA",
  OC: "OCEANIA",
};

export const GPU_TYPES: readonly GpuType[] = gpuTable.gpus.map((row) => ({
  id: row.id,
  displayName: row.displayName,
  memoryGb: row.memoryGb,
  computeCapability: row.computeCapability,
  manufacturer: row.id.startsWith("AMD") ? "AMD" : "NVIDIA",
  price: { SECURE: row.securePrice, COMMUNITY: row.communityPrice },
  maxCount: {
    SECURE: largestMachine(row.securePrice, row.maxCountSecure),
    COMMUNITY: largestMachine(row.communityPrice, row.maxCountCommunity),
  },
  vcpuPerGpu: VCPUS[row.class] ?? USUAL_MACHINE,
  ramGbPerGpu: Math.min(HOST_RAM_GB.most, Math.max(HOST_RAM_GB.least, row.memoryGb * 2)),
}));

/** RunPod's CPU flavors with nominal prices, because no price table is available. */
export const CPU_TYPES: readonly CpuType[] = [
  {
    id: "cpu3c",
    displayName: "Compute-Optimized",
    group: "Gen 3",
    ramGbPerVcpu: 2,
    pricePerVcpu: 0.03,
  },
  {
    id: "cpu3g",
    displayName: "General Purpose",
    group: "Gen 3",
    ramGbPerVcpu: 4,
    pricePerVcpu: 0.04,
  },
  {
    id: "cpu3m",
    displayName: "Memory-Optimized",
    group: "Gen 3",
    ramGbPerVcpu: 8,
    pricePerVcpu: 0.055,
  },
  {
    id: "cpu5c",
    displayName: "Compute-Optimized",
    group: "Gen 5",
    ramGbPerVcpu: 2,
    pricePerVcpu: 0.035,
  },
  {
    id: "cpu5g",
    displayName: "General Purpose",
    group: "Gen 5",
    ramGbPerVcpu: 4,
    pricePerVcpu: 0.045,
  },
  {
    id: "cpu5m",
    displayName: "Memory-Optimized",
    group: "Gen 5",
    ramGbPerVcpu: 8,
    pricePerVcpu: 0.06,
  },
];

/** GPUs as a container sees them; null if there are none. */
export function gpusOf(id: string, count: number) {
  const type = findGpuType(id);
  return type && count > 0
    ? { id, count, memoryGb: type.memoryGb, computeCapability: type.computeCapability ?? "0.0" }
    : null;
}

export const CPU_VCPUS = { min: 2, max: 32 };

export const DATA_CENTERS: readonly DataCenter[] = dataCenterTable.dataCenters.map((row) => ({
  id: row.id,
  name: row.id.replaceAll("-", " "),
  region: REGIONS[row.id.split("-")[0] ?? ""] ?? "UNKNOWN",
  networkVolumeTypes: !row.networkVolumes
    ? []
    : FAST_VOLUMES.has(row.id)
      ? ["STANDARD", "HIGH_PERFORMANCE"]
      : ["STANDARD"],
  globalNetworking: row.globalNetworking,
}));

/** CUDA versions that machines report, newest first. */
export const HOST_CUDA_VERSIONS = ["13.0", "12.8"] as const;

/** Some of RunPod's ids contain two spaces, so spaces are ignored. */
export function findGpuType(id: string): GpuType | undefined {
  const wanted = id.replace(/\s+/g, " ").trim();
  return GPU_TYPES.find((type) => type.id === wanted);
}

export function findCpuType(id: string): CpuType | undefined {
  return CPU_TYPES.find((type) => type.id === id);
}

export function findDataCenter(id: string): DataCenter | undefined {
  return DATA_CENTERS.find((dataCenter) => dataCenter.id === id);
}

/** Two letters, as ISO 3166 has them: in Europe and further away the id's second part. */
export function countryOf(dataCenterId: string): string {
  const [first = "", second = ""] = dataCenterId.split("-");
  return REGIONS[first] === "NORTH_AMERICA" ? first : second;
}

function largestMachine(price: number | null, maxCount: number | null): number {
  return price === null ? 0 : (maxCount ?? USUAL_MACHINE);
}
