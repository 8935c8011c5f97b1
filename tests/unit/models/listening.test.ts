import { diagnose, findUnreachable } from "../../../models/src";

const api = (text: string) => `(APIServer pid=1) INFO 11-26 16:28:52 [api_server.py:1351] ${text}`;
const STARTUP = [
  "(APIServer pid=1) INFO:     Started server process [1]",
  "(APIServer pid=1) INFO:     Waiting for application startup.",
  "(APIServer pid=1) INFO:     Application startup complete.",
];
const vllm = (host: string, port = 8000) => [
  api("vLLM API server version 0.20.0"),
  api("Starting to load model m..."),
  api(`Starting vLLM API server 0 on http://${host}:${port}`),
  ...STARTUP,
];
const uvicorn = (host: string, port = 8000) => [
  "INFO:     Application startup complete.",
  `INFO:     Uvicorn running on http://${host}:${port} (Press CTRL+C to quit)`,
];
const sglang = (host: string, port = 30_000) => [
  `[t] server_args=ServerArgs(model_path='m', host='${host}', port=${port}, tp_size=1)`,
  "[t] Load weight begin. avail mem=78.40 GB",
  ...uvicorn(host, port).map((line) => `[t] ${line}`),
  "[t] The server is fired up and ready to roll!",
];
const CONNECTED = "t  INFO text_generation_router::server: router/src/server.rs:2393: Connected";
const tgi = (host: string, port = 80) => [
  `t  INFO text_generation_launcher: Args { model_id: "m", master_port: 29500, hostname: "${host}", port: ${port} }`,
  "t  INFO shard-manager: text_generation_launcher: Starting shard rank=0",
  CONNECTED,
];
const tgiOnManyLines = (host: string, port = 80) => [
  "t  INFO text_generation_launcher: Args {",
  '    model_id: "m",',
  `    hostname: "${host}",`,
  `    port: ${port},`,
  "    prometheus_port: 9000,",
  "}",
  CONNECTED,
];
const llamaCpp = (host: string, port = 8080) => [
  "main: loading model",
  "main: model loaded",
  `main: server is listening on http://${host}:${port} - starting the main loop`,
];
const ollama = (host: string, port = 11_434) => [
  `time=t level=INFO source=routes.go:1310 msg="Listening on ${host}:${port} (version 0.13.5)"`,
];

const SERVERS: [string, (host: string, port: number) => string[], string][] = [
  ["vLLM", vllm, "--host 0.0.0.0"],
  [
    "a newer vLLM",
    (host, port) => [api(`Starting vLLM server on http://${host}:${port}`), ...STARTUP],
    "--host 0.0.0.0",
  ],
  ["uvicorn", uvicorn, "--host 0.0.0.0"],
  ["SGLang", sglang, "--host 0.0.0.0"],
  ["TGI", tgi, "--hostname 0.0.0.0"],
  ["TGI on many lines", tgiOnManyLines, "--hostname 0.0.0.0"],
  ["llama.cpp", llamaCpp, "--host 0.0.0.0"],
  ["Ollama", ollama, "OLLAMA_HOST=0.0.0.0"],
  ["gunicorn", (host, port) => [`[1] [INFO] Listening at: http://${host}:${port} (1)`], "--bind"],
  [
    "Gradio",
    (host, port) => [`* Running on local URL:  http://${host}:${port}`],
    "GRADIO_SERVER_NAME",
  ],
  ["ComfyUI", (host, port) => [`To see the GUI go to: http://${host}:${port}`], "--listen 0.0.0.0"],
  [
    "http.server",
    (host, port) => [`Serving HTTP on ${host} port ${port} (http://${host}:${port}/) ...`],
    "--bind 0.0.0.0",
  ],
];

describe.each(SERVERS)("%s", (name, log, open) => {
  /** TGI names addresses, not URLs. */
  const address = (host: string) => (name.startsWith("TGI") ? host.replace(/[[\]]/g, "") : host);

  test.each(["127.0.0.1", "127.0.1.1", "[::1]"])("that listens on %s cannot be reached", (host) => {
    const lines = log(address(host), 8000);
    const found = findUnreachable(lines, { port: 8000, exposed: ["8000/http"] });
    expect(found).toMatchObject({
      cause: "listens-on-loopback",
      confidence: "likely",
      isFinal: true,
    });
    expect(found?.remedy).toContain(open);
    expect(lines.map((line) => line.trim())).toContain(found?.evidence[0]);
    expect(diagnose(lines)).toMatchObject({
      cause: "listens-on-loopback",
      confidence: "likely",
      evidence: found?.evidence,
    });
  });

  test.each(["0.0.0.0", "[::]"])("that listens on %s can be reached", (host) => {
    const lines = log(address(host), 8000);
    expect(findUnreachable(lines, { port: 8000, exposed: ["8000/http"] })).toBeNull();
    expect(findUnreachable(lines, { port: 8000 })).toBeNull();
    expect(diagnose(lines).cause).toBeNull();
  });

  test("that listens on another port is reported with both remedies", () => {
    const found = findUnreachable(log("0.0.0.0", 8080), { port: 8000, exposed: ["8000/http"] });
    expect(found).toMatchObject({ cause: "server-on-other-port", isFinal: false });
    expect(found?.remedy).toContain("The server listens on port 8080, not on 8000.");
    expect(found?.remedy).toContain('or add "8080/http" to the pod\'s ports and use port 8080.');
    const exposed = ["8000/http", "8080/http"];
    expect(findUnreachable(log("0.0.0.0", 8080), { port: 8000, exposed })?.remedy).toMatch(
      /, or use port 8080\.$/,
    );
  });
});

describe("a port", () => {
  test("that the pod does not expose is named, once the server is up", () => {
    const asked = { port: 8000, exposed: ["22/tcp"] };
    expect(findUnreachable(vllm("0.0.0.0"), asked)).toMatchObject({
      cause: "port-not-exposed",
      remedy:
        'The server listens on port 8000, which the pod does not expose. Add "8000/http" to the pod\'s ports.',
      isFinal: true,
    });
    expect(findUnreachable(vllm("0.0.0.0").slice(0, 2), asked)).toBeNull();
  });

  test("on another address as well is reported with everything to change", () => {
    const found = findUnreachable(vllm("127.0.0.1", 8080), { port: 8000 });
    expect(found?.remedy).toBe(
      "The server listens on 127.0.0.1:8080, which is not the requested port (8000) and cannot be reached from outside the container. Start it with --port 8000 and --host 0.0.0.0.",
    );
  });
});

describe("nothing is concluded", () => {
  const asked = { port: 8000, exposed: ["8000/http"] };

  test.each([
    ["a server that still loads", vllm("127.0.0.1").slice(0, 2)],
    ["a server that has not finished its start", vllm("127.0.0.1").slice(0, 4)],
    [
      "a helper that is up while the server loads",
      [...vllm("x").slice(0, 2), ...uvicorn("127.0.0.1", 9000)],
    ],
    [
      "a helper that is up while SGLang loads",
      [...sglang("0.0.0.0", 8000).slice(0, 2), ...uvicorn("0.0.0.0", 9000)],
    ],
    [
      "a second model that still loads",
      [...vllm("0.0.0.0", 8001), api("Starting to load model n...")],
    ],
    [
      "a gateway before a server of its own",
      [...vllm("127.0.0.1", 8001), ...uvicorn("0.0.0.0", 8000)],
    ],
    ["a server before its helper", [...vllm("0.0.0.0", 8000), ...uvicorn("127.0.0.1", 9000)]],
    [
      "Ollama, whose runners listen for it alone",
      [...ollama("[::]", 8000), ...llamaCpp("127.0.0.1", 51_389)],
    ],
    [
      "what the container before it printed",
      [...vllm("127.0.0.1"), "start container for a: begin"],
    ],
    ["TGI under its container's name", tgi("f94abc1234", 8000)],
    ["a log without a word of it", ["hello"]],
    ["no log", []],
  ])("from %s", (_, lines) => {
    expect(findUnreachable(lines, asked)).toBeNull();
    expect(diagnose(lines).cause).toBeNull();
  });

  test("from a log alone, if it shows an answered request from outside", () => {
    const lines = [
      ...vllm("127.0.0.1"),
      'INFO: 100.64.0.25:51234 - "GET /v1/models HTTP/1.1" 200 OK',
    ];
    expect(diagnose(lines).cause).toBeNull();
  });

  test("for certain, if the log mentions a gateway", () => {
    const lines = [" * Starting nginx nginx", ...vllm("127.0.0.1")];
    expect(diagnose(lines)).toMatchObject({ cause: "listens-on-loopback", confidence: "possible" });
  });
});

test("an error in the log takes precedence over where the server listens", () => {
  const lines = [
    ...vllm("127.0.0.1"),
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate",
  ];
  expect(diagnose(lines).cause).not.toBe("listens-on-loopback");
});

test("vLLM before 0.7 is announced by uvicorn", () => {
  const lines = [
    "INFO 11-26 16:28:32 api_server.py:495] vLLM API server version 0.6.3",
    "INFO:     Application startup complete.",
    "INFO:     Uvicorn running on socket ('127.0.0.1', 8000) (Press CTRL+C to quit)",
  ];
  expect(diagnose(lines).cause).toBe("listens-on-loopback");
  expect(findUnreachable(lines, { port: 8001 })?.cause).toBe("server-on-other-port");
});

test.each([
  api("vLLM API server version 0.20.0"),
  api("vLLM server version 0.24.0, serving model m"),
  api(" ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.24.0"),
])("a model server that has begun may still listen elsewhere: %s", (begun) => {
  const helper = uvicorn("127.0.0.1", 9000);
  expect(findUnreachable([...helper, begun], { port: 8000 })).toBeNull();
  expect(findUnreachable(helper, { port: 8000 })).not.toBeNull();
});
