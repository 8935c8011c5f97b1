import {
  type Cloud,
  type DataCenter,
  type GpuType,
  zDataCenter,
  zGpuType,
} from "@runpod-stack/openapi";
import type { CallOptions, HttpClient } from "../http/client";
import { path } from "../http/path";
import { listAll } from "./collection";
import { reader } from "./reader";

/** What of the catalog is asked for. */
export interface GpuQuery {
  /** With the stock for pods, overall and by data center. @default false */
  readonly availability?: boolean;
  /** How many GPUs a pod is to have, which the stock depends on. @default 1 */
  readonly count?: number;
  /** @default both */
  readonly cloud?: Cloud;
}

/** What RunPod has to offer. All methods throw RunpodError. */
export interface CatalogApi {
  gpus(query?: GpuQuery, options?: CallOptions): Promise<GpuType[]>;
  dataCenters(options?: CallOptions): Promise<DataCenter[]>;
}

export function catalog(client: HttpClient, log: (text: string) => void): CatalogApi {
  const readGpu = reader<GpuType>("GPU type", zGpuType, log);
  const readDataCenter = reader<DataCenter>("data center", zDataCenter, log);
  return {
    gpus({ availability, count, cloud } = {}, options) {
      const query = {
        // RunPod answers 400 to one of these two without the other.
        ...(availability && { include: "AVAILABILITY", product: "POD" }),
        ...(count !== undefined && { count: String(count) }),
        ...(cloud !== undefined && { cloud }),
      };
      const call = { ...options, query, operation: "reading the GPU catalog" };
      return listAll(client, path`/catalog/gpus`, "gpus", readGpu, call);
    },
    dataCenters(options) {
      const call = { ...options, operation: "reading the data centers" };
      return listAll(client, path`/catalog/datacenters`, "dataCenters", readDataCenter, call);
    },
  };
}
