import { diagnose } from "../../../../models/src";

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
