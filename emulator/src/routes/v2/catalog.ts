import { type Context, Hono } from "hono";
import { ApiError, notFound } from "../../core/problem";
import type { Env, Services } from "../../http/services";
import { publicTemplates, templateView } from "../../objects/templates";
import type { World } from "../../state/world";
import { type AvailabilityFilter, availabilityOf } from "../../stock/availability";
import { levelOf } from "../../stock/capacity";
import {
  CPU_TYPES,
  CPU_VCPUS,
  type CpuType,
  DATA_CENTERS,
  type DataCenter,
  findCpuType,
  findDataCenter,
  findGpuType,
  GPU_TYPES,
  type GpuType,
} from "../../stock/catalog";
import { serverlessPoolOf } from "../../stock/serverless-pools";
import { integer, matching, words } from "./queries";

/** As in RunPod's description; the emulator has data centers in some of them. */
const REGIONS = [
  "NORTH_AMERICA",
  "SOUTH_AMERICA",
  "EUROPE",
  "ASIA",
  "MIDDLE_EAST",
  "AFRICA",
  "OCEANIA",
  "ANTARCTICA",
  "UNKNOWN",
] as const;
const TEMPLATE_SOURCES = ["official", "verified", "community"] as const;
/** Query parameters that are valid only together with availability. */
const AVAILABILITY_ONLY = [
  "product",
  "count",
  "cloud",
  "countryCodes",
  "cudaVersions",
  "minCudaVersion",
];

/** `/v2/catalog`. */
export function catalogRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/gpus", (c) => {
    const filter = gpuFilter(c);
    const gpus = GPU_TYPES.map((type) => gpuView(world, type, filter));
    return c.json({ gpus: gpus.filter((gpu) => !filter?.countryCodes || gpu.dataCenters) });
  });

  app.get("/gpus/:id", (c) => {
    const type = findGpuType(c.req.param("id"));
    if (!type) {
      throw notFound("GPU type", c.req.param("id"));
    }
    return c.json(gpuView(world, type, gpuFilter(c)));
  });

  app.get("/cpus", (c) => {
    const extra = cpuAvailability(c);
    return c.json({ cpus: CPU_TYPES.map((type) => ({ ...cpuView(type), ...extra })) });
  });

  app.get("/cpus/:id", (c) => {
    const type = findCpuType(c.req.param("id"));
    if (!type) {
      throw notFound("CPU flavor", c.req.param("id"));
    }
    return c.json({ ...cpuView(type), ...cpuAvailability(c) });
  });

  app.get("/datacenters", (c) => {
    const include = dataCenterInclude(c);
    const chosen = DATA_CENTERS.filter(dataCenterFilter(c));
    return c.json({ dataCenters: chosen.map((one) => dataCenterView(world, one, include)) });
  });

  app.get("/datacenters/:id", (c) => {
    const dataCenter = findDataCenter(c.req.param("id"));
    if (!dataCenter) {
      throw notFound("data center", c.req.param("id"));
    }
    return c.json(dataCenterView(world, dataCenter, dataCenterInclude(c)));
  });

  app.get("/templates", (c) => {
    const [source = "official"] = words(c, "source", TEMPLATE_SOURCES) ?? [];
    // RunPod's own are not known here, and nobody verifies any.
    const templates = source === "community" ? publicTemplates(world) : [];
    const pagination = { nextCursor: null, hasNextPage: false };
    return c.json({ templates: templates.map(templateView), pagination });
  });

  return app;
}

/** Null if availability is not requested. @throws 400 if the request for it is incomplete */
function gpuFilter(c: Context<Env>): AvailabilityFilter | null {
  const products = words(c, "product", ["POD", "CLUSTER", "SERVERLESS"]);
  const included = includesAvailability(c, AVAILABILITY_ONLY, products);
  const cudaVersions = matching(c, "cudaVersions", /^\d+\.\d+$/);
  const [minCudaVersion = null] = matching(c, "minCudaVersion", /^\d+(\.\d+)?$/) ?? [];
  if (cudaVersions && minCudaVersion) {
    throw new ApiError(400, "cudaVersions and minCudaVersion are mutually exclusive");
  }
  const [cloud = "SECURE"] = words(c, "cloud", ["SECURE", "COMMUNITY"]) ?? [];
  const filter = {
    cloud,
    count: integer(c, "count", 1, Number.POSITIVE_INFINITY, 1),
    dataCenterIds: null,
    allowedCudaVersions: cudaVersions,
    minCudaVersion,
    minRamPerGpu: 0,
    minVcpuPerGpu: 0,
    countryCodes: matching(c, "countryCodes", /^[A-Z]{2}$/),
  };
  return included ? filter : null;
}

function includesAvailability(c: Context<Env>, only: string[], products: string[] | null): boolean {
  const included = words(c, "include", ["AVAILABILITY"]) !== null;
  const stray = only.find((name) => c.req.query(name) !== undefined);
  if (!included && stray) {
    throw new ApiError(400, `${stray} is valid only with include=AVAILABILITY`);
  }
  if (included && !products) {
    throw new ApiError(400, "product is required with include=AVAILABILITY");
  }
  return included;
}

function gpuView(world: World, type: GpuType, filter: AvailabilityFilter | null) {
  const pool = serverlessPoolOf(type.id);
  return {
    id: type.id,
    name: type.displayName,
    pool: pool?.id ?? null,
    manufacturer: type.manufacturer,
    memory: type.memoryGb,
    secure: type.price.SECURE !== null,
    community: type.price.COMMUNITY !== null,
    price: {
      secure: type.price.SECURE ?? 0,
      community: type.price.COMMUNITY ?? 0,
      ...(pool && { serverless: pool.price }),
    },
    maxCount: { secure: type.maxCount.SECURE, community: type.maxCount.COMMUNITY },
    ...(filter && availabilityOf(world.capacity, type, filter)),
  };
}

function cpuView({ id, displayName, group, ramGbPerVcpu, pricePerVcpu }: CpuType) {
  const price = { securePerVcpu: pricePerVcpu, serverlessPerVcpu: pricePerVcpu };
  return { id, name: displayName, group, vcpu: CPU_VCPUS, ramGbPerVcpu, price };
}

/** CPUs never run out here, up to the largest pod. */
function cpuAvailability(c: Context<Env>): object {
  const products = words(c, "product", ["POD", "SERVERLESS"]);
  const vcpus = integer(c, "vcpuCount", CPU_VCPUS.min, Number.POSITIVE_INFINITY, CPU_VCPUS.min);
  if (!Number.isInteger(Math.log2(vcpus))) {
    throw new ApiError(400, `vcpuCount ${vcpus} must be a power of two`);
  }
  if (!includesAvailability(c, ["product", "vcpuCount"], products)) {
    return {};
  }
  if (vcpus > CPU_VCPUS.max) {
    return { availability: "NONE" };
  }
  const dataCenters = DATA_CENTERS.map(({ id, name }) => ({ id, name, availability: "HIGH" }));
  return { availability: "HIGH", dataCenters };
}

function dataCenterInclude(c: Context<Env>): readonly string[] {
  return words(c, "include", ["GPU_AVAILABILITY", "CPU_AVAILABILITY"]) ?? [];
}

function dataCenterFilter(c: Context<Env>): (dataCenter: DataCenter) => boolean {
  const regions = words(c, "regions", REGIONS);
  const types = words(c, "networkVolumeTypes", ["STANDARD", "HIGH_PERFORMANCE"]) ?? [];
  const [globalNetwork] = words(c, "globalNetwork", ["true", "false"]) ?? [];
  return ({ region, networkVolumeTypes, globalNetworking }) =>
    (!regions || regions.includes(region)) &&
    types.every((type) => networkVolumeTypes.includes(type)) &&
    (!globalNetwork || String(globalNetworking) === globalNetwork);
}

function dataCenterView(world: World, dataCenter: DataCenter, include: readonly string[]) {
  const { id, name, region, networkVolumeTypes, globalNetworking } = dataCenter;
  return {
    id,
    name,
    region,
    networkVolumeTypes,
    // The certificates are not known.
    compliance: [],
    globalNetwork: globalNetworking,
    ...(include.includes("GPU_AVAILABILITY") && { gpuAvailability: gpusIn(world, id) }),
    ...(include.includes("CPU_AVAILABILITY") && {
      cpuAvailability: CPU_TYPES.map((type) => ({
        id: type.id,
        name: type.displayName,
        availability: "HIGH",
      })),
    }),
  };
}

function gpusIn(world: World, dataCenterId: string): object[] {
  return GPU_TYPES.flatMap(({ id, displayName }) => {
    const pools = world.capacity
      .poolsOf(id, "SECURE")
      .filter((pool) => pool.dataCenterId === dataCenterId);
    const free = pools.reduce((sum, pool) => sum + pool.free, 0);
    return pools.length > 0 ? [{ id, name: displayName, availability: levelOf(free) }] : [];
  });
}
