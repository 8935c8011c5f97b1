import { diagnose } from "../../../../models/src";
import { lastError } from "../../../../models/src/diagnosis/report";

const HEADER = "(EngineCore pid=9) ERROR 03-18 [core.py:866] EngineCore failed to start.";
const FRAME = '(EngineCore pid=9) ERROR 03-18 [core.py:866]   File "/x/y.py", line 1, in run';
const REPORT = "RuntimeError: Engine core initialization failed. See root cause above.";
const FROBNICATION = "(EngineCore pid=9) ERROR 03-18 [core.py:866] acme.FrobnicationError: no flux";

describe("a report of an error outside the table", () => {
  test.each([
    ["an error", [HEADER, FRAME, FROBNICATION, FRAME, REPORT], FROBNICATION],
    ["the last of several errors", ["KeyError: 'a'", FROBNICATION, FRAME, REPORT], FROBNICATION],
    ["an error with no report after it", [HEADER, FRAME, FROBNICATION], FROBNICATION],
    [
      "a signal",
      [
        "INFO shard-manager: text_generation_launcher: Starting shard rank=0",
        "ERROR shard-manager: text_generation_launcher: Shard process was signaled to shutdown with signal 11 rank=0",
        "Error: ShardCannotStart",
      ],
      "ERROR shard-manager: text_generation_launcher: Shard process was signaled to shutdown with signal 11 rank=0",
    ],
    [
      "a crash of native code",
      [
        "[2026-01-01 TP0] Fatal Python error: Segmentation fault",
        "Received sigquit from a child process.",
      ],
      "[2026-01-01 TP0] Fatal Python error: Segmentation fault",
    ],
  ])("shows %s", (_, log, line) => {
    expect(diagnose(log)).toEqual({
      cause: "engine-core-wrapper-only",
      confidence: "possible",
      evidence: [line],
      remedy: expect.stringContaining("the log contains the error"),
    });
  });

  test("asks for more lines only if the error is not in the log", () => {
    const warned = "WARNING 03-18 [x.py:1] handled OSError: nothing";
    for (const log of [[REPORT], [HEADER, FRAME, REPORT], [warned, REPORT]]) {
      expect(diagnose(log)).toMatchObject({ remedy: expect.stringContaining("Read more lines") });
    }
  });

  test("is not explained by another failure in an earlier run", () => {
    const start = "start container for a: begin";
    const log = [start, "CUDA out of memory", start, FROBNICATION, REPORT];
    expect(diagnose(log).evidence).toEqual([FROBNICATION]);
  });
});

describe("The last error", () => {
  test.each([
    "acme.FrobnicationError: no flux",
    "FrobnicationException(no flux)",
    "KeyboardInterrupt",
    "a FluxError  ",
    "exited on signal: 6",
    "stopped with signal 11",
    "signal x",
    "got SIGSEGV",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGILL",
    "SIGKILL",
    "Segmentation fault",
    "Aborted (core dumped)",
    "terminate called after throwing",
    "Fatal Python error: x",
    "thread 'main' panicked at x",
    "GGML_ASSERT(x)",
    "error loading model: x",
    "CUDA error: x",
    "ValueError: return a list",
  ])("may be %s", (line) => {
    expect(lastError(["a", line, "b"])).toBe(line);
    expect(lastError(["KeyError: a", line, REPORT])).toBe(line);
  });

  test.each([
    "no error",
    "the frobnicationError: no flux",
    "FrobnicationErrors: no flux",
    "a FluxError, and a word",
    "signals x",
    "MYSIGILL",
    "SIGILLX",
    "MyCUDA errors",
    "KeyError: During handling of the above exception",
    "KeyError: The above exception was the direct cause",
    "Exception ignored in: ValueError: x",
    "OSError: [Errno 24] Too many open files",
    "  raise ValueError(x)",
    "except ValueError: x",
    "   return ValueError(x)",
    '  File "x.py", in KeyError: a',
    "INFO it was a ValueError: x",
  ])("is not %s", (line) => {
    expect(lastError([line])).toBeUndefined();
  });

  test("is that before the last report, then a signal in a report, then one after it", () => {
    const signaled = "ERROR Shard process was signaled to shutdown with signal 11 rank=0";
    const ended = "llama runner process has terminated: signal: x";
    expect(lastError(["KeyError: 'a'", REPORT, "KeyError: 'b'"])).toBe("KeyError: 'a'");
    expect(lastError(["KeyError: 'a'", signaled, REPORT, REPORT])).toBe("KeyError: 'a'");
    expect(lastError([signaled, ended, REPORT, "KeyError: 'b'"])).toBe(ended);
    expect(lastError([signaled, "x", REPORT, "KeyError: 'b'"])).toBe(signaled);
    expect(lastError([REPORT, "KeyError: 'b'", "x"])).toBe("KeyError: 'b'");
    expect(lastError(["KeyError: 'a'", "KeyError: 'b'"])).toBe("KeyError: 'b'");
    expect(lastError([REPORT])).toBeUndefined();
    expect(lastError([])).toBeUndefined();
  });

  test.each([
    "Engine process failed to start",
    "EngineCore failed to start.",
    "EngineDeadError",
    "Received sigquit from a child process",
    "ShardCannotStart",
    "Shard 12 failed to start",
    "Shard process was signaled",
    "WorkerProc initialization failed",
    "Engine core proc EngineCore_DP0 died",
    "Worker proc VllmWorker-0 died",
    "EngineCore encountered a fatal error",
    "EngineCore encountered an issue",
    "Got fatal signal from worker",
    "got fatal signal from worker",
    "SIGQUIT received. signum=3, frame=None. It usually means one child failed",
    "Subprocess sglang::scheduler (pid=7) crashed with exit code -9",
    "Scheduler hit an exception: x",
    "Initialization failed. tp_state: x",
    "llama runner process no longer running: -1",
    "llama runner has terminated",
    "exiting due to model loading error",
    "main: error: unable to load model",
  ])("is looked for before %s", (line) => {
    expect(lastError(["KeyError: 'a'", line, "KeyError: 'b'"])).toBe("KeyError: 'a'");
    expect(diagnose([line]).cause).not.toBeNull();
  });
});
