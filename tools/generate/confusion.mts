/** What is expected of a body or a log in tests/cases. */
export interface Expected {
  /** In tests/cases. */
  readonly file: string;
  readonly why: string;
  /** A log's cause; absent for a spec. */
  readonly cause?: string | null;
  /** Rules that object, at any level. None at all: the spec works as deployed. */
  readonly rules?: readonly string[];
  readonly mandatory?: readonly string[];
  readonly notMandatory?: readonly string[];
}

/** What `runpod-policies check --json` prints, as far as it is used here. */
export interface Report {
  readonly violations: readonly Violation[];
  readonly judged: Readonly<Record<string, number>>;
  readonly unjudged: readonly unknown[];
}

interface Violation {
  readonly rule: string;
  readonly level: string;
  readonly file: string;
}

/** What a rule says of a spec, given what it should. */
type Outcome = "caught" | "missed" | "silent" | "advised" | "refused" | "unexpected";

const COLUMNS: readonly (readonly [outcome: Outcome, header: string])[] = [
  ["caught", "must object: does"],
  ["missed", "does not"],
  ["silent", "must not refuse: silent"],
  ["advised", "advises"],
  ["refused", "refuses"],
  ["unexpected", "nothing expected: objects"],
];

/** How often each rule is right about specs of which that is known, as a table in Markdown. */
export function confusionTable(
  cases: readonly Expected[],
  report: Report,
  rules: readonly string[],
): string {
  const judged = Object.values(report.judged).reduce((sum, count) => sum + count, 0);
  const rows = rules.map((rule) => {
    const outcomes = cases.map((one) => outcomeOf(one, rule, report));
    const counts = COLUMNS.map(([column]) => outcomes.filter((one) => one === column).length);
    return [`\`${rule}\``, ...counts];
  });
  const header = ["rule", ...COLUMNS.map(([, title]) => title)];
  return [
    `${cases.length} specs: ${judged} judged as a whole, ${report.unjudged.length} not.`,
    "",
    ...[header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** Where rules refuse what works, or miss what does not, as "<rule> refused <file>: <why>". */
export function mistakes(
  cases: readonly Expected[],
  report: Report,
  rules: readonly string[],
): string[] {
  return cases.flatMap((one) =>
    rules.flatMap((rule) => {
      const outcome = outcomeOf(one, rule, report);
      const isMistake = outcome === "refused" || outcome === "missed";
      return isMistake ? [`${rule} ${outcome} ${one.file}: ${one.why}`] : [];
    }),
  );
}

function outcomeOf(expected: Expected, rule: string, { violations }: Report): Outcome | undefined {
  const levels = violations
    .filter((one) => one.rule === rule && one.file.endsWith(`/${expected.file}`))
    .map(({ level }) => level);
  const refuses = levels.includes("mandatory");
  if (expected.mandatory?.includes(rule)) {
    return refuses ? "caught" : "missed";
  }
  if (expected.rules?.includes(rule)) {
    return levels.length > 0 ? "caught" : "missed";
  }
  if (expected.rules?.length === 0 || expected.notMandatory?.includes(rule)) {
    return refuses ? "refused" : levels.length > 0 ? "advised" : "silent";
  }
  return levels.length > 0 ? "unexpected" : undefined;
}
