import type { Cause, Confidence, Diagnosis, Sign } from "./diagnosis/cause";
import { CAUSES } from "./diagnosis/causes";
import { hasNearby, isQuiet, type Run, readRuns } from "./diagnosis/log";
import { findLocalhostOnly } from "./listening";

interface Finding {
  readonly cause: Cause;
  readonly sign: Sign;
  readonly lines: readonly string[];
}

const STRENGTH: Readonly<Record<Confidence, number>> = { certain: 3, likely: 2, possible: 1 };
const MAX_EVIDENCE = 5;
const MAX_EVIDENCE_LENGTH = 400;

/**
 * Reads the log of a container that runs a model server: vLLM, SGLang, TGI, llama.cpp or Ollama,
 * the container's own lines, RunPod's system lines or both. It looks at the last run that tells
 * something: what was printed before the server answered, or in a run before that, explains nothing.
 * Alarms that healthy servers give as well are not taken for a cause. Never throws, and takes time in
 * proportion to the log; of a longer log the last 10,000 lines are read.
 *
 * @example
 * diagnose(["OSError: [Errno 28] No space left on device: '/root/.cache/huggingface/hub/x.incomplete'"])
 * // { cause: "disk-full-download", confidence: "certain", evidence: […], remedy: "The model does not fit …" }
 */
export function diagnose(lines: readonly string[]): Diagnosis {
  let weak: Finding | undefined;
  for (const run of readRuns(lines).reverse()) {
    const finding = explain(run);
    if (finding && finding.sign.confidence !== "possible") return told(finding);
    weak ??= finding;
    if (run.served) break;
  }
  return findLocalhostOnly(lines) ?? (weak ? told(weak) : unknown(lines));
}

/** The strongest sign of a run, and all lines that speak for the same cause. */
function explain(run: Run): Finding | undefined {
  let best: Finding | undefined;
  for (const cause of CAUSES) {
    for (const sign of cause.signs) {
      if (best && STRENGTH[best.sign.confidence] >= STRENGTH[sign.confidence]) continue;
      if (run.lines.some((_, index) => shows(run.lines, index, sign))) {
        best = { cause, sign, lines: run.lines };
      }
    }
  }
  return best;
}

function shows(lines: readonly string[], index: number, sign: Sign): boolean {
  const line = lines[index] ?? "";
  if (!sign.pattern.test(line)) return false;
  if (!sign.quiet && isQuiet(line)) return false;
  if (sign.near && !hasNearby(lines, index, sign.near)) return false;
  return !(sign.unlessNear && hasNearby(lines, index, sign.unlessNear));
}

function told({ cause, sign, lines }: Finding): Diagnosis {
  const evidence = lines.filter((_, index) =>
    cause.signs.some((other) => shows(lines, index, other)),
  );
  return {
    cause: cause.name,
    confidence: sign.confidence,
    evidence: evidence.slice(0, MAX_EVIDENCE).map(shorten),
    remedy: sign.remedy ?? cause.remedy,
  };
}

function unknown(log: readonly string[]): Diagnosis {
  const last = readRuns(log).at(-1);
  const evidence = last && !last.served ? last.lines.slice(-MAX_EVIDENCE).map(shorten) : [];
  return { cause: null, confidence: null, evidence, remedy: null };
}

function shorten(line: string): string {
  const text = line.trim();
  return text.length > MAX_EVIDENCE_LENGTH ? `${text.slice(0, MAX_EVIDENCE_LENGTH)}…` : text;
}
