import {
  type CreateEndpointRequest,
  type CreateNetworkVolumeRequest,
  type CreatePodRequest,
  type CreateTemplateRequest,
  type Endpoint,
  type ListEndpointWorkersResponse,
  type NetworkVolume,
  type Pod,
  type PodAction,
  type Template,
  type UpdateEndpointRequest,
  type UpdateNetworkVolumeRequest,
  type UpdatePodRequest,
  type UpdateTemplateRequest,
  zEndpoint,
  zListEndpointWorkersResponse,
  zNetworkVolume,
  zPod,
  zTemplate,
} from "@runpod-stack/openapi";
import type { Dispatcher } from "undici";
import type { Clock } from "../core/clock";
import { SERVERLESS_URL } from "../core/service-url";
import {
  type CallOptions,
  type ClientHooks,
  type ClientOptions,
  createClient,
  type HttpClient,
} from "../http/client";
import { path } from "../http/path";
import { type AccountObjectsApi, accountObjects } from "./account-objects";
import { type CatalogApi, catalog } from "./catalog";
import { type ClustersApi, clusters } from "./clusters";
import { type Collection, collection } from "./collection";
import { type Balance, type PodTelemetry, readBalance, readTelemetry } from "./graphql";
import { type JobsApi, jobs } from "./jobs";
import { type LogLine, type LogOptions, readLogs } from "./logs";
import { objectReader, reader } from "./reader";
import { withCommand } from "./stored-command";

export interface PodsApi extends Collection<Pod, CreatePodRequest, UpdatePodRequest> {
  /** All pods of the account but those of clusters, which only their cluster manages. */
  list(options?: CallOptions): Promise<Pod[]>;
  /** Starts, stops, restarts or terminates a pod. Undefined if RunPod answers without a body. */
  act(id: string, action: PodAction, options?: CallOptions): Promise<Pod | undefined>;
  /** The last log lines, within limits of time and size; none if the pod has written nothing. */
  logs(id: string, options?: LogOptions): Promise<LogLine[]>;
}

/** An endpoint's workers. Any part that RunPod leaves out is undefined. */
export type EndpointWorkers = Partial<ListEndpointWorkersResponse>;

export interface EndpointsApi
  extends Collection<Endpoint, CreateEndpointRequest, UpdateEndpointRequest> {
  /** The active workers, and how many there are of each status. */
  workers(id: string, options?: CallOptions): Promise<EndpointWorkers>;
  /** A worker's last log lines, within limits of time and size; none if it has written nothing. */
  workerLogs(id: string, workerId: string, options?: LogOptions): Promise<LogLine[]>;
}

export type TemplatesApi = Collection<Template, CreateTemplateRequest, UpdateTemplateRequest>;

export type NetworkVolumesApi = Collection<
  NetworkVolume,
  CreateNetworkVolumeRequest,
  UpdateNetworkVolumeRequest
>;

/** RunPod's API for one account. All methods throw RunpodError. */
export interface RunpodApi extends AccountObjectsApi {
  /** The API's origin and the key's fingerprint, to which an object belongs. */
  readonly account: { readonly origin: string; readonly fingerprint: string };
  readonly pods: PodsApi;
  readonly endpoints: EndpointsApi;
  readonly clusters: ClustersApi;
  readonly jobs: JobsApi;
  readonly templates: TemplatesApi;
  readonly volumes: NetworkVolumesApi;
  readonly catalog: CatalogApi;
  /** RunPod's clock, in milliseconds since 1970; undefined before its first successful answer. */
  serverNow(): number | undefined;
  /** Telemetry of a pod; null while it is not running. Source: GraphQL `pod { runtime }`. */
  telemetry(podId: string): Promise<PodTelemetry | null>;
  /** The account's balance and spending. Source: GraphQL `myself`. */
  balance(): Promise<Balance>;
}

export interface RunpodApiOptions {
  readonly apiKey: string;
  /** REST API v2, such as https://api.runpod.io/v2. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** The API of serverless jobs. @default RunPod's own */
  readonly serverlessUrl?: string;
  readonly clock: Clock;
  readonly dispatcher?: Dispatcher;
  /**
   * Called with messages for the user: waits that no caller reports, and answers that differ from
   * the documentation.
   */
  readonly log?: (text: string) => void;
  readonly hooks?: ClientHooks;
}

const ENDS_A_BILL: ReadonlySet<PodAction> = new Set(["stop", "terminate"]);

/** @throws UserError if `apiUrl` must not receive a key */
export function createRunpodApi(options: RunpodApiOptions): RunpodApi {
  const { apiUrl, graphqlUrl, serverlessUrl = SERVERLESS_URL, clock, log = () => {} } = options;
  const client = connect(options, apiUrl);
  // Most runs never use GraphQL, so its URL is checked only on first use.
  let graphqlClient: HttpClient | undefined;
  let jobsClient: HttpClient | undefined;
  const graphql = () => {
    graphqlClient ??= connect(options, graphqlUrl);
    return graphqlClient;
  };
  const templates: TemplatesApi = collection(client, {
    noun: "template",
    root: path`/templates`,
    key: "templates",
    read: objectReader<Template>("template", zTemplate, log),
  });
  return {
    get account() {
      return client.account;
    },
    serverNow: () => client.serverNow(),
    pods: pods(client, clock, log),
    endpoints: endpoints(client, clock, log),
    clusters: clusters(client, log),
    jobs: jobs(() => {
      jobsClient ??= connect(options, serverlessUrl, true);
      return jobsClient;
    }, log),
    templates: {
      ...templates,
      create: (body, call) => withCommand(body, (form) => templates.create(form, call)),
    },
    volumes: collection(client, {
      noun: "network volume",
      root: path`/network-volumes`,
      key: "networkVolumes",
      read: objectReader<NetworkVolume>("network volume", zNetworkVolume, log),
    }),
    ...accountObjects(client, log),
    catalog: catalog(client, log),
    telemetry: async (podId) => readTelemetry(graphql(), podId, log),
    balance: async () => readBalance(graphql(), log),
  };
}

function pods(client: HttpClient, clock: Clock, log: (text: string) => void): PodsApi {
  const read = objectReader<Pod>("pod", zPod, log);
  const common: Collection<Pod, CreatePodRequest, UpdatePodRequest> = collection(client, {
    noun: "pod",
    root: path`/pods`,
    key: "pods",
    read,
  });
  return {
    ...common,
    // RunPod documents that it leaves them out itself.
    list: async (options) => (await common.list(options)).filter(({ cluster }) => !cluster),
    create: (body, call) => withCommand(body, (form) => common.create(form, call)),
    async act(id, action, options) {
      const operation = `sending ${action} to pod ${id}`;
      const call = {
        ...options,
        method: "POST",
        path: path`/pods/${id}/action`,
        operation,
        priority: ENDS_A_BILL.has(action) ? "delete" : "create",
      } as const;
      const { body } = await client.request({ ...call, body: { action } });
      return body === undefined ? undefined : read(body, operation);
    },
    logs: async (id, options) =>
      readLogs(client, clock, { path: path`/pods/${id}/logs`, of: `pod ${id}` }, options),
  };
}

function endpoints(client: HttpClient, clock: Clock, log: (text: string) => void): EndpointsApi {
  const common: Collection<Endpoint, CreateEndpointRequest, UpdateEndpointRequest> = collection(
    client,
    {
      noun: "endpoint",
      root: path`/serverless`,
      key: "endpoints",
      read: objectReader<Endpoint>("endpoint", zEndpoint, log),
    },
  );
  const readWorkers = reader<EndpointWorkers>("list of workers", zListEndpointWorkersResponse, log);
  return {
    ...common,
    create: (body, call) => withCommand(body, (form) => common.create(form, call)),
    async workers(id, options) {
      const operation = `listing workers of endpoint ${id}`;
      const call = { ...options, method: "GET", path: path`/serverless/${id}/workers` } as const;
      return readWorkers((await client.request({ ...call, operation })).body, operation);
    },
    async workerLogs(id, workerId, options) {
      const of = `worker ${workerId} of endpoint ${id}`;
      const source = { path: path`/serverless/${id}/workers/${workerId}/logs`, of };
      return readLogs(client, clock, source, options);
    },
  };
}

function connect(
  { apiKey, clock, dispatcher, log, hooks }: RunpodApiOptions,
  baseUrl: string,
  hasPlainErrors = false,
): HttpClient {
  const userAgent = "runpod-stack";
  const given = { baseUrl, apiKey, clock, userAgent, hasPlainErrors } satisfies ClientOptions;
  return createClient({
    ...given,
    ...(dispatcher !== undefined && { dispatcher }),
    ...(log !== undefined && { log }),
    ...(hooks !== undefined && { hooks }),
  });
}
