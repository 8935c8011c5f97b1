import { diagnose } from "../../../../models/src";
import healthy from "../../../support/healthy-logs.json";

const OOM =
  "(EngineCore pid=9) ERROR 03-01 [core.py:700] torch.OutOfMemoryError: CUDA out of memory.";
const REPORT = "(APIServer pid=1) RuntimeError: Engine core initialization failed.";
const HELPER = [
  "INFO:     Started server process [7]",
  "INFO:     Application startup complete.",
  "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)",
];
const start = (image = "acme/worker:3") =>
  `2026-01-01T00:00:00Z start container for ${image}: begin`;

/** As public threads show them, shortened and completed. */
describe.each(healthy.map(({ name, lines }) => [name, lines] as const))("%s", (_, lines) => {
  test("has no cause at any moment", () => {
    for (let length = 1; length <= lines.length; length++) {
      expect(diagnose(lines.slice(0, length)).cause).toBeNull();
    }
  });
});

describe("a helper's web server", () => {
  test.each([
    ["after the crash", [OOM, REPORT, ...HELPER]],
    ["before and after it", [...HELPER, OOM, REPORT, ...HELPER]],
    ["with a page of its own", [OOM, REPORT, "* Running on local URL:  http://0.0.0.0:7860"]],
    ["under another name", [OOM, "api-1  | INFO:     Application startup complete."]],
  ])("that comes up %s does not hide it", (_, log) => {
    expect(diagnose(log)).toMatchObject({ cause: "gpu-oom-load", evidence: [OOM] });
  });

  test("hides what only may be a cause", () => {
    const alarm = "WARNING ImportError('libcuda.so.1: cannot open shared object file')";
    expect(diagnose(["vLLM", alarm, ...HELPER]).cause).toBeNull();
    expect(diagnose(["vLLM", alarm]).cause).toBe("libcuda-missing");
  });

  test("hides an error of a container without a model server", () => {
    expect(diagnose(["CUDA out of memory", ...HELPER]).cause).toBeNull();
    expect(diagnose(["CUDA out of memory", "ollama", ...HELPER]).cause).toBe("gpu-oom-load");
  });

  test("does not hide an error after the model server's progress", () => {
    const loading = "Loading safetensors checkpoint shards: 100% Completed | 4/4";
    expect(diagnose([loading, OOM, ...HELPER]).cause).toBe("gpu-oom-load");
  });

  test("does not hide an error outside the table", () => {
    const error = "(EngineCore pid=9) ERROR 03-01 [core.py:700] FrobnicationError: no flux";
    expect(diagnose([error, REPORT, ...HELPER])).toMatchObject({
      cause: "engine-core-wrapper-only",
      evidence: [error],
    });
  });

  test("is the model's if the server continued after its error", () => {
    const loading =
      "Loading safetensors checkpoint shards: 100% Completed | 4/4 [00:03<00:00, 1it/s]";
    expect(diagnose([OOM, loading, ...HELPER]).cause).toBeNull();
  });
});

describe("an orderly stop", () => {
  test.each([
    "stop container 0a1b2c",
    "INFO 01-30 18:39:18 launcher.py:57] Shutting down FastAPI HTTP server.",
    "INFO:     Shutting down",
    "(EngineCore pid=39) INFO 05-26 [core.py:1155] [shutdown] EngineCore: trigger received signal=SIGTERM",
    "[2026-09-14 20:17:38] SIGTERM received. signum=None frame=None. Draining requests and shutting down...",
    "2024-05-07T12:49:42Z  INFO text_generation_launcher: Terminating webserver",
    "2026-01-01 WARN received SIGTERM indicating exit request",
    "runpod-stack timer: the time is up: asking RunPod to stop this pod",
  ])("is not a failure, whatever follows it: %s", (stop) => {
    const after = ["EngineDeadError: EngineCore encountered an issue.", "exited with code 137"];
    expect(diagnose(["loading", stop, ...after])).toEqual({
      cause: null,
      confidence: null,
      evidence: [],
      remedy: null,
    });
  });

  test("after a crash does not hide it: vLLM ends its web server when the engine dies", () => {
    const log = [
      ...HELPER,
      OOM,
      "INFO:     Shutting down",
      "INFO:     Application shutdown complete.",
    ];
    expect(diagnose(log).cause).toBe("gpu-oom-load");
  });

  test("in the previous run does not explain this one", () => {
    expect(diagnose([start(), "stop container 0a1b2c", start(), OOM]).cause).toBe("gpu-oom-load");
  });
});

describe("starts without output", () => {
  test("are a loop from the third on", () => {
    const log = ["create container acme/worker:3", "Status: Image is up to date", start(), start()];
    expect(diagnose(log).cause).toBeNull();
    expect(diagnose([...log, start()])).toMatchObject({
      cause: "silent-start-loop",
      confidence: "likely",
      evidence: [start(), start(), start()],
      remedy: expect.stringContaining("dockerStartCmd"),
    });
  });

  test("are not a loop with a line between them, and any cause wins", () => {
    expect(diagnose([start(), "hello", start(), "hello", start(), "hello"]).cause).toBeNull();
    expect(diagnose([OOM, start(), start(), start()]).cause).toBe("gpu-oom-load");
  });
});

test("a cause may be 400 lines before the end", () => {
  const frames = Array(400).fill(
    '(APIServer pid=1)   File "/x/vllm/api_server.py", line 99, in build',
  );
  expect(diagnose([OOM, ...frames, REPORT]).cause).toBe("gpu-oom-load");
});
