// Checks the result of Stryker's last run, and writes it into docs/reliability.md.
// usage: node tools/mutation/main.mts
import { writeResults } from "./document.mts";
import { readResults, scoreOf } from "./report.mts";
import { explain } from "./survivors.mts";

/** The files and folders of which each must reach the score. */
const TARGETS = [
  "provider/src/http/",
  "provider/src/handlers/lifecycle/",
  "provider/src/handlers/pod/",
  "provider/src/handlers/pod-endpoint/",
];
/** In percent. */
const LEAST_SCORE = 85;

const results = readResults();
const groups = new Map(
  TARGETS.map((target) => [target, results.filter(({ file }) => file.startsWith(target))]),
);
const { byReason, problems } = explain(results);
for (const [target, members] of groups) {
  const score = scoreOf(members);
  console.log(`${target}: ${score.toFixed(1)} %`);
  // Without a mutant there is no score, which fails as well.
  if (!(score >= LEAST_SCORE)) {
    problems.push(`${target} does not reach ${LEAST_SCORE} %`);
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
