import type { Dispatcher } from "undici";
import type { Clock } from "../core/clock";
import { isRunpodError } from "../core/errors";
import { type CallOptions, createClient, type HttpClient } from "../http/client";
import { path, type SafePath } from "../http/path";
import type {
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  DataCenter,
  GpuType,
  NetworkVolume,
  Pod,
  PodAction,
  Template,
  UpdateNetworkVolumeRequest,
  UpdatePodRequest,
  UpdateTemplateRequest,
} from "../wire";
import { zDataCenter, zGpuType, zNetworkVolume, zPod, zTemplate } from "../wire";
import { type LogLine, type LogOptions, readLogs } from "./logs";
import { listAll } from "./pages";
import { type Balance, type PodTelemetry, readBalance, readTelemetry } from "./telemetry";
import { type Validator, watchForDrift } from "./wire-drift";

/** What every kind of object can do. All methods throw RunpodError. */
export interface Collection<T, Create, Update> {
  create(body: Create, options?: CallOptions): Promise<T>;
  /** Everything the account has, however many pages that takes. */
  list(options?: CallOptions): Promise<T[]>;
  get(id: string, options?: CallOptions): Promise<T>;
  update(id: string, body: Update, options?: CallOptions): Promise<T>;
  delete(id: string, options?: CallOptions): Promise<void>;
}

export interface PodsApi extends Collection<Pod, CreatePodRequest, UpdatePodRequest> {
  /** Starts, stops, restarts or terminates. Undefined where RunPod answers without a body. */
  act(id: string, action: PodAction, options?: CallOptions): Promise<Pod | undefined>;
  logs(id: string, options?: LogOptions): Promise<LogLine[]>;
}

export interface CatalogApi {
  /** GPU types; with their stock for pods if that is wanted. */
  gpus(options?: { availability?: boolean }): Promise<GpuType[]>;
  dataCenters(): Promise<DataCenter[]>;
}

/** RunPod, as one account sees it. */
export interface RunpodApi {
  /** Where and who: stored with every object. */
  readonly account: { readonly origin: string; readonly fingerprint: string };
  readonly pods: PodsApi;
  readonly templates: Collection<Template, CreateTemplateRequest, UpdateTemplateRequest>;
  readonly volumes: Collection<
    NetworkVolume,
    CreateNetworkVolumeRequest,
    UpdateNetworkVolumeRequest
  >;
  readonly catalog: CatalogApi;
  /** The guide's monitoring query. Null while the pod does not run. */
  telemetry(podId: string): Promise<PodTelemetry | null>;
  balance(): Promise<Balance>;
}

export interface RunpodApiOptions {
  readonly apiKey: string;
  /** REST API v2, with /v2 at its end. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly clock: Clock;
  readonly dispatcher?: Dispatcher;
  /** Hears of waits and of answers that differ from RunPod's description. */
  readonly log?: (text: string) => void;
}

/** @throws UserError if a URL is not one that a key may be sent to */
export function createRunpodApi(options: RunpodApiOptions): RunpodApi {
  const client = createClient({ ...options, baseUrl: options.apiUrl });
  // Made when first used: most runs never speak GraphQL, and its URL may be of another environment.
  const graphql = () => createClient({ ...options, baseUrl: options.graphqlUrl });
  const log = options.log ?? (() => {});
  const pods = collection<Pod, CreatePodRequest, UpdatePodRequest>(client, {
    noun: "pod",
    root: path`/pods`,
    key: "pods",
    validator: zPod,
    log,
  });
  return {
    account: { origin: client.origin, fingerprint: client.fingerprint },
    pods: {
      ...pods,
      create: (body, call) => createPod(pods, body, call),
      async act(id, action, call) {
        const operation = `telling pod ${id} to ${action}`;
        return (await client.request({
          ...call,
          method: "POST",
          path: path`/pods/${id}/action`,
          body: { action },
          operation,
        })) as Pod | undefined;
      },
      logs: (id, logOptions) => readLogs(client, id, logOptions),
    },
    templates: collection(client, {
      noun: "template",
      root: path`/templates`,
      key: "templates",
      validator: zTemplate,
      log,
    }),
    volumes: collection(client, {
      noun: "network volume",
      root: path`/network-volumes`,
      key: "networkVolumes",
      validator: zNetworkVolume,
      log,
    }),
    catalog: catalog(client, log),
    telemetry: (podId) => readTelemetry(graphql(), podId),
    balance: () => readBalance(graphql()),
  };
}

interface Kind {
  readonly noun: string;
  readonly root: SafePath;
  /** The property of a list's answer that holds the objects. */
  readonly key: string;
  readonly validator: Validator;
  readonly log: (text: string) => void;
}

function collection<T, Create, Update>(
  client: HttpClient,
  kind: Kind,
): Collection<T, Create, Update> {
  const { noun, root, key } = kind;
  const one = (id: string) => `${root}${path`/${id}`}` as SafePath;
  const read = (value: unknown) => watchForDrift<T>(kind.validator, noun, value, kind.log);
  return {
    async create(body, call) {
      const operation = `creating ${noun} '${(body as { name?: string }).name}'`;
      return read(await client.request({ ...call, method: "POST", path: root, body, operation }));
    },
    async list(call) {
      return (await listAll<T>(client, root, key, `${noun}s`, call)).map(read);
    },
    async get(id, call) {
      return read(
        await client.request({
          ...call,
          method: "GET",
          path: one(id),
          operation: `reading ${noun} ${id}`,
        }),
      );
    },
    async update(id, body, call) {
      return read(
        await client.request({
          ...call,
          method: "PATCH",
          path: one(id),
          body,
          operation: `updating ${noun} ${id}`,
        }),
      );
    },
    async delete(id, call) {
      await client.request({
        ...call,
        method: "DELETE",
        path: one(id),
        operation: `deleting ${noun} ${id}`,
      });
    },
  };
}

/** Servers of before September 2026 know the command only in its stored form. */
async function createPod(
  pods: Collection<Pod, CreatePodRequest, UpdatePodRequest>,
  body: CreatePodRequest,
  call?: CallOptions,
): Promise<Pod> {
  try {
    return await pods.create(body, call);
  } catch (error) {
    const { entrypoint, cmd, ...rest } = body;
    const isUnknownField =
      isRunpodError(error, "invalid") &&
      error.status === 422 &&
      /\b(entrypoint|cmd)\b/.test(`${error.detail} ${error.errors?.join(" ")}`);
    if (!isUnknownField || (entrypoint === undefined && cmd === undefined)) throw error;
    return await pods.create({ ...rest, args: JSON.stringify({ entrypoint, cmd }) }, call);
  }
}

function catalog(client: HttpClient, log: (text: string) => void): CatalogApi {
  return {
    async gpus({ availability = false } = {}) {
      const query = availability ? { include: "AVAILABILITY", product: "POD" } : {};
      const operation = "reading the GPU catalog";
      const answer = (await client.request({
        method: "GET",
        path: path`/catalog/gpus`,
        query,
        operation,
      })) as { gpus?: unknown[] };
      return (answer.gpus ?? []).map((gpu) =>
        watchForDrift<GpuType>(zGpuType, "GPU type", gpu, log),
      );
    },
    async dataCenters() {
      const operation = "reading the data centers";
      const answer = (await client.request({
        method: "GET",
        path: path`/catalog/datacenters`,
        operation,
      })) as { datacenters?: unknown[] };
      return (answer.datacenters ?? []).map((center) =>
        watchForDrift<DataCenter>(zDataCenter, "data center", center, log),
      );
    },
  };
}
