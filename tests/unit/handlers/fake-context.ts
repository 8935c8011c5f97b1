import { safe } from "@runpod-stack/kit";
import type {
  Cluster,
  Endpoint,
  EndpointWorkers,
  Job,
  JobRequest,
  LogLine,
  NetworkVolume,
  Pod,
  ProbeResult,
  RunpodApi,
  Template,
} from "../../../provider/src/api";
import { type ErrorKind, RunpodError } from "../../../provider/src/core/errors";
import { type Context, createContext } from "../../../provider/src/handlers/lifecycle/context";
import { CreateLog } from "../../../provider/src/handlers/lifecycle/create-log";
import { Journal } from "../../../provider/src/handlers/lifecycle/journal";
import { readState } from "../../../provider/src/handlers/lifecycle/stack-state";
import { ManualClock } from "../../support/manual-clock";
import { pod } from "../api/fixtures";

/** A RunPod in memory. Objects are replaced, not changed, because two answers never share them. */
export interface FakeRunpod {
  pods: readonly Pod[];
  endpoints: readonly Endpoint[];
  volumes: readonly NetworkVolume[];
  clusters: readonly Cluster[];
  templates: readonly Template[];
  /** The objects of every kind that is known by its name. */
  named: readonly { readonly id: string }[];
  /** The workers of every endpoint. */
  workers: EndpointWorkers;
  /** How many jobs wait in every queue. */
  queued: number | undefined;
  /** What the API of jobs says of every job. */
  job: () => Job;
  /** The result of reading a pod's or a worker's log. */
  logs: readonly LogLine[];
  /** Every call, as "list pods" or "get pod1", in order. */
  readonly calls: string[];
  /** The errors of the next calls of that name, one each; undefined lets one succeed. */
  readonly failures: Record<string, (Error | undefined)[]>;
  /** What a proxy URL answers, a number of milliseconds after the beginning. */
  answer: (at: number) => ProbeResult;
  readonly probed: { url: string; bearer: string | undefined }[];
  account: { origin: string; fingerprint: string };
  /** What `pulumi stack export` prints; null: it fails. */
  state: unknown;
}

export interface FakeScene {
  readonly context: Context;
  readonly clock: ManualClock;
  readonly runpod: FakeRunpod;
  /** The messages to the user. */
  readonly said: string[];
  /** What a resource's row has shown, kept lines marked by an exclamation mark. */
  readonly shown: string[];
}

/** A context with a stopped clock and a RunPod in memory with one running pod. */
export function fakeScene(): FakeScene {
  const clock = new ManualClock();
  const said: string[] = [];
  const shown: string[] = [];
  const runpod: FakeRunpod = {
    pods: [pod],
    endpoints: [],
    job: () => ({ id: "job1", status: "IN_QUEUE" }),
    volumes: [],
    clusters: [],
    templates: [],
    named: [],
    workers: {},
    queued: 0,
    logs: [],
    calls: [],
    failures: {},
    answer: () => ({ status: 502 }),
    probed: [],
    account: { origin: "https://api.runpod.io", fingerprint: "aaaa1111" },
    state: {},
  };
  const context = createContext({
    api: fakeApi(runpod),
    probe: async (url, { bearer } = {}) => {
      runpod.probed.push({ url, bearer });
      return runpod.answer(clock.monotonic());
    },
    clock,
    settings: {
      apiKey: "rpa_test",
      fallbackApiKey: undefined,
      apiUrl: "https://api.runpod.io/v2",
      graphqlUrl: "https://api.runpod.io/graphql",
      proxyUrl: "https://{podId}-{port}.proxy.runpod.net",
      serverlessUrl: "https://api.runpod.ai/v2",
      loadBalancerUrl: "https://{endpointId}.api.runpod.ai",
    },
    journal: new Journal(
      async () => (runpod.state === null ? undefined : readState(runpod.state)),
      // Nothing can be written here, so nothing is in it.
      new CreateLog("/dev/null"),
      clock,
    ),
    say: (line) => said.push(line),
    progress: ({ urn, label }, line, isKept) =>
      shown.push(`${isKept ? "! " : ""}${urn ?? label}: ${line}`),
  });
  return { context, clock, runpod, said, shown };
}

/** A failed call as the API layer throws it. */
export function apiError(kind: ErrorKind, detail = `told ${kind}`): RunpodError {
  return new RunpodError(safe`doing it: ${detail}`, { kind, detail });
}

/** Lines that a container printed, a second apart. */
export function logLines(source: "container" | "system", ...lines: string[]): LogLine[] {
  return lines.map((line, index) => ({
    at: `2026-11-23T12:00:${String(index).padStart(2, "0")}Z`,
    source,
    line,
  }));
}

/** The record of a pod's update, independent of the order of its fields. */
export function updateCall(id: string, body: object): string {
  const ordered = (_: string, value: unknown) =>
    value === null || typeof value !== "object" || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `update ${id} ${JSON.stringify(body, ordered)}`;
}

function fakeApi(runpod: FakeRunpod): RunpodApi {
  const call = <R>(name: string, answer: () => R) => {
    runpod.calls.push(name);
    const failure = runpod.failures[name]?.shift();
    return failure === undefined ? Promise.resolve().then(answer) : Promise.reject(failure);
  };
  const found = <T extends { id: string }>(items: readonly T[], id: string): T => {
    const item = items.find((one) => one.id === id);
    if (item === undefined) {
      throw apiError("notFound");
    }
    return item;
  };
  const named = {
    list: () => call("list named", () => runpod.named),
    get: (id: string) => call(`get ${id}`, () => found(runpod.named, id)),
  };
  const api = {
    secrets: named,
    registries: named,
    delegations: named,
    tags: named,
    globalVolumes: named,
    costCenters: named,
    get account() {
      return runpod.account;
    },
    pods: {
      list: () => call("list pods", () => runpod.pods),
      get: (id: string) => call(`get ${id}`, () => found(runpod.pods, id)),
      create: () => call("create pod", () => found(runpod.pods, "new")),
      update: (id: string, body: object) =>
        call(updateCall(id, body), () => found(runpod.pods, id)),
      delete: (id: string) => call(`delete ${id}`, () => undefined),
      act: (id: string, action: string) => call(`${action} ${id}`, () => found(runpod.pods, id)),
      logs: (id: string, { tail = 100 }: { tail?: number } = {}) =>
        call(`logs ${id}`, () => runpod.logs.slice(-tail)),
    },
    endpoints: {
      list: () => call("list endpoints", () => runpod.endpoints),
      get: (id: string) => call(`get ${id}`, () => found(runpod.endpoints, id)),
      create: () => call("create endpoint", () => found(runpod.endpoints, "new")),
      update: (id: string, body: object) =>
        call(updateCall(id, body), () => found(runpod.endpoints, id)),
      delete: (id: string) => call(`delete ${id}`, () => undefined),
      workers: (id: string) => call(`workers ${id}`, () => runpod.workers),
      workerLogs: (id: string, workerId: string) =>
        call(`logs ${id} ${workerId}`, () => runpod.logs),
    },
    jobs: {
      queued: (id: string) => call(`queued ${id}`, () => runpod.queued),
      run: (id: string, { input }: JobRequest) =>
        call(`run ${id} ${JSON.stringify(input)}`, () => ({ id: "job1", status: "IN_QUEUE" })),
      status: (id: string, jobId: string) => call(`status ${id} ${jobId}`, () => runpod.job()),
      cancel: (id: string, jobId: string) => call(`cancel ${id} ${jobId}`, () => undefined),
    },
    catalog: {
      gpus: () => call("list gpus", () => []),
      cpus: () => call("list cpus", () => []),
    },
    volumes: {
      list: () => call("list volumes", () => runpod.volumes),
      get: (id: string) => call(`get ${id}`, () => found(runpod.volumes, id)),
      update: (id: string, body: object) =>
        call(updateCall(id, body), () => found(runpod.volumes, id)),
      delete: (id: string) => call(`delete ${id}`, () => undefined),
    },
    clusters: {
      list: () => call("list clusters", () => runpod.clusters),
      delete: (id: string) => call(`delete ${id}`, () => undefined),
    },
    templates: {
      list: () => call("list templates", () => runpod.templates),
      get: (id: string) => call(`get ${id}`, () => found(runpod.templates, id)),
    },
  };
  return api as unknown as RunpodApi;
}
