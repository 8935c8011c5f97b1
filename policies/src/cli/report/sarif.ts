import { rules } from "../../rules";
import type { Judged } from "./judged";

/** The violations for code scanning, each at the line that sets its input. */
export function asSarif(judged: readonly Judged[]): string {
  const results = judged.flatMap(({ file, source, violations }) =>
    violations.map(({ rule, level, item, field, message, remedy }) => ({
      ruleId: rule,
      ruleIndex: rules.findIndex(({ name }) => name === rule),
      level: level === "mandatory" ? "error" : "warning",
      message: { text: `${message} ${remedy}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
            region: { startLine: item === undefined ? 1 : source.lineOf(item, field) },
          },
          ...(item !== undefined && { logicalLocations: [{ fullyQualifiedName: item.id }] }),
        },
      ],
    })),
  );
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "runpod-policies", rules: rules.map(ruleOf) } }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ name, description, why, remediationSteps, level }: (typeof rules)[number]) {
  return {
    id: name,
    shortDescription: { text: description },
    fullDescription: { text: why },
    help: { text: remediationSteps },
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
  };
}
