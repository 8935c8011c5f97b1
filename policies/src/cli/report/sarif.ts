import { docsUrl } from "../../docs-url";
import type { Place } from "../../input/places";
import type { Rule } from "../../rule";
import { rules } from "../../rules";
import { pathInTree } from "./path-in-tree";
import {
  type Extent,
  fingerprints,
  isRefusal,
  type Reported,
  type ReportedWaiver,
} from "./reported";

const { version }: { version: string } = require("../../../package.json");

/** Violations for code scanning, each at the line that sets its input or creates its resource. */
export function asSarif(counted: readonly Reported[], extent?: Extent): string {
  const violations: readonly (Reported & Partial<ReportedWaiver>)[] = [
    ...counted,
    ...(extent?.waived ?? []),
  ];
  const known = fingerprints(violations);
  const results = violations.map((violation, index) => ({
    ruleId: violation.rule,
    ...ruleIndex(violation.rule),
    level: isRefusal(violation) ? "error" : "warning",
    message: message(`${violation.message} ${violation.remedy}`.trim()),
    locations: [
      {
        ...physicalLocation(violation.place),
        logicalLocations: [{ fullyQualifiedName: violation.resource }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: known[index] },
    ...(violation.field && { properties: { field: violation.field } }),
    ...(violation.reason !== undefined && {
      suppressions: [
        {
          kind: "external",
          status: "accepted",
          justification: `${violation.reason} (until ${violation.until})`,
        },
      ],
    }),
  }));
  const driver = { name: "runpod-policies", version, rules: rules.map(ruleOf) };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results, ...(extent && { properties: { ...extent.summary } }) }],
  };
  return `${JSON.stringify(log)}\n`;
}

/** Escapes brackets, because plain text in SARIF can have links: [text](destination). */
function message(text: string) {
  return { text: text.replace(/[[\]\\]/g, "\\$&") };
}

/** No location is better than a wrong one. */
function physicalLocation({ file, line }: Place) {
  const path = pathInTree(file);
  if (path === undefined) {
    return {};
  }
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } };
}

/** Rules of other packs have only a name. */
function ruleIndex(rule: string): { ruleIndex?: number } {
  const index = rules.findIndex(({ name }) => name === rule);
  return index < 0 ? {} : { ruleIndex: index };
}

/** Code scanning's scale, which branch rules may use: critical from 9, high from 7, medium from 4. */
const SECURITY_SEVERITY = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

function ruleOf({ name, description, why, remediationSteps, level, severity }: Rule) {
  return {
    id: name,
    shortDescription: message(description),
    fullDescription: message(why),
    help: message(remediationSteps),
    helpUri: docsUrl(name),
    properties: { "security-severity": SECURITY_SEVERITY[severity], tags: ["security"] },
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
  };
}
