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
/** Cause: the container exits after each start without printing anything. */
export const SILENT_START_LOOP = "silent-start-loop";
/** Shows that the container was meant to run a model server, not only a helper. */
const MODEL_SERVER =
  /vLLM|\bvllm\b|EngineCore|sglang|ServerArgs\(|text_generation|llama_|ggml_|\bollama\b|: error: (?:unrecognized|argument)/;

/**
 * Diagnoses from its log why a container with a model server (vLLM, SGLang, TGI, llama.cpp or
 * Ollama) failed. The log may have the container's lines, RunPod's system lines or both, as text or
 * as JSON. Reports the last run that shows a cause. Ignores output before a server became ready,
 * output after an orderly stop, and warnings that healthy servers also print. Reads at most the last
 * 10,000 lines, in time proportional to the log. Never throws.
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

/** The strongest sign among the lines; of equals, the first in the table. */
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
 * Why the model server exited before a web server became ready: that web server is then a helper in
 * the same container. A model server that recovers from its own error shows progress in between.
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
      'The container exits right after each start without printing anything, and RunPod restarts it. Set dockerStartCmd to a program that stays in the foreground, check that volumeMountPath does not hide the image\'s program, and set minCudaVersion to the image\'s CUDA version. To see the exit code, set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to ["<command>; echo exit code $?; sleep infinity"].',
  };
}

/** No cause, with the last lines of a run that neither became ready nor was stopped. */
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
