import { safe, trusted } from "@runpod-stack/kit";
import { rules } from "@runpod-stack/policies";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import type { Reported } from "../../../../../policies/src/cli/report/reported";
import { asSarif } from "../../../../../policies/src/cli/report/sarif";
import schema from "../../../../support/sarif-2.1.0.json";
import { HOSTILE_PATHS, PATHS } from "./paths";
import { DISK, EXTENT, violation, waiver } from "./violations";

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

  test("has a result for each violation, with its rule if it is one of this pack", () => {
    const [{ results }] = JSON.parse(asSarif([DISK, violation({ remedy: safe`` })])).runs;
    const locations = [
      {
        physicalLocation: {
          artifactLocation: { uri: "pods/a.yaml" },
          region: { startLine: 3 },
        },
        logicalLocations: [{ fullyQualifiedName: DISK.resource }],
      },
    ];
    const partialFingerprints = { primaryLocationLineHash: expect.stringMatching(/:1$/) };
    expect(results).toEqual([
      {
        ruleId: "container-disk-size",
        ruleIndex: 0,
        level: "error",
        message: { text: "It is wrong. Set it to 5." },
        locations,
        partialFingerprints,
        properties: { field: "containerDiskInGb" },
      },
      {
        ruleId: "r",
        level: "warning",
        message: { text: "It is wrong." },
        locations,
        partialFingerprints,
      },
    ]);
  });

  test("shows waived violations as suppressed, and the extent of the check", () => {
    const log = JSON.parse(asSarif([DISK], { ...EXTENT, waived: [waiver] }));
    expect([isSarif(log), log.version]).toEqual([true, "2.1.0"]);
    expect(log.$schema).toBe("https://json.schemastore.org/sarif-2.1.0.json");
    const [{ results, properties }] = log.runs;
    expect(properties).toEqual(EXTENT.summary);
    expect(results[1].suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "baked in (until 2027-03-31)" },
    ]);
    expect(results[0]).not.toHaveProperty("suppressions");
    expect(JSON.parse(asSarif([])).runs[0]).not.toHaveProperty("properties");
  });

  test("describes every rule of the pack", () => {
    const { driver } = JSON.parse(asSarif([])).runs[0].tool;
    expect(driver).toMatchObject({ name: "runpod-policies", version: expect.any(String) });
    const plain = (text: string) => text.replace(/[[\]\\]/g, "\\$&");
    const severities = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };
    expect(driver.rules).toEqual(
      rules.map((rule) => ({
        id: rule.name,
        shortDescription: { text: plain(rule.description) },
        fullDescription: { text: plain(rule.why) },
        help: { text: plain(rule.remediationSteps) },
        helpUri: `https://www.npmjs.com/package/@runpod-stack/policies#${rule.name}`,
        properties: { "security-severity": severities[rule.severity], tags: ["security"] },
        defaultConfiguration: { level: rule.level === "mandatory" ? "error" : "warning" },
      })),
    );
  });
});
