import { writeFileSync } from "node:fs";
import { safe } from "@runpod-stack/kit";
import { UnusableInput, unusableFile } from "@runpod-stack/kit/command";
import type { Config } from "../settings";
import { today } from "../waivers";
import type { Reported } from "./report/reported";

/** For how many days existing violations are waived. */
const DAYS = 90;

/**
 * Writes a configuration that waives all violations of single resources for 90 days. Violations of
 * the whole stack cannot be waived, and are left out.
 * @throws {UnusableInput} if the file exists, or cannot be written
 */
export function writeBaseline(file: string, violations: readonly Reported[]): void {
  try {
    const text = `${JSON.stringify(baseline(violations, today()), null, 2)}\n`;
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new UnusableInput(safe`${file} already exists. Delete it, or choose another file.`);
    }
    throw unusableFile(file, error);
  }
}

/** The configuration that waives violations, starting on a day. */
function baseline(violations: readonly Reported[], day: string): Config {
  const until = new Date(Date.parse(day) + DAYS * 86_400_000).toISOString().slice(0, 10);
  const reason = `baseline of ${day}`;
  const config: Record<string, { waivers: object[] }> = {};
  for (const { rule, resource, isWhole } of distinct(violations)) {
    if (isWhole) {
      continue;
    }
    const own = config[rule] ?? { waivers: [] };
    own.waivers.push({ resource, reason, until });
    config[rule] = own;
  }
  return config;
}

function distinct(violations: readonly Reported[]): readonly Reported[] {
  const byKey = violations.map((one) => [JSON.stringify([one.rule, one.resource]), one] as const);
  return [...new Map(byKey).values()];
}
