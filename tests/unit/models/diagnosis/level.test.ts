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
