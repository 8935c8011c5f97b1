// Writes the result of a run into docs/reliability.md, between its markers.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { markdown } from "../../bench/support/table.mts";
import { root } from "../checks/files.mts";
import { dayOfRun, type FileResult, type Survivor, scoreOf } from "./report.mts";

const FILE = path.join(root, "docs/reliability.md");

/** @param part is in the markers: "models" for `<!-- generated: mutation score of models -->` */
export function writeResults(
  part: string,
  groups: ReadonlyMap<string, readonly FileResult[]>,
  byReason: ReadonlyMap<string, readonly Survivor[]>,
): void {
  const begin = `<!-- generated: mutation score of ${part} -->`;
  const end = `<!-- /generated: mutation score of ${part} -->`;
  const text = readFileSync(FILE, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`docs/reliability.md has no ${begin} … ${end}`);
  }
  const block = [
    begin,
    `\`npm run test:mutation\`, ${dayOfRun()}. A mutant is one small change. It is killed if a test fails, and timed out if the tests do not end. Those with which the tests cannot be loaded are not counted.`,
    tableOf(groups),
    "What survived, and why that is accepted. The folder `tools/mutation/survivors` has every change.",
    [...byReason].map(([reason, survivors]) => `- ${survivors.length}: ${reason}`).join("\n"),
    end,
  ];
  writeFileSync(FILE, text.slice(0, from) + block.join("\n\n") + text.slice(to + end.length));
}

function tableOf(groups: ReadonlyMap<string, readonly FileResult[]>): string {
  const rows = [...groups].flatMap(([name, results]) => [
    ...(results.length > 1 ? results.map((result) => row(result.file, [result])) : []),
    row(name, results),
  ]);
  const columns = ["file", "mutants", "killed", "timed out", "survived", "score"];
  return markdown({ columns, rows });
}

function row(name: string, results: readonly FileResult[]): (string | number)[] {
  const sum = (count: (result: FileResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const [killed, timedOut] = [sum((result) => result.killed), sum((result) => result.timedOut)];
  const lived = sum(({ survivors }) => survivors.length);
  const mutants = killed + timedOut + lived;
  const score = `${scoreOf(results).toFixed(1)} %`;
  return [`\`${name}\``, mutants, killed, timedOut, lived, score];
}
