import { readFileSync } from "node:fs";
import path from "node:path";
import { linesOf } from "../../tools/demo/svg.mts";

/** The lines of docs/demo.svg, which `npm run demo:record` writes. */
export function recording(): string[] {
  return linesOf(readFileSync(path.join(__dirname, "../../docs/demo.svg"), "utf8"));
}
