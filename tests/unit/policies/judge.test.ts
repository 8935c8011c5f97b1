import { type Config, judge, judgement, rules, settingsOf } from "@runpod-stack/policies";
import { ownLevel } from "../../../policies/src/judge";
import { MAX_VIOLATIONS } from "../../../policies/src/limits";
import { doubt } from "../../../policies/src/rule";
import { HAPPY_POD, item } from "./scene";

const OPEN = { ...HAPPY_POD, ports: ["22/tcp"] };
const judged = (config: Config = {}, inputs: object = OPEN) =>
  judgement([item("Pod", { ...inputs })], settingsOf(config));

test("a violation has its rule, level, severity, resource, field, message and remedy", () => {
  const pod = item("Pod", { ...HAPPY_POD, gpuTypeIds: ["NVIDIA B200"] });
  expect(judge([pod], settingsOf())).toEqual([
    {
      rule: "gpu-fallbacks",
      level: "advisory",
      severity: rules.find(({ name }) => name === "gpu-fallbacks")?.severity,
      item: pod,
      field: "gpuTypeIds",
      message: expect.stringContaining("gpuTypeIds"),
      remedy: expect.stringMatching(/\.$/),
      unjudged: undefined,
    },
  ]);
});

test("a violation of all resources together has no item", () => {
  const pods = ["a", "b"].map((id) => item("Pod", { ...HAPPY_POD, gpuCount: 8 }, { id }));
  const settings = settingsOf({ all: "disabled", "stack-cost": { enforcementLevel: "advisory" } });
  expect(judge(pods, settings)).toMatchObject([{ rule: "stack-cost", item: undefined }]);
});

test("only rules that are not disabled are applied and counted", () => {
  expect(judged().rules).toBe(rules.length);
  expect(judged({ "ssh-exposure": "disabled" })).toMatchObject({
    rules: rules.length - 1,
    violations: [],
  });
  expect(judged({ all: "disabled" })).toMatchObject({ rules: 0, violations: [] });
  expect(judgement([item("Pod", OPEN)], new Map())).toMatchObject({ rules: 0, violations: [] });
});

test("a rule that is disabled reports neither doubts nor expired waivers", () => {
  const waivers = [{ resource: "a", reason: "r", until: "2000-01-01" }];
  const doubtful = { ...HAPPY_POD, dockerStartCmd: ["acme/secret-llm"], volumeInGb: undefined };
  const config = { all: "disabled", "container-disk-size": { waivers } };
  expect(judged({}, doubtful).violations).not.toEqual([]);
  expect(judged(config, doubtful).violations).toEqual([]);
});

test("containers that are not recognized are listed with the reason", () => {
  const [own, known, volume] = [
    item("Pod", { ...HAPPY_POD, imageName: "acme/foo:1" }),
    item("Pod", HAPPY_POD),
    item("Volume", { size: 5 }),
  ];
  const { unrecognized } = judgement([own, known, volume], settingsOf());
  expect(unrecognized).toEqual([
    { item: own, why: "no model server recognized in image acme/foo:1" },
  ]);
  const images = { "acme/foo": "vllm/vllm-openai:v0.20.0" };
  const settings = settingsOf({ "container-disk-size": { images } });
  expect(judgement([own], settings).unrecognized).toEqual([]);
});

test.each([
  ["certain", {}, undefined],
  ["certain", { doubts: "mandatory" }, undefined],
  ["doubtful", {}, "advisory"],
  ["doubtful", { doubts: "advisory" }, "advisory"],
  ["doubtful", { doubts: "mandatory" }, "mandatory"],
  ["doubtful", undefined, "advisory"],
  ["advice", { doubts: "mandatory" }, "advisory"],
] as const)("a finding that is %s has with %j the level %s", (certainty, options, level) => {
  const finding = { ...doubt("f", "m" as never, "r" as never), certainty };
  expect(ownLevel(finding, options)).toBe(level);
});

test("an expired waiver has the level of waiver-valid", () => {
  const waivers = [{ resource: "a", reason: "r", until: "2000-01-01" }];
  const levels = (config: Config) =>
    judgement([], settingsOf({ "gpu-memory": { waivers }, ...config })).violations.map(
      ({ rule, level, item: of }) => [rule, level, of],
    );
  expect(levels({})).toEqual([["waiver-valid", "advisory", undefined]]);
  expect(levels({ "waiver-valid": { doubts: "mandatory" } })).toEqual([
    ["waiver-valid", "mandatory", undefined],
  ]);
});

test("no more violations are collected than a report can hold, and one", () => {
  const open = item("Pod", { imageName: "a", ports: ["22/tcp"] });
  const items = Array.from({ length: MAX_VIOLATIONS + 2 }, () => open);
  const settings = settingsOf({ all: "disabled", "ssh-exposure": "advisory" });
  expect(judgement(items, settings).violations).toHaveLength(MAX_VIOLATIONS + 1);
});
