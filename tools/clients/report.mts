import { type Client, titleOf } from "./clients.mts";

/** A step of a client's life. Without an error it went as expected. */
export interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Why it did not go as expected. */
  readonly error?: string;
  /** Why the client cannot do this on the emulator; its attempt failed, as expected. */
  readonly cannot?: string;
}

/** A client's whole life. */
export interface Life {
  readonly client: Client;
  readonly steps: readonly Step[];
}

/** The step that a program reports in a line; undefined for a line of something else. */
export function readStep(line: string): Step | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "step" in value && "seconds" in value
      ? (value as Step)
      : undefined;
  } catch {
    return undefined;
  }
}

/** As `ok      openai (npm)  chat  0.1 s`. */
export function lineOf(client: Client, { step, seconds, error, cannot }: Step): string {
  const verdict = error !== undefined ? "failed" : cannot !== undefined ? "cannot" : "ok";
  const reason = error ?? cannot;
  const line = `${verdict.padEnd(6)}  ${titleOf(client)}  ${step}  ${seconds.toFixed(1)} s`;
  return reason === undefined ? line : `${line}: ${reason.trim().replaceAll("\n", "\n    ")}`;
}

/** Whether every step went as expected, and there were any. */
export function passed({ steps }: Life): boolean {
  return steps.length > 1 && steps.every(({ error }) => error === undefined);
}

/** The table for docs/emulator.md. @param date as 2026-11-27 */
export function tableOf(lives: readonly Life[], date: string): string {
  const rows = lives.map(({ client, steps }) => {
    const works = steps.filter(({ cannot }) => cannot === undefined).length;
    const { registry, package: name, version, settings } = client;
    return `| \`${name}\` ${version} (${registry}) | ${settings} | ${works} | ${missing(steps)} |`;
  });
  return [
    `Run on ${date}:`,
    "",
    "| client | how to point it to the emulator | steps that work | what it cannot do |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Steps with the same reason share it. */
function missing(steps: readonly Step[]): string {
  const byReason = new Map<string, string[]>();
  for (const { step, cannot } of steps) {
    if (cannot !== undefined) {
      byReason.set(cannot, [...(byReason.get(cannot) ?? []), step]);
    }
  }
  const parts = [...byReason].map(([reason, names]) => `${names.join(", ")}: ${reason}`);
  return parts.join("; ") || "nothing known";
}
