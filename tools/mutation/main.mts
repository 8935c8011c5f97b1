// Checks the result of Stryker's last run, and writes it into docs/reliability.md.
// usage: node tools/mutation/main.mts
import { writeResults } from "./document.mts";
import { type FileResult, readResults, scoreOf } from "./report.mts";
import { explain } from "./survivors.mts";

/** The folders of each part, and the least score of each in percent. */
const PARTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  models: { "models/src/": 90 },
  policies: { "policies/src/": 90 },
  provider: {
    "provider/src/http/": 85,
    "provider/src/handlers/lifecycle/": 85,
    "provider/src/handlers/pod/": 85,
    "provider/src/handlers/pod-endpoint/": 85,
  },
};

const results = readResults();
// Stryker's --mutate runs a part. The others keep their tables.
const parts = Object.keys(PARTS).filter((part) => results.some((each) => partOf(each) === part));
if (parts.length === 0) {
  console.log("the report has no results");
  process.exitCode = 1;
}
for (const part of parts) {
  const ofPart = results.filter((each) => partOf(each) === part);
  const { byReason, problems } = explain(part, ofPart);
  const groups = new Map<string, FileResult[]>();
  for (const [folder, least] of Object.entries(PARTS[part] ?? {})) {
    const members = ofPart.filter(({ file }) => file.startsWith(folder));
    const score = scoreOf(members);
    console.log(`${folder}: ${score.toFixed(1)} %`);
    // Without a mutant there is no score, which fails as well.
    if (!(score >= least)) {
      problems.push(`${folder} does not reach ${least} %`);
    }
    groups.set(folder, members);
  }
  if (problems.length === 0) {
    writeResults(part, groups, byReason);
  } else {
    console.log(problems.join("\n"));
    process.exitCode = 1;
  }
}

function partOf({ file }: FileResult): string {
  return file.split("/", 1).join();
}
