import {
  type Cloud,
  type CpuType,
  type DataCenter,
  type GpuType,
  type Template,
  zCpuType,
  zDataCenter,
  zGpuType,
  zTemplate,
} from "@runpod-stack/openapi";
import type { CallOptions, HttpClient } from "../http/client";
import { path } from "../http/path";
import { listAll } from "./collection";
import { objectReader, reader } from "./reader";

/** A query of the GPU catalog. */
export interface GpuQuery {
  /** Includes the stock for pods, overall and by data center. @default false */
  readonly availability?: boolean;
  /** The number of GPUs in a pod, on which the stock depends. @default 1 */
  readonly count?: number;
  /** @default both */
  readonly cloud?: Cloud;
}

/** A query of the CPU catalog: the stock for pods of a size. */
export interface CpuQuery {
  readonly vcpuCount: number;
}

/** Who published a template in the catalog. */
export type TemplateSource = "official" | "verified" | "community";

/** RunPod's catalog. All methods throw RunpodError. */
export interface CatalogApi {
  gpus(query?: GpuQuery, options?: CallOptions): Promise<GpuType[]>;
  /** Includes the stock for pods if a query is given. */
  cpus(query?: CpuQuery, options?: CallOptions): Promise<CpuType[]>;
  /** Includes the stock of GPU types and CPU flavors. */
  dataCenters(options?: CallOptions): Promise<DataCenter[]>;
  templates(source: TemplateSource, options?: CallOptions): Promise<Template[]>;
}

export function catalog(client: HttpClient, log: (text: string) => void): CatalogApi {
  const readGpu = reader<GpuType>("GPU type", zGpuType, log);
  const readCpu = reader<CpuType>("CPU flavor", zCpuType, log);
  const readTemplate = objectReader<Template>("template", zTemplate, log);
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
    cpus(size, options) {
      const query = size && {
        include: "AVAILABILITY",
        product: "POD",
        vcpuCount: String(size.vcpuCount),
      };
      const call = { ...options, ...(query && { query }), operation: "reading the CPU catalog" };
      return listAll(client, path`/catalog/cpus`, "cpus", readCpu, call);
    },
    dataCenters(options) {
      const query = { include: "GPU_AVAILABILITY,CPU_AVAILABILITY" };
      const call = { ...options, query, operation: "reading the data centers" };
      return listAll(client, path`/catalog/datacenters`, "dataCenters", readDataCenter, call);
    },
    templates(source, options) {
      const operation = "reading the catalog of templates";
      const call = { ...options, query: { source }, operation };
      return listAll(client, path`/catalog/templates`, "templates", readTemplate, call);
    },
  };
}
