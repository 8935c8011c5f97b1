import { trusted } from "@runpod-stack/kit";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import type { Reported } from "../../../../../policies/src/cli/report/reported";
import { asSarif } from "../../../../../policies/src/cli/report/sarif";
import schema from "../../../../support/sarif-2.1.0.json";
import { HOSTILE_PATHS, PATHS } from "./paths";

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const isSarif = ajv.compile(schema);

/** The result of a report that is valid. */
function resultOf(violation: Partial<Reported>) {
  const place = { file: "pods/llm.yaml", line: 3 };
  const whole = { rule: "r", level: "advisory", resource: "u", place, message: "m", remedy: "" };
  const log = JSON.parse(asSarif([{ ...whole, ...violation } as Reported]));
  expect([isSarif(log), isSarif.errors]).toEqual([true, null]);
  const [{ results }] = log.runs;
  return results[0];
}

/** What a viewer makes of a plain text message: links, and the string without its escapes. */
function viewed(text: string) {
  const links = [...text.matchAll(/(?<!\\)(?:\\\\)*\[((?:[^\\[\]]|\\[\\[\]])*)\]\(([^)]*)\)/g)];
  return { links: links.length, text: text.replace(/\\([\\[\]])/g, "$1") };
}

describe("a report in SARIF", () => {
  test.each([
    "[Fix now](https://evil.example/x)",
    "\\[Fix now](https://evil.example/x)",
    "\\\\[Fix now](sarif:/runs/0)",
    "[a[b](1)](2)",
    "x]\\",
    'dockerStartCmd ["--model", "a"] and {0} and {{ RUNPOD_SECRET_x }}',
  ])("has no links in a message: %j", (text) => {
    const { message } = resultOf({ message: trusted(text), remedy: trusted(text) });
    expect(viewed(message.text)).toEqual({ links: 0, text: `${text} ${text}` });
  });

  test("has no links in the descriptions of the pack's rules", () => {
    const [{ tool }] = JSON.parse(asSarif([])).runs;
    for (const { shortDescription, fullDescription, help } of tool.driver.rules) {
      for (const { text } of [shortDescription, fullDescription, help]) {
        expect(viewed(text).links).toBe(0);
      }
    }
  });

  test.each(PATHS)("shows the file %j as the URI %j", (file, _, uri) => {
    const [location] = resultOf({ place: { file, line: 3 } }).locations;
    expect(location.physicalLocation).toEqual({
      artifactLocation: { uri },
      region: { startLine: 3 },
    });
  });

  test.each(HOSTILE_PATHS)("has no location for %j instead of a wrong one", (file) => {
    const { locations } = resultOf({ place: { file, line: 3 } });
    expect(locations).toEqual([{ logicalLocations: [{ fullyQualifiedName: "u" }] }]);
  });
});
