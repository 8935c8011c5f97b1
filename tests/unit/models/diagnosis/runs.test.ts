import { hasNearby, readRuns, silentStarts } from "../../../../models/src/diagnosis/log";

const STARTS = [
  "2026-01-01 start container for a/b:1: begin",
  "INFO [api_server.py:1] vLLM API server version 0.20.0",
  "INFO [utils.py:1] non-default args: {'model': 'a/b'}",
  "[2026-01-01] server_args=ServerArgs(model_path='a/b')",
  "INFO text_generation_launcher: Args {",
];

describe("A run", () => {
  test.each(STARTS)("ends where another begins with %j", (start) => {
    const runs = readRuns([start, "a", start, "b"]);
    expect(runs.map(({ lines }) => lines)).toEqual([
      [start, "a"],
      [start, "b"],
    ]);
  });

  test("has one start of each kind", () => {
    expect(readRuns([...STARTS, "a"])).toHaveLength(1);
    expect(readRuns([...STARTS, "a", ...STARTS])).toHaveLength(2);
    expect(readRuns(["restart container for", "restart container for"])).toHaveLength(1);
  });

  test.each([
    "(APIServer pid=17) INFO:     Application startup complete.",
    "(APIServer pid=1) INFO 01-01 10:00:00 [x.py:1] INFO: Application startup complete.",
    "[2026-01-01] The server is fired up and ready to roll!",
    "main: model loaded",
    "main: server is listening on http://0.0.0.0:80 - starting the main loop",
    "2026-01-01 INFO text_generation_router::server: router/src/server.rs:1: Connected",
    'msg="Listening on [::]:11434 (version 0.12.6)"',
    'INFO: 10.0.0.1:80 - "GET /v1/models HTTP/1.1" 200 OK',
    '"POST /v1/chat/completions HTTP/2.0" 200',
  ])("forgets its output once a model server is ready: %s", (line) => {
    expect(readRuns(["a", line, "b"])).toEqual([
      { lines: ["b"], before: [], served: true, stopped: false },
    ]);
  });

  test.each([
    "INFO:     Application startup complete.",
    "To see the GUI go to: http://0.0.0.0:8188",
    "* Running on local URL:  http://0.0.0.0:7860",
    "INFO text_embeddings_router: router/src/lib.rs:1: Ready",
  ])("keeps apart its output before any web server is ready: %s", (line) => {
    expect(readRuns(["a", line, "b", line])).toEqual([
      { lines: [], before: ["a", "b"], served: true, stopped: false },
    ]);
  });

  test.each([
    '"GET /v1/models HTTP/1.1" 404',
    '"GET /v1/models HTTP/1.1" 2000',
    '"GET /health HTTP/1.1" 200 OK',
    "(APIServer pid=x) Application startup begins",
    "Listening on [::]:11434",
    "text_embeddings_router: Ready to start",
  ])("goes on after %s", (line) => {
    expect(readRuns([line])).toEqual([
      { lines: [line], before: [], served: false, stopped: false },
    ]);
  });

  test.each([
    "stop container 0a1b2c",
    "2026-01-01T00:00:00Z remove container",
    "INFO [launcher.py:57] Shutting down FastAPI HTTP server.",
    "INFO:     Shutting down  ",
    "[core.py:1] [shutdown] EngineCore: trigger received signal=SIGTERM",
    "[shutdown] shutdown triggered",
    "SIGTERM received. signum=None",
    "got (SIGINT) caught",
    "received SIGTERM",
    "Received signal: 15",
    "caught a SIGINT",
    "handling signal SIGINT",
    "Got signal 2",
    "received 15",
    "Terminating webserver",
    "starting graceful shutdown",
    "Gracefully exiting",
    "shutting down gracefully",
    "runpod-stack timer: the time is up: asking RunPod to stop this pod",
  ])("ends in order with %s, whatever follows", (stop) => {
    expect(readRuns(["a", stop, "b", "c"])).toEqual([
      { lines: ["a"], before: [], served: false, stopped: true },
    ]);
  });

  test.each([
    "I will stop container a",
    "nonstop container",
    "INFO:     Shutting down the cache",
    "instructions regarding SIGTERM received",
    "*** SIGTERM received at time=1 ***",
    "received 153 requests",
    "received 25",
    "MYSIGTERM received",
  ])("does not end with %s", (line) => {
    expect(readRuns([line, "b"])[0]).toMatchObject({ lines: [line, "b"], stopped: false });
  });

  test("goes on after a stop if a model server starts or shows progress", () => {
    const progress = "Loading safetensors checkpoint shards:  58% Completed | 7/12";
    const start = STARTS[1] as string;
    expect(readRuns(["stop container a", start])[0]).toMatchObject({ lines: [start] });
    expect(readRuns(["stop container a", "x", progress, "y"])).toEqual([
      { lines: [progress, "y"], before: [], served: false, stopped: false },
    ]);
  });

  test("has lines without colors, without empty ones, split where one overwrites another", () => {
    const log = ["\u001b[0;36ma\u001b[0m", " ", "b\rc\r", "\u001b[12345678901234567890md\u001b[K"];
    expect(readRuns(log)[0]?.lines).toEqual(["a", "b", "c", "d"]);
  });
});

describe("A loop of silent starts", () => {
  const start = STARTS[0] as string;
  const three = [start, start, start];

  test.each([
    "create container a/b:1",
    "stop container a",
    "remove container a",
    "1.0 Pulling from a/b",
    "316f8cbc3be8 Pulling fs layer",
    "pending image pull a/b",
    "Digest: sha256:12",
    "Status: Image is up to date for a/b:1",
    "Status: Downloaded newer image for a/b:1",
    "316f8cbc3be8 Pull complete",
    "316f8cbc3be8 Download complete",
    "316f8cbc3be8 Already exists",
    "316f8cbc3be8 Verifying Checksum",
    "316f8cbc3be8 Downloading [=>  ] 1GB/2GB",
    "316f8cbc3be8 Extracting   [=>  ] 1GB/2GB",
    "create network",
    "created network a",
    "remove network a",
  ])("may have the host's line %j in it", (line) => {
    expect(silentStarts([start, line, start, line, start, line])).toEqual(three);
  });

  test("needs three starts since the last output", () => {
    expect(silentStarts([start, start])).toEqual([]);
    expect(silentStarts([start, "a", start, start])).toEqual([]);
    expect(silentStarts(["a", ...three])).toEqual(three);
    expect(silentStarts([...three, start])).toHaveLength(4);
    expect(silentStarts([])).toEqual([]);
  });
});

test("a nearby line is within the given number of lines, before or after", () => {
  const lines = ["x", "a", "b", "c", "d", "x"];
  const near = (index: number, count: number) =>
    hasNearby(lines, index, { pattern: /x/, lines: count });
  expect([near(0, 0), near(1, 0), near(2, 1), near(2, 2)]).toEqual([true, false, false, true]);
  expect([near(3, 1), near(3, 2), near(4, 1)]).toEqual([false, true, true]);
  expect(near(1, 1)).toBe(true);
});
