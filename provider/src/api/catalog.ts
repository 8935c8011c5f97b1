import {
  type Cloud,
  type CpuType,
  type DataCenter,
  type GpuType,
  zCpuType,
  zDataCenter,
  zGpuType,
} from "@runpod-stack/openapi";
import type { CallOptions, HttpClient } from "../http/client";
import { path } from "../http/path";
import { listAll } from "./collection";
import { reader } from "./reader";

/** A query of the GPU catalog. */
export interface GpuQuery {
  /** Includes the stock for pods, overall and by data center. @default false */
  readonly availability?: boolean;
  /** The number of GPUs in a pod, on which the stock depends. @default 1 */
  readonly count?: number;
  /** @default both */
  readonly cloud?: Cloud;
}

/** RunPod's catalog. All methods throw RunpodError. */
export interface CatalogApi {
  gpus(query?: GpuQuery, options?: CallOptions): Promise<GpuType[]>;
  cpus(options?: CallOptions): Promise<CpuType[]>;
  dataCenters(options?: CallOptions): Promise<DataCenter[]>;
}

export function catalog(client: HttpClient, log: (text: string) => void): CatalogApi {
  const readGpu = reader<GpuType>("GPU type", zGpuType, log);
  const readCpu = reader<CpuType>("CPU flavor", zCpuType, log);
  const readDataCenter = reader<DataCenter>("data center", zDataCenter, log);
  return {
    gpus({ availability, count, cloud } = {}, options) {
      const query = {
        // RunPod answers 400 to one of these two parameters without the other.
        ...(availability && { include: "AVAILABILITY", product: "POD" }),
        ...(count !== undefined && { count: String(count) }),
        ...(cloud !== undefined && { cloud }),
      };
      const call = { ...options, query, operation: "reading the GPU catalog" };
      return listAll(client, path`/catalog/gpus`, "gpus", readGpu, call);
    },
    cpus(options) {
      const call = { ...options, operation: "reading the CPU catalog" };
      return listAll(client, path`/catalog/cpus`, "cpus", readCpu, call);
    },
    dataCenters(options) {
      const call = { ...options, operation: "reading the data centers" };
      return listAll(client, path`/catalog/datacenters`, "dataCenters", readDataCenter, call);
    },
  };
}
