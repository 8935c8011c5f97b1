import { readFileSync } from "node:fs";
import path from "node:path";
import { diagnose } from "../../../models/src";
import { CAUSES } from "../../../models/src/diagnosis/causes";
import corpus from "../../support/failure-signatures.json";

interface Excerpt {
  readonly label: string;
  readonly lines: readonly string[];
}

const HEALTHY = ["normal-startup", "benign-warning", "recovered-retry"];

/**
 * Excerpts that hold only the report of a failure, in the same words for several causes: their label
 * comes from lines that the excerpt lacks. They must be reported as what they are, and as no more than possible.
 */
const REPORT_ONLY = [
  { label: "no-gpu-visible", line: "Shard 0 failed to start" },
  { label: "gpu-oom-load", line: "Shard 0 failed to start" },
  { label: "accelerator-busy-or-missing", line: "Shard 0 failed to start" },
  { label: "kv-cache-too-small", line: "Engine process failed to start." },
  { label: "gpu-memory-busy", line: "EngineCore failed to start." },
  { label: "model-code-error", line: "EngineCore failed to start." },
];

/** Two excerpts end before the error code that distinguishes them; PyTorch prints the same words for both. */
const WITHOUT_CODE = "Did you run some cuda fu";

const excerpts: Excerpt[] = corpus.map(({ cause, lines }) => ({ label: cause, lines }));
const healthy = excerpts.filter(({ label }) => HEALTHY.includes(label));
const reports = excerpts.filter((excerpt) => isReportOnly(excerpt));
const withoutCode = excerpts.filter(({ lines }) => lines.join().includes(WITHOUT_CODE));
const failures = excerpts.filter(
  (excerpt) => ![...healthy, ...reports, ...withoutCode].includes(excerpt),
);

const STARTUP = [
  "start container for vllm/vllm-openai:v0.15.0: begin",
  "(APIServer pid=1) INFO 03-18 11:13:20 [utils.py:325] vLLM API server version 0.15.0",
  "(APIServer pid=1) INFO 03-18 11:13:30 [model.py:541] Resolved architecture: Qwen3ForCausalLM",
  "(EngineCore_DP0 pid=192) INFO 03-18 11:13:41 [core.py:97] Initializing a V1 LLM engine (v0.15.0)",
  ...healthy.filter(({ label }) => label !== "normal-startup").flatMap(({ lines }) => lines),
];

const AFTERMATH = [
  "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
  "[rank0]:[W318 11:27:30] Warning: WARNING: destroy_process_group() was not called: process group has NOT been destroyed before we destruct ProcessGroupNCCL.",
];

test("the corpus is divided into excerpts with and without a provable cause", () => {
  expect(reports).toHaveLength(REPORT_ONLY.length);
  expect(withoutCode).toHaveLength(2);
  expect(failures).toHaveLength(107);
});

test("the table names the causes of the corpus, and no others", () => {
  const labels = excerpts.map(({ label }) => label).filter((label) => !HEALTHY.includes(label));
  expect(CAUSES.map(({ name }) => name).sort()).toEqual([...new Set(labels)].sort());
});

describe.each(failures.map((excerpt, index) => [`${index} ${excerpt.label}`, excerpt] as const))(
  "excerpt %s",
  (_, { label, lines }) => {
    test("is reported by itself, with its lines as evidence and a remedy", () => {
      const diagnosis = diagnose(lines);
      expect(diagnosis).toMatchObject({ cause: label, remedy: expect.stringMatching(/\.$/) });
      expect(diagnosis.evidence.length).toBeGreaterThan(0);
      for (const line of diagnosis.evidence) {
        expect(lines.map((one) => one.trim())).toContain(line);
      }
    });

    test("is reported after a start with the usual warnings, and before its own consequences", () => {
      const alone = diagnose(lines);
      const log = [...STARTUP, ...lines];
      expect(diagnose(log)).toEqual(alone);
      if (alone.confidence === "possible") {
        return;
      }
      expect(diagnose([...log, ...AFTERMATH])).toEqual(alone);
    });

    test("is reported with time stamps, colors and carriage returns around it", () => {
      const decorated = lines.map(
        (line) => `2026-11-02T10:00:00.123456Z \u001b[0;36m(x pid=7)\u001b[0;0m ${line}\r`,
      );
      expect(diagnose(decorated).cause).toBe(label);
    });

    test("is reported in a crash loop whose last start has only begun", () => {
      const alone = diagnose(lines);
      const log = [...STARTUP, ...lines, ...STARTUP, ...lines, ...STARTUP];
      expect(diagnose(log)).toMatchObject({ cause: label, confidence: alone.confidence });
    });

    test("is no longer reported once the server is ready", () => {
      const log = [...lines, "(APIServer pid=1) INFO:     Application startup complete."];
      expect(diagnose(log)).toEqual({ cause: null, confidence: null, evidence: [], remedy: null });
    });
  },
);

test.each(healthy.map((excerpt, index) => [`${index} ${excerpt.label}`, excerpt] as const))(
  "healthy excerpt %s has no cause",
  (_, { lines }) => {
    expect(diagnose(lines)).toMatchObject({ cause: null, confidence: null, remedy: null });
  },
);

test("no beginning of a healthy start has a cause", () => {
  const log = [...STARTUP, ...healthy.flatMap(({ lines }) => lines)];
  for (let length = 0; length <= log.length; length++) {
    expect(diagnose(log.slice(0, length)).cause).toBeNull();
  }
});

test.each(reports.map((excerpt) => [excerpt.label, excerpt] as const))(
  "a report that lacks the lines of its cause, %s, has confidence possible",
  (_, { lines }) => {
    expect(diagnose(lines)).toMatchObject({
      cause: "engine-core-wrapper-only",
      confidence: "possible",
      remedy: expect.stringContaining("earlier in the log"),
    });
  },
);

test.each(withoutCode.map((excerpt) => [excerpt.label, excerpt] as const))(
  "a CUDA error that lacks the code of its cause, %s, has confidence possible",
  (_, { lines }) => {
    expect(diagnose(lines)).toMatchObject({
      cause: "cuda-804-forward-compat",
      confidence: "possible",
      remedy: expect.stringContaining("802"),
    });
  },
);

function isReportOnly({ label, lines }: Excerpt): boolean {
  return REPORT_ONLY.some(
    (report) => report.label === label && lines.some((line) => line.includes(report.line)),
  );
}

test("the documentation lists every cause", () => {
  const page = readFileSync(path.join(__dirname, "../../../docs/diagnose.md"), "utf8");
  for (const { name } of CAUSES) {
    expect(page).toContain(`\`${name}\``);
  }
});
