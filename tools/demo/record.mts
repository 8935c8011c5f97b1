// Runs the demo and writes docs/demo.svg, a picture of a terminal with what it printed.
// usage: npm run demo:record
import { writeFileSync } from "node:fs";
import path from "node:path";
import { recordingOf } from "./scenes.mts";
import { run } from "./steps.mts";
import { render } from "./svg.mts";

const root = path.join(import.meta.dirname, "../..");
const demo = await run(process.execPath, ["tools/demo/demo.mts"], { env: process.env, cwd: root });
if (demo.code !== 0) {
  process.exit(demo.code);
}
writeFileSync(path.join(root, "docs/demo.svg"), render(recordingOf(demo.stdout)));
