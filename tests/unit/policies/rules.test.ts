import { rules } from "@runpod-stack/policies";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, item, LOAD_BALANCER, said } from "./scene";

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

  test("has options with valid defaults", () => {
    for (const option of Object.values(rule.options)) {
      const type = Array.isArray(option.default) ? "array" : typeof option.default;
      expect(type).toBe(option.type);
      expect(option.description).toMatch(/\.$/);
    }
  });
});

test("names are unique, and the rule whose options the others use comes first", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(rules[0]?.name).toBe("container-disk-size");
});
