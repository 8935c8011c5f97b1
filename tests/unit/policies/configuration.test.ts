import { configProblems, rules, settingsOf } from "@runpod-stack/policies";
import { NOTHING } from "../../../policies/src/knowledge";
import type { Option } from "../../../policies/src/rule";
import {
  learned,
  meantRule,
  mergedConfig,
  optionProblems,
  presetConfig,
} from "../../../policies/src/settings";

const NO_RULE = "`npx -p @runpod-stack/policies runpod-policies explain` lists all rules.";

describe("the preset strict", () => {
  test("makes every rule mandatory, and doubtful findings of the rules that have them", () => {
    const { all, ...own } = presetConfig("strict");
    expect(all).toBe("mandatory");
    const doubting = rules.filter(({ options }) => "doubts" in options);
    expect(own).toEqual(
      Object.fromEntries(doubting.map(({ name }) => [name, { doubts: "mandatory" }])),
    );
    expect(presetConfig("default")).toEqual({});
  });
});

describe("settings", () => {
  test.each([
    ["mandatory", "mandatory"],
    ["advisory", "advisory"],
    ["disabled", "disabled"],
    ["remediate", "mandatory"],
    ["toString", "advisory"],
  ])("the level %s of the configuration is %s", (level, applied) => {
    expect(settingsOf({ "image-pinned": level }).get("image-pinned")?.level).toBe(applied);
    const own = { "image-pinned": { enforcementLevel: level } };
    expect(settingsOf(own).get("image-pinned")).toEqual({ level: applied, options: {} });
    expect(settingsOf({ all: { enforcementLevel: level } }).get("image-pinned")?.level).toBe(
      applied,
    );
  });

  test("a level that is no string changes nothing", () => {
    const config = { "image-pinned": ["mandatory"] } as never;
    expect(settingsOf(config).get("image-pinned")?.level).toBe("advisory");
  });

  test("waivers of several configurations add up, and other options replace each other", () => {
    const [a, b] = [{ resource: "a" }, { resource: "b" }];
    const settings = settingsOf(
      { "stack-cost": { maxPerHour: 5, waivers: [a] } },
      { "stack-cost": { maxPerHour: 6, waivers: [b] } },
    );
    expect(settings.get("stack-cost")?.options).toEqual({ maxPerHour: 6, waivers: [a, b] });
  });
});

describe("configurations merged into one", () => {
  test("have levels and options, of which later ones win", () => {
    const [a, b] = [{ resource: "a" }, { resource: "b" }];
    expect(
      mergedConfig([
        { "stack-cost": "mandatory", "gpu-memory": { doubts: "mandatory", waivers: [a] } },
        { "stack-cost": { maxPerHour: 5 }, "gpu-memory": { doubts: "advisory", waivers: [b] } },
      ]),
    ).toEqual({
      "stack-cost": { enforcementLevel: "mandatory", maxPerHour: 5 },
      "gpu-memory": { doubts: "advisory", waivers: [a, b] },
    });
    expect(mergedConfig([])).toEqual({});
  });

  test("lose the levels before a level for all rules", () => {
    const before = { "stack-cost": { enforcementLevel: "disabled", maxPerHour: 5 } };
    expect(mergedConfig([before, { all: "advisory", "gpu-memory": "mandatory" }])).toEqual({
      "stack-cost": { maxPerHour: 5 },
      all: { enforcementLevel: "advisory" },
      "gpu-memory": { enforcementLevel: "mandatory" },
    });
  });
});

test("what rules know comes from several options", () => {
  const prices = { date: "2026-11-24", gpus: {} };
  const [models, images] = [{ "a/b": { weightsGb: 5 } }, { "my/vllm": "vllm/vllm-openai" }];
  expect(learned(NOTHING, { models })).toEqual({ ...NOTHING, models });
  expect(learned(NOTHING, { images })).toEqual({ ...NOTHING, images });
  expect(learned(NOTHING, { prices })).toEqual({ ...NOTHING, prices });
  expect(learned({ models, images, prices }, { prices: { date: "" } }).prices).toBeUndefined();
  expect(learned(NOTHING, {})).toBe(NOTHING);
});

test.each([
  ["hourly-cots", "Did you mean hourly-cost?"],
  ["gpu", "Did you mean gpu-memory or allowed-gpus?"],
  ["zzz", NO_RULE],
])("a rule named %s: %s", (name, hint) => {
  expect(meantRule(name)).toBe(hint);
});

describe("an option's problems", () => {
  const options: Record<string, Option> = {
    number: { type: "number", minimum: 1, default: 1, description: "" },
    flag: { type: "boolean", default: false, description: "" },
    word: { type: "string", enum: ["a", "b"], default: "a", description: "" },
    text: { type: "string", default: "a", description: "" },
    list: { type: "array", items: { type: "string" }, default: [], description: "" },
    map: { type: "object", default: {}, description: "" },
    texts: {
      type: "object",
      additionalProperties: { type: "string" },
      default: {},
      description: "",
    },
    maps: {
      type: "object",
      additionalProperties: { type: "object" },
      default: {},
      description: "",
    },
    whole: { type: "object", required: ["x", "y"], default: {}, description: "" },
  };
  const problems = (given: object) => optionProblems("r", { ...given }, options);

  test.each([
    { number: 1, flag: false, word: "b", text: "", list: ["a"], map: { a: 5 } },
    { texts: { a: "b" }, maps: { a: {} }, whole: { x: 1, y: 2 } },
    { list: [], map: {}, texts: {}, maps: {}, waivers: [] },
  ])("are none for %j", (given) => {
    expect(problems(given)).toEqual([]);
  });

  test.each<[given: object, problem: string]>([
    [{ number: 0 }, "number must be of type number."],
    [{ number: "1" }, "number must be of type number."],
    [{ flag: "true" }, "flag must be of type boolean."],
    [{ word: "c" }, "word must be a or b."],
    [{ word: 5 }, "word must be a or b."],
    [{ text: 5 }, "text must be of type string."],
    [{ list: [5] }, "list must be of type array."],
    [{ list: ["a", 5] }, "list must be of type array."],
    [{ list: "a" }, "list must be of type array."],
    [{ map: [] }, "map must be of type object."],
    [{ texts: { a: 5 } }, "texts must be of type object with values of type string."],
    [{ texts: { a: "b", c: 5 } }, "texts must be of type object with values of type string."],
    [{ maps: { a: [] } }, "maps must be of type object with values of type object."],
    [{ maps: { a: "b" } }, "maps must be of type object with values of type object."],
    [{ whole: { x: 1 } }, "whole must be of type object with x and y."],
    [{ lists: [] }, "there is no option lists. Did you mean list?"],
    [{ waiver: [] }, "there is no option waiver. Did you mean waivers?"],
    [{ qqq: 5 }, "there is no option qqq."],
    [{ toString: 5 }, "there is no option toString."],
    [{ waivers: 5 }, "waivers must be a list of {resource, reason, until}."],
    [{ waivers: [5] }, "waivers[0] must be {resource, reason, until}."],
  ])("are reported for %j", (given, problem) => {
    expect(problems(given)).toEqual([`r: ${problem}`]);
  });
});

describe("a configuration's problems", () => {
  const LEVEL = "the level must be mandatory, advisory, disabled or remediate.";

  test.each<[config: unknown, problems: string[]]>([
    [{ all: "remediate", "gpu-memory": { enforcementLevel: "disabled" } }, []],
    [{ all: { enforcementLevel: "advisory" } }, []],
    [{ "gpu-memory": {} }, []],
    [{ "gpu-memory": "toString" }, [`gpu-memory: ${LEVEL}`]],
    [{ "gpu-memory": { enforcementLevel: 5 } }, [`gpu-memory: ${LEVEL}`]],
    [{ all: 5 }, [`all: ${LEVEL}`]],
    [{ "gpu-memory": ["mandatory"] }, [`gpu-memory: ${LEVEL}`]],
    [{ all: { waivers: [] } }, ["all: there is no option waivers."]],
    [{ zzz: {} }, [`zzz: there is no such rule. ${NO_RULE}`]],
    [
      { "gpu-memory": "x", "stack-cost": { y: 1 } },
      [`gpu-memory: ${LEVEL}`, "stack-cost: there is no option y."],
    ],
    ["mandatory", ["The configuration must be a map from rules to levels or options."]],
  ])("of %j are %j", (config, problems) => {
    expect(configProblems(config)).toEqual(problems);
  });
});
