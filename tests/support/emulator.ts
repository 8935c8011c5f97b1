import { type EmulatorOptions, startEmulator } from "@runpod-stack/emulator";

/** What was ever created, as `GET /_emulator/ledger` tells. */
export interface LedgerEntry {
  id: string;
  name: string;
  /** Which API key paid, from 1. */
  account: number;
  createdAt: string;
  endedAt: string | null;
  costPerHr: number;
  spent: number;
}

export interface Ledger {
  pods: LedgerEntry[];
  networkVolumes: LedgerEntry[];
  templates: LedgerEntry[];
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

export interface FaultOptions {
  method?: string;
  /** A regular expression over the path. */
  path?: string;
  times?: number;
  after?: number;
}

export interface TestEmulator {
  readonly url: string;
  /** The variables that lead the provider here. */
  readonly env: Readonly<Record<string, string>>;
  /** A JSON request to any path; with the first account's key unless told otherwise. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
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
  /** The parsed JSON, or the text if it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/** An emulator in this process, on a free port: containers ready at once, no rate limit. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startEmulator({ speed: "instant", rateLimit: null, seed: 1, ...options });
  const { url, env } = emulator;

  const call: TestEmulator["call"] = async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${env["RUNPOD_API_KEY"]}`,
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
