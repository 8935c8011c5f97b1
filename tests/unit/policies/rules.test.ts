import { readFileSync } from "node:fs";
import path from "node:path";
import { rules } from "@runpod-stack/policies";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, item, LOAD_BALANCER, said } from "./scene";

/** The part of docs/generated/policies.md about each rule. */
const sections = new Map(
  readFileSync(path.join(__dirname, "../../../docs/generated/policies.md"), "utf8")
    .split(/^## /m)
    .map((section) => [section.split("\n", 1)[0] ?? "", section]),
);

test("no rule objects to a correct pod and volume", () => {
  expect(said(undefined, [item("Pod", HAPPY_POD), item("Volume", HAPPY_VOLUME)])).toEqual([]);
});

test("no rule objects to a correct serverless endpoint", () => {
  for (const changes of [{}, LOAD_BALANCER]) {
    expect(
      said(undefined, [item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, ...changes })]),
    ).toEqual([]);
  }
});

describe.each(rules.map((rule) => [rule.name, rule] as const))("the rule %s", (_, rule) => {
  test("has everything that its documentation needs", () => {
    expect(rule.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.description).toMatch(/^Checks whether .*\.$/);
    expect(rule.why).toMatch(/\.$/);
    for (const text of [rule.source, rule.remediationSteps, rule.example]) {
      expect(text).not.toBe("");
    }
    expect(rule.check ?? rule.checkStack).toBeDefined();
  });

  test("is documented as it is written", () => {
    const { description, severity, level, why, source, example, options } = rule;
    const section = sections.get(rule.name) ?? "";
    const where = level === "mandatory" && "doubts" in options ? " where certain" : "";
    expect(section).toContain(`${description} Severity ${severity}; ${level}${where}.\n`);
    expect(section).toContain(`${why} (Source: ${source}.)`);
    expect(section).toContain(`Objects to: \`${example}\``);
    expect(section).toContain(`What to do: ${rule.remediationSteps}\n`);
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows).toEqual(
      Object.entries(options).map(
        ([name, option]) =>
          `| \`${name}\` | \`${JSON.stringify(option.default)}\` | ${option.description} |`,
      ),
    );
  });

  test("has options with valid defaults", () => {
    for (const option of Object.values(rule.options)) {
      const type = Array.isArray(option.default) ? "array" : typeof option.default;
      expect(type).toBe(option.type);
      expect(option.items).toEqual(type === "array" ? { type: "string" } : undefined);
      expect(option.description).toMatch(/\.$/);
      const ofValues = option.additionalProperties?.type ?? "";
      const keys = type === "object" ? Object.keys(option.default as object) : [];
      expect(option.required ?? []).toEqual(keys);
      expect(/^(string|object)$/.test(ofValues)).toBe(type === "object" && keys.length === 0);
    }
  });
});

test("names are unique, and the rule whose options the others use comes first", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(rules[0]?.name).toBe("container-disk-size");
});
