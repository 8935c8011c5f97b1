import { isQuiet } from "../../../../models/src/diagnosis/level";

const quiet = (line: string, sign: string) => isQuiet(line, line.indexOf(sign));

test.each([
  ["a program's information", "INFO 03-18 [x.py:1] tried: CUDA out of memory"],
  ["a program's warning", "WARNING 03-18 [x.py:1] OSError: CUDA out of memory"],
  ["a warning within an error stream", "ERROR stderr WARN could not: CUDA out of memory"],
  ["a warning of Python", "/x/image.py:13: UserWarning: CUDA out of memory"],
  ["information about an error", "INFO x.py: failed with OSError: CUDA out of memory"],
  ["logfmt", 'time=x level=warn msg="CUDA out of memory"'],
])("%s is quiet", (_, line) => {
  expect(quiet(line, "CUDA")).toBe(true);
});

test.each([
  ["no level", "CUDA out of memory"],
  ["an error", "ERROR 03-18 [x.py:1] CUDA out of memory"],
  ["an error passed on as information", "INFO shipper: ERROR [core.py:1] CUDA out of memory"],
  ["an uncaught error passed on", "2026-01-01 - runner - INFO - torch.OutOfMemoryError: CUDA out"],
  ["NCCL's level", "host:1:1 [0] NCCL WARN CUDA out of memory"],
  ["a level that is named later", "CUDA out of memory (run with LEVEL INFO for more)"],
])("%s is not quiet", (_, line) => {
  expect(quiet(line, "CUDA")).toBe(false);
});

const ERROR = "torch.OutOfMemoryError: CUDA";

test.each([
  ["TRACE", true],
  ["DEBUG", true],
  ["INFO", true],
  ["WARN", true],
  ["WARNING", true],
  ["level=debug", true],
  ["level=info", true],
  ["level=warn", true],
  ["UserWarning:", true],
  ["XWarning:", true],
  ["ERROR", false],
  ["CRITICAL", false],
  ["FATAL", false],
  ["level=error", false],
  ["level=fatal", false],
  ["UserWarning,", false],
  ["userWarning:", false],
  ["NCCL_DEBUG=INFO", false],
  ["NCCL INFO", false],
  ["MYINFO", false],
  ["INFORMATION", false],
  ["sublevel=info", false],
])("after %s, an error's name in a message is quiet: %p", (level, expected) => {
  expect(quiet(`${level} it tried: CUDA`, "CUDA")).toBe(expected);
});

test.each([
  ["TRACE", false],
  ["DEBUG", false],
  ["INFO", false],
  ["level=debug", false],
  ["level=info", false],
  ["WARN", true],
  ["level=warn", true],
  ["UserWarning:", true],
])("an uncaught error that a shipper calls %s is quiet: %p", (level, expected) => {
  expect(quiet(`${level} ${ERROR}`, "CUDA")).toBe(expected);
});

test("the level nearest before the error counts", () => {
  expect(quiet(`ERROR INFO it tried: CUDA`, "CUDA")).toBe(true);
  expect(quiet(`INFO ERROR it tried: CUDA`, "CUDA")).toBe(false);
  expect(quiet(`CUDA INFO`, "CUDA")).toBe(false);
});

test.each([
  " ",
  " \"':|>])- ",
  " [core.py:1] ",
  "[]",
  " (pid=7) ",
  "()",
  " 2026-01-01T10:00:00Z ",
  " 7 ",
  ' msg="',
  " message=",
  " caller=a.go:1 ",
  " x=a|b! ",
  " ".repeat(20),
  " x= ",
  " runner: ",
  " a/b-c.py: ",
  " r | ",
  " runner > ",
  " runner - ",
  " vllm stderr | ",
  "[a]".repeat(11),
])("between the level and an uncaught error may be %j", (header) => {
  expect(quiet(`INFO${header}${ERROR}`, "CUDA")).toBe(false);
});

test.each([" it tried ", " 7x ", " 10:00!: ", "[a]".repeat(12), "[a", "(a", " a|b ", " runner+ "])(
  "a message with %j before the error's name is the program's own",
  (text) => {
    expect(quiet(`INFO${text}${ERROR}`, "CUDA")).toBe(true);
  },
);

test.each([
  ["Traceback (most recent call last): CUDA", false],
  ["RuntimeError CUDA", false],
  ["a.b.CudaException CUDA", false],
  ["terminate called after CUDA", false],
  ['exec: "vllm": CUDA', false],
  ["/start.sh: line 12: CUDA", false],
  ["main.py: error: CUDA", false],
  ["error loading model CUDA", false],
  ["Traceback: CUDA", true],
  ["RuntimeErrors CUDA", true],
  ["a-b Error CUDA", true],
  ["it terminate called CUDA", true],
  ["/start.sh: line x: CUDA", true],
  ["a b: error: CUDA", true],
])("%j after INFO is quiet: %p", (text, expected) => {
  expect(quiet(`INFO ${text}`, "CUDA")).toBe(expected);
});
