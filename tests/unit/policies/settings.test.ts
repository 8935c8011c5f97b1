import {
  configProblems,
  type Preset,
  presetConfig,
  rules,
  settingsOf,
} from "@runpod-stack/policies";
import { NOTHING } from "../../../policies/src/knowledge";
import { learned } from "../../../policies/src/settings";
import strictFile from "../../../policies/strict.json";

describe("settings", () => {
  test("start with each rule's own level and options", () => {
    const settings = settingsOf();
    expect(settings.size).toBe(rules.length);
    expect(settings.get("image-pinned")).toEqual({ level: "advisory", options: {} });
    expect(settings.get("hourly-cost")).toEqual({
      level: "advisory",
      options: { maxPerHour: 20, prices: { date: "", gpus: {} }, doubts: "advisory" },
    });
  });

  test("accept levels for all rules and for one, and options next to a level", () => {
    const settings = settingsOf({
      all: "disabled",
      "image-pinned": "mandatory",
      "hourly-cost": { maxPerHour: 5 },
      "stack-cost": { enforcementLevel: "advisory", maxPerHour: 9 },
    });
    expect(settings.get("ssh-exposure")?.level).toBe("disabled");
    expect(settings.get("image-pinned")?.level).toBe("mandatory");
    expect(settings.get("hourly-cost")).toMatchObject({
      level: "disabled",
      options: { maxPerHour: 5 },
    });
    expect(settings.get("stack-cost")).toEqual({ level: "advisory", options: { maxPerHour: 9 } });
  });

  test("keep the options of an earlier configuration", () => {
    const settings = settingsOf(
      { "hourly-cost": { maxPerHour: 5 } },
      { "hourly-cost": "mandatory" },
    );
    expect(settings.get("hourly-cost")).toMatchObject({
      level: "mandatory",
      options: { maxPerHour: 5 },
    });
  });
});

describe("what rules know", () => {
  const models = { "acme/llm": { weightsGb: 5 } };

  test("comes from the options that apply to all rules", () => {
    const prices = { date: "2026-11-24", gpus: {} };
    const known = [{ models, images: {} }, { prices }, { maxPerHour: 5 }].reduce(learned, NOTHING);
    expect(known).toEqual({ models, images: {}, prices });
  });

  test("stays the same object if the options add nothing, so that results can be cached by it", () => {
    const known = learned(NOTHING, { models });
    expect(learned(known, { maxPerHour: 5 })).toBe(known);
  });
});

describe("presets", () => {
  test("strict makes every rule and every doubtful finding mandatory", () => {
    for (const [, { level, options }] of settingsOf(presetConfig("strict"))) {
      expect(level).toBe("mandatory");
      expect(options["doubts"] ?? "mandatory").toBe("mandatory");
    }
  });

  test("strict is the same as strict.json", () => {
    expect(strictFile).toEqual(presetConfig("strict"));
  });

  test.each<Preset>(["default", "strict"])("%s is a valid configuration", (preset) => {
    expect(configProblems(presetConfig(preset))).toEqual([]);
  });
});

describe("a configuration's problems", () => {
  test.each([
    ["no map", [], "The configuration must be a map from rules to levels or options."],
    [
      "an unknown rule",
      { nope: "mandatory" },
      "nope: there is no such rule. `npx -p @runpod-stack/policies runpod-policies explain` lists all rules.",
    ],
    [
      "a misspelled rule",
      { "hourly-cots": "mandatory" },
      "hourly-cots: there is no such rule. Did you mean hourly-cost?",
    ],
    [
      "an unknown level",
      { all: "fatal" },
      "all: the level must be mandatory, advisory, disabled or remediate.",
    ],
    ["a level of the wrong kind", { "stack-cost": 5 }, /^stack-cost: the level must be/],
    ["an unknown option", { "stack-cost": { x: 5 } }, "stack-cost: there is no option x."],
    [
      "a misspelled option",
      { "stack-cost": { maxPerHours: 5 } },
      "stack-cost: there is no option maxPerHours. Did you mean maxPerHour?",
    ],
    [
      "a string for a number",
      { "stack-cost": { maxPerHour: "5" } },
      /maxPerHour must be of type number/,
    ],
    ["too small a number", { "gpu-fallbacks": { min: 0 } }, /min must be of type number/],
    ["a list of numbers", { "allowed-gpus": { allowed: [5] } }, /allowed must be of type array/],
    [
      "an unknown choice",
      { "gpu-memory": { doubts: "no" } },
      /doubts must be advisory or mandatory/,
    ],
    [
      "a list for a map",
      { "container-disk-size": { models: [] } },
      /models must be of type object/,
    ],
    [
      "an image that is not a string",
      { "container-disk-size": { images: { "my/vllm": 5 } } },
      /images must be of type object with values of type string/,
    ],
    [
      "a size that is not a map",
      { "container-disk-size": { models: { "a/b": 5 } } },
      /models must be of type object with values of type object/,
    ],
    [
      "prices without a date",
      { "hourly-cost": { prices: { gpus: {} } } },
      /prices must be of type object with date and gpus/,
    ],
  ])("are reported: %s", (_, config, problem) => {
    expect(configProblems(config)).toEqual([
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    ]);
  });
});
