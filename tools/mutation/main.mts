// Checks the result of Stryker's last run, and writes it into docs/reliability.md.
// usage: node tools/mutation/main.mts
import { writeResults } from "./document.mts";
import { readResults, scoreOf } from "./report.mts";
import { explain } from "./survivors.mts";

/** The folders, and the least score of each in percent. */
const TARGETS: Readonly<Record<string, number>> = {
  "models/src/": 90,
  "policies/src/": 90,
  "provider/src/http/": 85,
  "provider/src/handlers/lifecycle/": 85,
  "provider/src/handlers/pod/": 85,
  "provider/src/handlers/pod-endpoint/": 85,
};

const results = readResults();
const groups = new Map(
  Object.keys(TARGETS).map((target) => [
    target,
    results.filter(({ file }) => file.startsWith(target)),
  ]),
);
const { byReason, problems } = explain(results);
for (const [target, members] of groups) {
  const [score, least] = [scoreOf(members), TARGETS[target] ?? 100];
  console.log(`${target}: ${score.toFixed(1)} %`);
  // Without a mutant there is no score, which fails as well.
  if (!(score >= least)) {
    problems.push(`${target} does not reach ${least} %`);
  }
}
for (const problem of problems) {
  console.log(problem);
}
if (problems.length === 0) {
  writeResults(groups, byReason);
} else {
  process.exitCode = 1;
}
