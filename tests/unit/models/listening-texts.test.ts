import { findLocalhostOnly, findUnreachable, isLoopback } from "../../../models/src/listening";
import { presentRun } from "../../../models/src/run";

const LOADING = "INFO 11-26 16:28:52 [gpu_model_runner.py:1] Starting to load model m...";
const STARTED = "INFO:     Application startup complete.";
const uvicorn = (host: string, port: number) => [
  `  INFO:     Uvicorn running on http://${host}:${port} (Press CTRL+C to quit)`,
];
const vllm = (host: string, port: number) => [
  `INFO vLLM API server version 0.20.0`,
  `INFO Starting vLLM API server 0 on http://${host}:${port}`,
  STARTED,
];
const sglang = (host: string, port: number) => [
  `server_args=ServerArgs(model_path='m', nccl_port=1234, host='${host}', port=${port}, tp_size=1)`,
  ...uvicorn(host, port),
];
const CONNECTED = "INFO text_generation_router::server: router/src/server.rs:2393: Connected";
const tgi = (host: string, port: number) => [
  `INFO text_generation_launcher: Args { hostname: "${host}", master_port: 1234, port: ${port} }`,
  CONNECTED,
];
const tgiOnManyLines = (host: string, port: number) => [
  "INFO text_generation_launcher: Args {",
  `    hostname: "${host}",`,
  `    port: ${port},`,
  CONNECTED,
];
const llamaCpp = (host: string, port: number) => [
  `main: server is listening on http://${host}:${port} - starting the main loop`,
];
const ollama = (host: string, port: number) => [
  `msg="Listening on ${host}:${port} (version 0.13.5)"`,
];
const gradio = (host: string, port: number) => [`* Running on local URL:  http://${host}:${port}`];

interface Server {
  readonly name: string;
  readonly log: (host: string, port: number) => string[];
  /** What makes it listen on all addresses, and on port 8000. */
  readonly open: string;
  readonly move: string;
  readonly isModel: boolean;
}

const HOST = "--host 0.0.0.0";
const PORT = "--port 8000";
const SERVERS: readonly Server[] = [
  { name: "vLLM", log: vllm, open: HOST, move: PORT, isModel: true },
  { name: "uvicorn", log: uvicorn, open: HOST, move: PORT, isModel: false },
  { name: "SGLang", log: sglang, open: HOST, move: PORT, isModel: true },
  { name: "TGI", log: tgi, open: "--hostname 0.0.0.0", move: PORT, isModel: true },
  {
    name: "TGI on many lines",
    log: tgiOnManyLines,
    open: "--hostname 0.0.0.0",
    move: PORT,
    isModel: true,
  },
  { name: "llama.cpp", log: llamaCpp, open: HOST, move: PORT, isModel: true },
  {
    name: "Ollama",
    log: ollama,
    open: "OLLAMA_HOST=0.0.0.0 in env",
    move: "OLLAMA_HOST=0.0.0.0:8000 in env",
    isModel: true,
  },
  {
    name: "gunicorn",
    log: (host, port) => [`[INFO] Listening at: http://${host}:${port} (1)`],
    open: "--bind 0.0.0.0:<port>",
    move: "--bind 0.0.0.0:8000",
    isModel: false,
  },
  {
    name: "Gradio",
    log: gradio,
    open: "GRADIO_SERVER_NAME=0.0.0.0 in env",
    move: "GRADIO_SERVER_PORT=8000 in env",
    isModel: false,
  },
  {
    name: "ComfyUI",
    log: (host, port) => [`To see the GUI go to: http://${host}:${port}`],
    open: "--listen 0.0.0.0",
    move: PORT,
    isModel: false,
  },
  {
    name: "http.server",
    log: (host, port) => [`Serving HTTP on ${host} port ${port} (http://${host}:${port}/) ...`],
    open: "--bind 0.0.0.0",
    move: "port 8000",
    isModel: false,
  },
];

const asked = { port: 8000 };
const remedy = (log: string[], exposed?: string[]) =>
  findUnreachable(log, { port: 8000, exposed })?.remedy;

describe.each(SERVERS)("$name", ({ log, open, move, isModel }) => {
  test("has a remedy for each place where it cannot be reached", () => {
    expect(remedy(log("127.0.0.1", 8000))).toBe(
      `The server listens only on 127.0.0.1, so nothing outside the container can reach it. Start it with ${open}.`,
    );
    expect(remedy(log("0.0.0.0", 8080))).toBe(
      `The server listens on port 8080, not on 8000. Start it with ${move}, or use port 8080.`,
    );
    expect(remedy(log("0.0.0.0", 8080), ["8000/http"])).toBe(
      `The server listens on port 8080, not on 8000. Start it with ${move}, or add "8080/http" to the pod's ports and use port 8080.`,
    );
    expect(remedy(log("127.0.0.1", 8080))).toBe(
      `The server listens on 127.0.0.1:8080, which is not the requested port (8000) and cannot be reached from outside the container. Start it with ${move} and ${open}.`,
    );
  });

  test("is the server meant next to a helper, if it serves a model", () => {
    const found = findUnreachable([...log("0.0.0.0", 9001), ...gradio("0.0.0.0", 9002)], asked);
    expect(found?.remedy).toContain(`listens on port ${isModel ? 9001 : 9002},`);
  });
});

test("A finding has its cause, its line and whether it is final", () => {
  const line = "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)";
  const found = {
    cause: "listens-on-loopback",
    confidence: "likely",
    evidence: [line],
    remedy:
      "The server listens only on 127.0.0.1, so nothing outside the container can reach it. Start it with --host 0.0.0.0.",
  };
  expect(findUnreachable(uvicorn("127.0.0.1", 8000), asked)).toEqual({ ...found, isFinal: true });
  expect(findLocalhostOnly(uvicorn("127.0.0.1", 8000))).toEqual(found);
  expect(findUnreachable(uvicorn("127.0.0.1", 8080), asked)).toMatchObject({
    cause: "server-on-other-port",
    isFinal: false,
  });
});

describe("Of several servers on the requested port", () => {
  test("one that can be reached is enough", () => {
    const both = [...uvicorn("127.0.0.1", 8000), ...uvicorn("0.0.0.0", 8000)];
    expect(findUnreachable(both, asked)).toBeNull();
    expect(findUnreachable(both.toReversed(), asked)).toBeNull();
    expect(findLocalhostOnly(both)).toBeNull();
    expect(findLocalhostOnly(both.toReversed())).toBeNull();
  });

  test("the last is reported", () => {
    const local = [...uvicorn("127.0.0.1", 8000), ...gradio("127.0.0.1", 8000)];
    expect(findUnreachable(local, asked)?.evidence).toEqual([local[1]]);
    const open = [...uvicorn("0.0.0.0", 8000), ...gradio("0.0.0.0", 8000)];
    expect(findUnreachable(open, { port: 8000, exposed: [] })?.evidence).toEqual([open[1]]);
  });

  test("the helpers of a model server count only from inside the usual ports", () => {
    expect(findUnreachable(llamaCpp("127.0.0.1", 32_768), { port: 32_768 })).toBeNull();
    expect(findUnreachable(llamaCpp("127.0.0.1", 32_767), { port: 32_767 })).not.toBeNull();
    expect(findUnreachable(llamaCpp("0.0.0.0", 40_000), asked)).not.toBeNull();
  });
});

describe("A model server is still starting", () => {
  const helper = uvicorn("0.0.0.0", 9000);
  test.each([
    [[LOADING]],
    [["x", LOADING]],
    [["server_args=ServerArgs(model_path='m', port=30000)"]],
    [["INFO text_generation_launcher: Args {"]],
    [["main: loading model"]],
    [["vLLM API server version 0.7.0"]],
    [["vLLM server version 0.24.0"]],
    [["█ ▀▄▀  version 0.24.0"]],
    [["INFO Starting vLLM server on http://0.0.0.0:9001"]],
    [["vLLM API server version 0.10.1"]],
    [vllm("0.0.0.0", 9001).slice(0, 2)],
    [tgi("0.0.0.0", 9001).slice(0, 1)],
    [[...tgi("0.0.0.0", 9001).slice(0, 1), "INFO text_generation_router: Connecting"]],
    [tgiOnManyLines("0.0.0.0", 9001).slice(0, 3)],
    [[...vllm("0.0.0.0", 9001), "vLLM API server version 0.20.0", STARTED]],
  ])("after: %j", (lines) => {
    expect(findUnreachable([...lines, ...helper], asked)).toBeNull();
    expect(findLocalhostOnly([...lines, ...uvicorn("127.0.0.1", 9000)])).toBeNull();
  });

  test.each(["█ version 0.20.0", "█  version  ", "    port: 8000,", 'hostname: ""'])(
    "but not after: %s",
    (line) => {
      expect(findUnreachable([line, ...helper], asked)).not.toBeNull();
    },
  );
});

describe("TGI", () => {
  test("prints its port once after its host name", () => {
    const log = tgiOnManyLines("0.0.0.0", 8080);
    const more = [...log.slice(0, -1), "    port: 8000,", CONNECTED];
    expect(remedy(more)).toContain("listens on port 8080, not on 8000");
    const other = log.toSpliced(2, 0, "    prometheus_port: 8000,", `    port: 800000,`);
    expect(remedy(other)).toContain("listens on port 8080, not on 8000");
  });

  test.each(["f94abc1234", "localhost", "127.0.0.1.example"])(
    "listens on all addresses under the name %s",
    (host) => {
      expect(findUnreachable(tgi(host, 8000), asked)).toBeNull();
      expect(findUnreachable(tgiOnManyLines(host, 8000), asked)).toBeNull();
    },
  );

  test.each(["127.0.0.1", "::1"])("listens on the address %s", (host) => {
    expect(findUnreachable(tgi(host, 8000), asked)?.cause).toBe("listens-on-loopback");
  });
});

describe("By the log alone, a server on the loopback address", () => {
  const local = uvicorn("127.0.0.1", 8000);
  test.each(["GET", "POST", "HEAD"])("may be reached if it answered a %s from outside", (verb) => {
    const answered = `INFO: 100.64.0.25:51234 - "${verb} /v1/models HTTP/1.1" 200 OK`;
    expect(findLocalhostOnly([...local, answered])).toBeNull();
    expect(findLocalhostOnly([answered, ...local])).toBeNull();
  });

  test.each([
    'INFO: 127.0.0.1:51234 - "GET / HTTP/1.1" 200 OK',
    'INFO: 100.64.0.25:51234 - "PUT / HTTP/1.1" 200 OK',
    'INFO: x100.64.0.25:51234 - "GET / HTTP/1.1" 200 OK',
    "mynginx and nginxes",
  ])("is found likely in spite of: %s", (line) => {
    expect(findLocalhostOnly([line, ...local])).toMatchObject({ confidence: "likely" });
  });

  test.each(["nginx", "Caddy", "haproxy", "traefik", "envoy"])("is possible next to %s", (name) => {
    const found = findLocalhostOnly([`Starting ${name}.`, ...local]);
    expect(found).toMatchObject({ cause: "listens-on-loopback", confidence: "possible" });
  });

  test("is not found in a log without one", () => {
    expect(findLocalhostOnly([])).toBeNull();
    expect(findLocalhostOnly(["hello"])).toBeNull();
  });
});

test.each([
  ..."localhost|LOCALHOST|127.0.0.1|127.255.10.254|::1|[::1]"
    .split("|")
    .map((host) => [host, true] as const),
  ..."mylocalhost|localhost.example|127.0.0.1.1|1127.0.0.1|127.0.1|128.0.0.1|127.a.b.c|::11|a::1|0.0.0.0|::|"
    .split("|")
    .map((host) => [host, false] as const),
])("%s is a loopback address: %s", (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

test("A log begins with the container's last start", () => {
  const start = "start container for a: begin";
  expect(presentRun(["a", start, "b", start, "c"])).toEqual([start, "c"]);
  const none = ["a", "restart container for a", "start container forever", "b"];
  expect(presentRun(none)).toEqual(none);
});
