import type { Cause, Confidence, Diagnosis, Sign } from "./diagnosis/cause";
import { CAUSES } from "./diagnosis/causes";
import { isQuiet } from "./diagnosis/level";
import { hasNearby, type Run, readRuns, silentStarts } from "./diagnosis/log";
import { lastError, REPORT_CAUSE, UNKNOWN_ERROR_REMEDY } from "./diagnosis/report";
import { unwrap } from "./diagnosis/unwrap";
import { findLocalhostOnly } from "./listening";
import { isModelProgress } from "./progress";

interface Finding {
  readonly cause: Cause;
  readonly sign: Sign;
  readonly lines: readonly string[];
}

const STRENGTH: Readonly<Record<Confidence, number>> = { certain: 3, likely: 2, possible: 1 };
const MAX_EVIDENCE = 5;
const MAX_EVIDENCE_LENGTH = 400;
/** A container that ends after each start without a word. */
export const SILENT_START_LOOP = "silent-start-loop";
/** What shows that a model server, and not only a helper, was to run in the container. */
const MODEL_SERVER =
  /vLLM|\bvllm\b|EngineCore|sglang|ServerArgs\(|text_generation|llama_|ggml_|\bollama\b|: error: (?:unrecognized|argument)/;

/**
 * Reads the log of a container that runs a model server: vLLM, SGLang, TGI, llama.cpp or Ollama,
 * the container's own lines, RunPod's system lines or both, as text or as JSON. It looks at the last
 * run that shows a cause: what was printed before the server answered, or in a run before that,
 * explains nothing, and neither does what follows an orderly stop. Alarms that healthy servers give
 * as well are not taken for a cause. Never throws, and takes time in proportion to the log; of a
 * longer log the last 10,000 lines are read.
 *
 * @example
 * diagnose(["OSError: [Errno 28] No space left on device: '/root/.cache/huggingface/hub/x.incomplete'"])
 * // { cause: "disk-full-download", confidence: "certain", evidence: […], remedy: "The model does not fit …" }
 */
export function diagnose(lines: readonly string[]): Diagnosis {
  const log = unwrap(lines);
  let weak: Diagnosis | undefined;
  const runs = readRuns(log).reverse();
  for (const run of runs) {
    const finding = explain(run.lines) ?? crash(run);
    if (finding && finding.sign.confidence !== "possible") {
      return report(finding);
    }
    if (finding?.cause === REPORT_CAUSE) {
      const error = lastError(finding.lines);
      if (error !== undefined) {
        return unknownError(error);
      }
    }
    weak ??= finding && report(finding);
    if (run.served) {
      break;
    }
  }
  return silentLoop(log) ?? findLocalhostOnly(log) ?? weak ?? unknown(runs[0]);
}

/** The strongest sign among the lines; between equals the earlier of the table. */
function explain(lines: readonly string[]): Finding | undefined {
  let best: Finding | undefined;
  for (const cause of CAUSES) {
    for (const sign of cause.signs) {
      if (best && STRENGTH[best.sign.confidence] >= STRENGTH[sign.confidence]) {
        continue;
      }
      if (lines.some((_, index) => shows(lines, index, sign))) {
        best = { cause, sign, lines };
      }
    }
  }
  return best;
}

/**
 * Why the model server had ended before a web server came up: that one is then a helper in the same
 * container. A server that comes up after its own error shows progress in between.
 */
function crash({ before }: Run): Finding | undefined {
  const finding = explain(before);
  if (finding === undefined || !before.some((line) => MODEL_SERVER.test(line))) {
    return undefined;
  }
  if (finding.sign.confidence === "possible" && finding.cause !== REPORT_CAUSE) {
    return undefined;
  }
  const last = before.findLastIndex((_, index) =>
    finding.cause.signs.some((sign) => shows(before, index, sign)),
  );
  return before.slice(last).some(isModelProgress) ? undefined : finding;
}

function shows(lines: readonly string[], index: number, sign: Sign): boolean {
  const line = lines[index] ?? "";
  const found = sign.pattern.exec(line);
  if (found === null) {
    return false;
  }
  if (!sign.quiet && isQuiet(line, found.index)) {
    return false;
  }
  if (sign.near && !hasNearby(lines, index, sign.near)) {
    return false;
  }
  return !(sign.unlessNear && hasNearby(lines, index, sign.unlessNear));
}

function report({ cause, sign, lines }: Finding): Diagnosis {
  const evidence = lines.filter((_, index) =>
    cause.signs.some((other) => shows(lines, index, other)),
  );
  return {
    cause: cause.name,
    confidence: sign.confidence,
    evidence: shown(evidence.slice(0, MAX_EVIDENCE)),
    remedy: sign.remedy ?? cause.remedy,
  };
}

function unknownError(line: string): Diagnosis {
  return {
    cause: REPORT_CAUSE.name,
    confidence: "possible",
    evidence: shown([line]),
    remedy: UNKNOWN_ERROR_REMEDY,
  };
}

function silentLoop(log: readonly string[]): Diagnosis | null {
  const starts = silentStarts(log);
  if (starts.length === 0) {
    return null;
  }
  return {
    cause: SILENT_START_LOOP,
    confidence: "likely",
    evidence: shown(starts.slice(-MAX_EVIDENCE)),
    remedy:
      'The container ends right after each start and prints nothing, and RunPod starts it again. Let dockerStartCmd name a program that stays in the foreground, check that volumeMountPath does not cover the image\'s program, and set minCudaVersion to the image\'s CUDA version. To see more, set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to ["<command>; echo exit code $?; sleep infinity"].',
  };
}

/** The last lines of a run that neither served nor was ended in order. */
function unknown(run: Run | undefined): Diagnosis {
  const isFailure = run !== undefined && !run.served && !run.stopped;
  const evidence = isFailure ? shown(run.lines.slice(-MAX_EVIDENCE)) : [];
  return { cause: null, confidence: null, evidence, remedy: null };
}

function shown(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const text = line.trim();
    return text.length > MAX_EVIDENCE_LENGTH ? `${text.slice(0, MAX_EVIDENCE_LENGTH)}…` : text;
  });
}
