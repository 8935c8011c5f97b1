import type { Diagnosis } from "./diagnosis/cause";
import { isModelProgress } from "./progress";
import { presentRun } from "./run";

/** A server that reports that it accepts connections. */
interface Listener {
  readonly host: string;
  readonly port: number;
  /** The line that reports it. */
  readonly line: string;
  readonly kind: Kind;
}

/** How one kind of server reports where it listens. */
interface Kind {
  /** Matches the line, with the groups `host` and `port`. */
  readonly pattern: RegExp;
  /** The setting that makes it listen on all addresses. */
  readonly open: string;
  /** The setting that makes it listen on a port. */
  readonly onPort: (port: number) => string;
  /** Whether it serves a model, so that it is not a helper. */
  readonly isModel: boolean;
  /** Matches the later line of a server that reports its address before it accepts connections. */
  readonly ready?: RegExp;
}

const HOST = String.raw`(?<host>\[[^\]\s]{0,60}\]|::|[\w.-]{1,100})`;
const URL_OF = String.raw`https?:\/\/${HOST}:(?<port>\d{1,5})`;
const ON_PORT = (port: number) => `--port ${port}`;
const HOST_OPTION = "--host 0.0.0.0";
const STARTED = /Application startup complete/;

const UVICORN: Kind = {
  pattern: new RegExp(
    String.raw`Uvicorn running on (?:https?:\/\/|socket \(')${HOST}(?::|', )(?<port>\d{1,5})`,
  ),
  open: HOST_OPTION,
  onPort: ON_PORT,
  isModel: false,
};
const OLLAMA: Kind = {
  pattern: new RegExp(String.raw`Listening on ${HOST}:(?<port>\d{1,5}) \(version`),
  open: "OLLAMA_HOST=0.0.0.0 in env",
  onPort: (port) => `OLLAMA_HOST=0.0.0.0:${port} in env`,
  isModel: true,
};
const LLAMA_CPP: Kind = {
  pattern: new RegExp(`server (?:is )?listening (?:on|at) ${URL_OF}`),
  open: HOST_OPTION,
  onPort: ON_PORT,
  isModel: true,
};
const TGI: Kind = {
  pattern: /hostname: "(?<host>[^"]{0,100})"(?:.{0,400}?[^_\w]port: (?<port>\d{1,5}))?/,
  open: "--hostname 0.0.0.0",
  onPort: ON_PORT,
  isModel: true,
  ready: /text_generation_router.{0,80}: Connected\b/,
};

const KINDS: readonly Kind[] = [
  {
    pattern: new RegExp(String.raw`Starting vLLM (?:API )?server(?: \d{1,4})? on ${URL_OF}`),
    open: HOST_OPTION,
    onPort: ON_PORT,
    isModel: true,
    ready: STARTED,
  },
  UVICORN,
  TGI,
  LLAMA_CPP,
  OLLAMA,
  {
    pattern: new RegExp(`Listening at: ${URL_OF}`),
    open: "--bind 0.0.0.0:<port>",
    onPort: (port) => `--bind 0.0.0.0:${port}`,
    isModel: false,
  },
  {
    pattern: new RegExp(String.raw`Running on local URL:\s{1,4}${URL_OF}`),
    open: "GRADIO_SERVER_NAME=0.0.0.0 in env",
    onPort: (port) => `GRADIO_SERVER_PORT=${port} in env`,
    isModel: false,
  },
  {
    pattern: new RegExp(`To see the GUI go to: ${URL_OF}`),
    open: "--listen 0.0.0.0",
    onPort: ON_PORT,
    isModel: false,
  },
  {
    pattern: new RegExp(String.raw`Serving HTTP on ${HOST} port (?<port>\d{1,5})`),
    open: "--bind 0.0.0.0",
    onPort: (port) => `port ${port}`,
    isModel: false,
  },
];

/** The first lines of a model server. */
const MODEL_STARTS =
  /vLLM (?:API )?server version|█.{0,9} {2}version \S|server_args=ServerArgs\(|text_generation_launcher: Args \{|\bmain: loading model/;
/** Model servers that only uvicorn announces: SGLang, on the port in its arguments, and vLLM before 0.7. */
const SGLANG_PORT = /server_args=ServerArgs\(.{0,1500}?\bport=(\d{1,5})/;
const OLD_VLLM = /vLLM API server version 0\.[0-6]\./;
/** A request from outside the container that was answered. */
const OUTSIDE_REQUEST = /\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}:\d{1,5} - "(?:GET|POST|HEAD) /;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;
/** Proxies that forward requests inside the container and do not report where they listen. */
const GATEWAY = /\b(?:nginx|caddy|haproxy|traefik|envoy)\b/i;
/** Child processes of Ollama and llama.cpp listen on ports that the system assigns, from this one up. */
const FIRST_EPHEMERAL_PORT = 32_768;

interface Listening {
  readonly listeners: readonly Listener[];
  /** Whether a model server is still starting. */
  readonly isLoading: boolean;
}

function readListening(lines: readonly string[]): Listening {
  const listeners: Listener[] = [];
  let announced: Listener[] = [];
  let [starts, readies, lastProgress, lastReady] = [0, 0, -1, -1];
  const sglangPorts = lines.flatMap((line) => SGLANG_PORT.exec(line)?.[1] ?? []);
  const isOldVllm = lines.some((line) => OLD_VLLM.test(line));
  let tgiHost: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (MODEL_STARTS.test(line)) {
      starts += 1;
    }
    if (isModelProgress(line)) {
      lastProgress = index;
    }
    const up = announced.filter(({ kind }) => kind.ready?.test(line));
    announced = announced.filter((listener) => !up.includes(listener));
    for (const kind of KINDS) {
      const { host = "", port } = kind.pattern.exec(line)?.groups ?? {};
      if (port === undefined) {
        if (kind === TGI && host !== "") {
          tgiHost = tgiAddress(host);
        }
        continue;
      }
      const isModel = kind.isModel || isOldVllm || sglangPorts.includes(port);
      const address = kind === TGI ? tgiAddress(host) : host;
      const listener = { host: address, port: Number(port), line, kind: { ...kind, isModel } };
      if (kind.ready === undefined) {
        up.push(listener);
      } else {
        announced.push(listener);
      }
    }
    // TGI prints its arguments on one line or on many.
    const port = tgiHost === undefined ? undefined : /^\s{0,12}port: (\d{1,5})\b/.exec(line)?.[1];
    if (tgiHost !== undefined && port !== undefined) {
      announced.push({ host: tgiHost, port: Number(port), line, kind: TGI });
      tgiHost = undefined;
    }
    if (up.some(({ kind }) => kind.isModel)) {
      readies += 1;
      lastReady = index;
    }
    listeners.push(...up);
  }
  return {
    listeners: listeners.filter(
      ({ host, port }) => !(isLoopback(host) && port >= FIRST_EPHEMERAL_PORT),
    ),
    isLoading: announced.length > 0 || starts > readies || lastProgress > lastReady,
  };
}

/** TGI listens on all addresses if its host name is not an IP address but, for example, the container's id. */
function tgiAddress(host: string): string {
  const isAddress = /^[\d.]+$/.test(host) || (host.includes(":") && /^[\da-f:]+$/i.test(host));
  return isAddress ? host : "0.0.0.0";
}

/** Whether a server on this address can be reached only from inside the container. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The port that requests go to, and the ports that the pod exposes. */
export interface Asked {
  readonly port: number;
  /** The pod's ports, for example "8000/http"; undefined if not known. */
  readonly exposed?: readonly string[] | undefined;
}

/** A running server that cannot be reached on the requested port. */
export interface Unreachable extends Diagnosis {
  readonly cause: string;
  readonly remedy: string;
  /** Whether nothing that is still starting can change this. */
  readonly isFinal: boolean;
}

export const ON_LOOPBACK = "listens-on-loopback";

/**
 * Finds a running server that cannot be reached on the requested port because it listens on the
 * loopback address, on another port, or on a port that the pod does not expose. null if a server
 * listens on the requested port or may still do so. Use it only for a port on which the proxy finds
 * nothing: a gateway that prints nothing may listen there.
 */
export function findUnreachable(log: readonly string[], asked: Asked): Unreachable | null {
  const { listeners, isLoading } = readListening(presentRun(log));
  const { port, exposed } = asked;
  const here = listeners.filter((listener) => listener.port === port);
  const open = here.findLast(({ host }) => !isLoopback(host));
  const isExposed = (other: number) => exposed?.includes(`${other}/http`) !== false;
  if (open !== undefined) {
    const text = `The server listens on port ${port}, which the pod does not expose. Add "${port}/http" to the pod's ports.`;
    return isExposed(port) ? null : unreachable("port-not-exposed", open, text, true);
  }
  const local = here.at(-1);
  if (local !== undefined) {
    return onLocalhost(local);
  }
  if (isLoading) {
    return null;
  }
  const other = listeners.findLast(({ kind }) => kind.isModel) ?? listeners.at(-1);
  if (other === undefined) {
    return null;
  }
  const move = `Start it with ${other.kind.onPort(port)}`;
  if (isLoopback(other.host)) {
    const text = `The server listens on ${other.host}:${other.port}, which is not the requested port (${port}) and cannot be reached from outside the container. ${move} and ${other.kind.open}.`;
    return unreachable("server-on-other-port", other, text, false);
  }
  const ask = isExposed(other.port)
    ? `use port ${other.port}`
    : `add "${other.port}/http" to the pod's ports and use port ${other.port}`;
  const text = `The server listens on port ${other.port}, not on ${port}. ${move}, or ${ask}.`;
  return unreachable("server-on-other-port", other, text, false);
}

/** Finds a server that listens only on the loopback address, judging by the log alone. */
export function findLocalhostOnly(log: readonly string[]): Diagnosis | null {
  const lines = presentRun(log);
  const { listeners, isLoading } = readListening(lines);
  const last = listeners.at(-1);
  if (last === undefined || isLoading) {
    return null;
  }
  if (listeners.some(({ host }) => !isLoopback(host))) {
    return null;
  }
  if (lines.some((line) => OUTSIDE_REQUEST.test(line))) {
    return null;
  }
  const { isFinal: _, ...diagnosis } = onLocalhost(last);
  const hasGateway = lines.some((line) => GATEWAY.test(line));
  return hasGateway ? { ...diagnosis, confidence: "possible" } : diagnosis;
}

function onLocalhost(listener: Listener): Unreachable {
  const text = `The server listens only on ${listener.host}, so nothing outside the container can reach it. Start it with ${listener.kind.open}.`;
  return unreachable(ON_LOOPBACK, listener, text, true);
}

function unreachable(
  cause: string,
  { line }: Listener,
  remedy: string,
  isFinal: boolean,
): Unreachable {
  return { cause, confidence: "likely", evidence: [line.trim()], remedy, isFinal };
}
