import { readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { main as stackMain } from "../../provider/src/cli/main";
import type { Expected } from "../../tools/generate/confusion.mts";
import { run as policies, runWith } from "./policies/cli/run";

/** What is expected of a body or a log, in addition to what the table of right and wrong uses. */
interface Case extends Expected {
  /** Possible exit statuses. */
  readonly exit?: readonly number[];
  readonly says?: string;
  readonly notSays?: string;
  /** Whether some rule must speak that judges more than housekeeping. */
  readonly notSilent?: boolean;
}

interface Found {
  readonly rule: string;
  readonly level: string;
}

const FOLDER = path.join(__dirname, "../cases");
const HOUSEKEEPING = ["gpu-fallbacks", "end-of-life", "image-pinned", "ssh-exposure"];

const read = <T>(file: string): T => JSON.parse(readFileSync(path.join(FOLDER, file), "utf8"));
const cases = read<Case[]>("expected.json");

describe("a case", () => {
  test.each(cases)("$file: $why", async (expected) => {
    const shortfalls = await ("cause" in expected ? ofLog(expected) : ofBody(expected));
    expect(shortfalls).toEqual([]);
  });
});

async function ofLog({ file, cause }: Case): Promise<string[]> {
  const { stdout } = await runWith(stackMain, ["diagnose", "--json", path.join(FOLDER, file)], {
    stdin: Readable.from([]),
  });
  const found = JSON.parse(stdout).cause;
  return found === cause ? [] : [`cause ${found}`];
}

async function ofBody(expected: Case): Promise<string[]> {
  const { exit, rules = [], mandatory = [], notMandatory = [], says, notSays } = expected;
  const file = path.join(FOLDER, expected.file);
  const { status, stdout, stderr } = await policies(["check", "--json", file]);
  const found: Found[] = stdout === "" ? [] : JSON.parse(stdout).violations;
  const has = (rule: string, level?: string) =>
    found.some((one) => one.rule === rule && (level ?? one.level) === one.level);
  const text = stdout + stderr;
  const isSilent = status !== 2 && found.every(({ rule }) => HOUSEKEEPING.includes(rule));
  return [
    ...(exit && !exit.includes(status) ? [`exit ${status}`] : []),
    ...mandatory.filter((rule) => !has(rule, "mandatory")).map((rule) => `no mandatory ${rule}`),
    ...rules.filter((rule) => !has(rule)).map((rule) => `no ${rule}`),
    ...notMandatory.filter((rule) => has(rule, "mandatory")).map((rule) => `${rule} refuses`),
    ...(says && !text.includes(says) ? [`does not say ${says}`] : []),
    ...(notSays && text.includes(notSays) ? [`says ${notSays}`] : []),
    ...(expected.notSilent && isSilent ? ["silent"] : []),
  ];
}
