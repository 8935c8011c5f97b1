import { buildSchema, type DocumentNode, execute, getOperationAST } from "graphql";
import { Hono } from "hono";
import { ApiError } from "../core/problem";
import { allows } from "../http/key-rights";
import type { Env, Services } from "../http/services";
import { balanceOf } from "../money/balance";
import { round } from "../money/ledger";
import { type Telemetry, telemetryOf } from "../pods/view";
import { type Pod, presentCompute } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { availabilityOf } from "../stock/availability";
import { GPU_TYPES, type GpuType } from "../stock/catalog";
import { readQuery, readRequest } from "./graphql-query";

const schema = buildSchema(`
  type Query {
    pod(input: PodFilter): Pod
    myself: User
    gpuTypes(input: GpuTypeFilter): [GpuType]
  }
  input PodFilter { podId: String }
  input GpuTypeFilter { id: String ids: [String] }
  input GpuLowestPriceInput { gpuCount: Int secureCloud: Boolean }
  type User {
    id: String
    email: String
    clientBalance: Float
    currentSpendPerHr: Float
    pods: [Pod]
  }
  type Pod {
    id: String
    name: String
    imageName: String
    desiredStatus: String
    costPerHr: Float
    gpuCount: Int
    containerDiskInGb: Int
    volumeInGb: Int
    volumeMountPath: String
    ports: String
    machineId: String
    runtime: PodRuntime
  }
  type PodRuntime {
    uptimeInSeconds: Int
    ports: [PodRuntimePort]
    gpus: [PodRuntimeGpu]
    container: PodRuntimeContainer
  }
  type PodRuntimePort {
    ip: String
    isIpPublic: Boolean
    privatePort: Int
    publicPort: Int
    type: String
  }
  type PodRuntimeGpu { id: String gpuUtilPercent: Int memoryUtilPercent: Int }
  type PodRuntimeContainer { cpuPercent: Int memoryPercent: Int }
  type GpuType {
    id: String
    displayName: String
    memoryInGb: Int
    secureCloud: Boolean
    communityCloud: Boolean
    securePrice: Float
    communityPrice: Float
    lowestPrice(input: GpuLowestPriceInput): LowestPrice
  }
  type LowestPrice { uninterruptablePrice: Float stockStatus: String }
`);

const STOCK_WORDS: Record<string, string | null> = {
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
  NONE: null,
};

/** `/graphql`: the balance, and the telemetry query that guides show. */
export function graphqlRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/", async (c) => {
    const account = c.get("account");
    const { query, variables, operationName } = readRequest(c.get("text"));
    const read = readQuery(schema, query);
    if ("errors" in read) {
      return c.json(read);
    }
    const action = isMutation(read.document, operationName) ? "write" : "read";
    if (!allows(c.get("rights"), "graphql", action)) {
      throw new ApiError(403, "access denied");
    }
    const result = await execute({
      schema,
      document: read.document,
      variableValues: variables,
      operationName,
      rootValue: {
        pod: ({ input }: { input?: { podId?: string } }) => {
          const pod = account.pods.read(input?.podId ?? "");
          return pod ? podView(world, account, pod) : null;
        },
        myself: () => userView(world, account),
        gpuTypes: ({ input }: { input?: { id?: string; ids?: string[] } }) => {
          const ids = input?.ids ?? (input?.id ? [input.id] : null);
          return GPU_TYPES.filter(({ id }) => ids === null || ids.includes(id)).map((type) =>
            gpuTypeView(world, type),
          );
        },
      },
    });
    return c.json(result);
  });

  return app;
}

function isMutation(document: DocumentNode, operationName: string | null): boolean {
  return getOperationAST(document, operationName)?.operation === "mutation";
}

function userView(world: World, account: Account): object {
  return {
    id: `user_${account.number}`,
    email: `account-${account.number}@localhost`,
    clientBalance: round(balanceOf(account, world.clock.now())),
    currentSpendPerHr: round(account.meter.perHr),
    pods: () => account.pods.list().map((pod) => podView(world, account, pod)),
  };
}

function podView(world: World, account: Account, pod: Pod): object {
  const { mounts } = pod;
  const compute = presentCompute(pod);
  return {
    id: pod.id,
    name: pod.name,
    imageName: pod.image,
    desiredStatus: pod.life ? "RUNNING" : "EXITED",
    costPerHr: pod.life ? pod.price : 0,
    gpuCount: compute.kind === "gpu" ? compute.count : 0,
    containerDiskInGb: pod.disk,
    volumeInGb: mounts.persistent?.size ?? 0,
    volumeMountPath: mounts.persistent?.path ?? mounts.network?.[0]?.path ?? null,
    ports: pod.ports.join(","),
    machineId: pod.machine.id,
    runtime: () => {
      const telemetry = telemetryOf(world, account, pod);
      return telemetry && runtimeView(pod, telemetry);
    },
  };
}

function runtimeView(pod: Pod, { uptime, gpus, cpuUtil, memoryUtil, ports }: Telemetry): object {
  return {
    uptimeInSeconds: uptime,
    ports: ports.map(({ ip, private: privatePort, public: publicPort, type }) => ({
      ip,
      isIpPublic: ip !== null,
      privatePort,
      publicPort,
      type,
    })),
    gpus: gpus.map(({ util, memoryUtil: memory }, index) => ({
      id: `GPU-${pod.machine.id}-${index}`,
      gpuUtilPercent: util,
      memoryUtilPercent: memory,
    })),
    container: { cpuPercent: cpuUtil, memoryPercent: memoryUtil },
  };
}

function gpuTypeView(world: World, type: GpuType): object {
  return {
    id: type.id,
    displayName: type.displayName,
    memoryInGb: type.memoryGb,
    secureCloud: type.price.SECURE !== null,
    communityCloud: type.price.COMMUNITY !== null,
    securePrice: type.price.SECURE,
    communityPrice: type.price.COMMUNITY,
    lowestPrice: ({ input }: { input?: { gpuCount?: number; secureCloud?: boolean } }) => {
      const cloud = input?.secureCloud === false ? "COMMUNITY" : "SECURE";
      const { availability } = availabilityOf(world.capacity, type, {
        cloud,
        count: input?.gpuCount ?? 1,
        dataCenterIds: null,
        allowedCudaVersions: null,
        minCudaVersion: null,
        minRamPerGpu: 0,
        minVcpuPerGpu: 0,
        countryCodes: null,
      });
      return { uninterruptablePrice: type.price[cloud], stockStatus: STOCK_WORDS[availability] };
    },
  };
}
