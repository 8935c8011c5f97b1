import { diagnose } from "../../../../models/src";
import healthy from "../../../support/healthy-logs.json";

const AT = "2026-03-01T10:00:00Z";
const START = "INFO 03-01 10:00:00 [api_server.py:1] vLLM API server version 0.20.0";
const REPORT = "(APIServer pid=1) RuntimeError: Engine core initialization failed.";

const FAILURES: Readonly<Record<string, readonly string[]>> = {
  "gpu-oom-load": [
    START,
    "(EngineCore pid=9) ERROR 03-01 10:00:01 [core.py:700] torch.OutOfMemoryError: CUDA out of memory.",
    REPORT,
  ],
  "disk-full-download": [
    START,
    "Traceback (most recent call last):",
    '  File "/x.py", line 3, in <module>',
    "OSError: [Errno 28] No space left on device: '/root/.cache/huggingface/hub/x.incomplete'",
    REPORT,
  ],
  "kv-cache-too-small": [
    START,
    "(EngineCore pid=9) ValueError: To serve at least one request with the model's max seq len (40960)",
    REPORT,
  ],
  "bad-server-argument": [
    "usage: main.py [-h] [-v]",
    "main.py: error: unrecognized arguments: --no-such-flag",
  ],
  "entrypoint-not-found": ["bash: line 1: vllm: command not found"],
};

type Wrapping = (lines: readonly string[]) => readonly string[];

const record = (line: string) => ({ ts: AT, source: "container", line });
const each =
  (wrap: (line: string) => string): Wrapping =>
  (lines) =>
    lines.map(wrap);
const whole =
  (wrap: (lines: readonly string[]) => string): Wrapping =>
  (lines) => [wrap(lines)];

/** A string as Python shows it. */
function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}
const pythonRecord = (line: string) =>
  `{'ts': '${AT}', 'source': 'container', 'line': ${repr(line)}}`;

/** Ways in which a log keeps what its quotes and backslashes mean. */
const RECORDS: Readonly<Record<string, Wrapping>> = {
  "a JSON array of lines": whole((lines) => JSON.stringify(lines)),
  "a JSON array over many lines": (lines) => JSON.stringify(lines, null, 2).split("\n"),
  "a JSON array of records": whole((lines) => JSON.stringify(lines.map(record))),
  "a JSON string": whole((lines) => JSON.stringify(lines.join("\n"))),
  "a field of an answer": whole((lines) => JSON.stringify({ result: { logs: lines } })),
  "an answer by source": whole((lines) => JSON.stringify({ container: lines, system: ["x"] })),
  "Loki's answer": whole((lines) =>
    JSON.stringify({
      data: { result: [{ values: lines.map((line) => ["1767225600000", line]) }] },
    }),
  ),
  "an event stream": (lines) =>
    lines.flatMap((line, at) => [`id: ${at}`, `data: ${JSON.stringify(record(line))}`, ""]),
  "a JSON array of frames": whole((lines) =>
    JSON.stringify(lines.map((line) => `data: ${JSON.stringify(record(line))}`)),
  ),
  "a JSON array of events": whole((lines) =>
    JSON.stringify(lines.map((line) => ({ id: "1", data: JSON.stringify(record(line)) }))),
  ),
  "Docker's records": each((line) => JSON.stringify({ log: `${line}\n`, stream: "stderr" })),
  "records of a shipper": each((message) =>
    JSON.stringify({ timestamp: AT, level: "INFO", fields: { message } }),
  ),
  "records of Google's": each((message) =>
    JSON.stringify({ severity: "INFO", jsonPayload: { message } }),
  ),
  "records of journald": each((line) => JSON.stringify({ MESSAGE: line, PRIORITY: "6" })),
  "a Python string": whole((lines) => repr(lines.join("\n"))),
  "Python bytes": whole((lines) => `b${repr(`${lines.join("\n")}\n`)}`),
  "an assigned Python string": whole((lines) => `logs = ${repr(lines.join("\n"))}`),
  "a Python list": whole((lines) => `[${lines.map(repr).join(", ")}]`),
  "a Python list of dictionaries": whole((lines) => `[${lines.map(pythonRecord).join(", ")}]`),
  "Python dictionaries": each(pythonRecord),
  "a shell's Docker Compose": each((line) => `vllm-1  | ${line}`),
  Kubernetes: each((line) => `${AT} stderr F ${line}`),
  "terminal colors": each((line) => `\u001b[0;36m${line}\u001b[0m`),
};

/** A supervisor or shipper that calls all that a program prints information. */
const SHIPPERS: Readonly<Record<string, Wrapping>> = {
  GPUStack: each(
    (line) => `2025-12-04 21:57:22.169+08:00 - gpustack.backends.vllm - INFO - ${line}`,
  ),
  "a script's logger": each((line) => `2025-03-07 23:50:27,531 - __main__ - INFO - [TP0] ${line}`),
  supervisor: each((line) => `2026-03-01 10:00:00,123 INFO vllm stderr | ${line}`),
  loguru: each((line) => `2026-03-01 10:00:00.000 | INFO     | runner:pump:42 - ${line}`),
  "Python's default": each((line) => `INFO:runner:${line}`),
  logfmt: each((line) => `time=${AT} level=info caller=a.go:1 msg=${JSON.stringify(line)}`),
  zap: each((line) => `${AT}\tINFO\tvllm/run.go:33\t${line}`),
  tracing: each((line) => `${AT}  INFO launcher::child: ${line}`),
};

/** Newlines written out, where nothing distinguishes those of a quoted value. */
const JOINED: Readonly<Record<string, Wrapping>> = {
  "one line": whole((lines) => lines.join("\\n")),
  "one line with carriage returns": whole((lines) => `${lines.join("\\r\\n")}\\r\\n`),
  "one line, escaped twice": whole((lines) => lines.join("\\\\n")),
};

const failures = Object.entries({ ...RECORDS, ...SHIPPERS, ...JOINED }).flatMap(([name, wrap]) =>
  Object.entries(FAILURES).map(([cause, lines]) => [name, cause, wrap(lines)] as const),
);

test.each(failures)("%s shows %s", (_, cause, lines) => {
  expect(diagnose(lines).cause).toBe(cause);
});

const good = Object.entries({ ...RECORDS, ...SHIPPERS }).flatMap(([wrapping, wrap]) =>
  healthy.map(({ name, lines }) => [wrapping, name, wrap(lines)] as const),
);

test.each(good)("%s shows no cause for %s", (_, __, lines) => {
  expect(diagnose(lines)).toMatchObject({ cause: null, confidence: null });
});

test("a user's request to the model is not the server's own log", () => {
  const prompt = "<|im_start|>user\\nWhy this?\\ntorch.OutOfMemoryError: CUDA out of memory.\\n";
  const request = `INFO 09-04 10:01:00 [logger.py:41] Received request a-1: prompt: '${prompt}', params: x`;
  expect(diagnose([START, request]).cause).toBeNull();
});

test("a truncated record is not read", () => {
  const frame = `data: ${JSON.stringify(record("CUDA out of memory"))}`;
  expect(diagnose([`data: ${JSON.stringify(record("loading"))}`, frame.slice(0, -4)])).toEqual({
    cause: null,
    confidence: null,
    evidence: ["loading"],
    remedy: null,
  });
});
