import { type EmulatorOptions, startEmulator } from "@runpod-stack/emulator";

/** An entry of `GET /_emulator/ledger`. */
export interface LedgerEntry {
  id: string;
  name: string;
  /** Which API key paid, from 1. */
  account: number;
  createdAt: string;
  endedAt: string | null;
  costPerHr: number;
  spent: number;
  /** Of a pod that belongs to a cluster. */
  clusterId?: string;
}

export interface Ledger {
  pods: LedgerEntry[];
  networkVolumes: LedgerEntry[];
  templates: LedgerEntry[];
  endpoints: LedgerEntry[];
  secrets: LedgerEntry[];
  registries: LedgerEntry[];
  delegations: LedgerEntry[];
  tags: LedgerEntry[];
  costCenters: LedgerEntry[];
  globalVolumes: LedgerEntry[];
  clusters: LedgerEntry[];
}

export interface RecordedRequest {
  at: string;
  method: string;
  path: string;
  query?: string;
  status: number | null;
  client: string;
  body?: unknown;
}

export interface RecordedLine {
  /** The frame's id, to resume after it. */
  id: string;
  ts: string;
  source: "container" | "system";
  line: string;
}

export interface FaultOptions {
  method?: string;
  /** A regular expression over the path. */
  path?: string;
  times?: number;
  after?: number;
}

export interface TestEmulator {
  readonly url: string;
  /** The environment variables that point the provider to it. */
  readonly env: Readonly<Record<string, string>>;
  /** A JSON request to any path. @default with the first account's key */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** What a pod's log stream sends before it falls silent; `query` as `tail=5&source=system`. */
  logs(podId: string, query?: string, headers?: Record<string, string>): Promise<RecordedLine[]>;
  /** The same of a serverless worker, from its first line. */
  workerLogs(endpointId: string, workerId: string): Promise<RecordedLine[]>;
  ledger(): Promise<Ledger>;
  requests(): Promise<RecordedRequest[]>;
  clearRequests(): Promise<void>;
  /** As `fault("reset:after", { method: "POST", path: "^/v2/pods$", times: 1 })`. */
  fault(fault: string, options?: FaultOptions): Promise<void>;
  clearFaults(): Promise<void>;
  /** Moves the emulator's clocks. */
  advance(seconds: number): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, or the string if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

const SILENCE_MS = 400;

/** An emulator in this process, on a free port: containers ready immediately, no limits. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startEmulator({
    speed: "instant",
    rateLimit: null,
    spendLimit: null,
    seed: 1,
    ...options,
  });
  const { url, env } = emulator;
  const authorization = { authorization: `Bearer ${env["RUNPOD_API_KEY"]}` };

  const call: TestEmulator["call"] = async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...authorization,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parse(await response.text()),
    };
  };

  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, `/_emulator/${path}`, body);
    if (answer.status >= 300) {
      throw new Error(`${method} /_emulator/${path}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };

  return {
    url,
    env,
    call,
    logs: async (podId, query = "", headers = {}) =>
      frames(
        await readUntilSilent(`${url}/v2/pods/${podId}/logs?${query}`, {
          ...authorization,
          ...headers,
        }),
      ),
    workerLogs: async (endpointId, workerId) => {
      const path = `/v2/serverless/${endpointId}/workers/${workerId}/logs?tail=5000`;
      return frames(await readUntilSilent(url + path, authorization));
    },
    ledger: () => control("GET", "ledger"),
    requests: async () => (await control("GET", "requests")).requests,
    clearRequests: () => control("DELETE", "requests"),
    fault: (fault, { method, path, ...counts } = {}) =>
      control("POST", "faults", { match: { method, path }, ...counts, fault }),
    clearFaults: () => control("DELETE", "faults"),
    advance: (seconds) => control("POST", "clock", { advance: seconds }),
    reset: () => control("POST", "reset"),
    close: () => emulator.close(),
  };
}

/** The stream never ends by itself, and has no headers before it has a line. */
async function readUntilSilent(url: string, headers: Record<string, string>): Promise<string> {
  const reading = new AbortController();
  const silence = setTimeout(() => reading.abort(), SILENCE_MS);
  let text = "";
  try {
    const answer = await fetch(url, { headers, signal: reading.signal });
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      silence.refresh();
    }
  } catch (error) {
    if (!reading.signal.aborted) {
      throw error;
    }
  }
  clearTimeout(silence);
  return text;
}

function frames(text: string): RecordedLine[] {
  return [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = "", data = ""]) => ({
    id,
    ...JSON.parse(data),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
