import { type Judgement, judgement, runpodPolicies, settingsOf } from "@runpod-stack/policies";
import { pod, remediated, runpodPolicy, violationsOf } from "../../../policies/src/testing";
import { HAPPY_POD, item, said, WITHOUT_VOLUME } from "./scene";

const DAY = "2026-11-27";
const REASON = "weights come with the image";
const SMALL = { ...HAPPY_POD, containerDiskInGb: 30 };
/** Two rules refuse it. */
const BAD = { ...SMALL, ...WITHOUT_VOLUME };
const RULE = "container-disk-size";

const configured = (resource: string, until = DAY) => ({
  [RULE]: { waivers: [{ resource, reason: REASON, until }] },
});

/** The rules that count, and those that are waived. */
function outcome({ violations, waived }: Judgement) {
  return [violations.map(({ rule }) => rule), waived.map(({ rule }) => rule)];
}

const judged = (resource: string, id: string, until?: string) =>
  outcome(judgement([item("Pod", BAD, { id })], settingsOf(configured(resource, until)), DAY));

describe("a waiver in the configuration", () => {
  const URN = "urn:pulumi:prod::chat::pulumi-nodejs:dynamic/runpod:Pod::llm";

  test.each([
    ["llm", URN],
    ["*", URN],
    ["l*", URN],
    ["urn:pulumi:prod::*::llm", URN],
    [URN, URN],
    ["llm", "pods/llm.yaml: Pod llm"],
    ["Pod llm", "pods/llm.yaml: Pod llm"],
    ["pods/*", "pods/llm.yaml: Pod llm"],
    ["pods/all.yaml#2*", "pods/all.yaml#2: Pod llm"],
    ["a*b*c", "pod: Pod a-b-b-c"],
  ])("for %s applies to %s", (pattern, id) => {
    expect(judged(pattern, id)).toEqual([["persistent-hf-cache"], [RULE]]);
  });

  test.each([
    ["llm", URN.replace("::llm", "::llm2")],
    ["ll", URN],
    ["*chat", URN],
    ["a*b*c", "pod: Pod a-c-b"],
    ["ab*ba", "pod: Pod aba"],
    ["Pod", "pods/llm.yaml: Pod llm"],
  ])("for %s does not apply to %s", (pattern, id) => {
    expect(judged(pattern, id)).toEqual([[RULE, "persistent-hf-cache"], []]);
  });

  test("applies until the end of its day, and is then reported", () => {
    expect(judged("llm", URN, DAY)).toEqual([["persistent-hf-cache"], [RULE]]);
    expect(judged("llm", URN, "2026-11-26")).toEqual([
      [RULE, "persistent-hf-cache", "waiver-valid"],
      [],
    ]);
    const [expired = ""] = said("waiver-valid", [], configured("llm", "2000-01-01"));
    expect(expired).toBe(
      `advisory: The waiver of ${RULE} for llm expired on 2000-01-01 (${REASON}). Fix what it covers and remove it, or set a new end date.`,
    );
  });

  test("keeps its reason and date with the waived violation", () => {
    const { waived } = judgement([item("Pod", BAD)], settingsOf(configured("*")), DAY);
    expect(waived).toMatchObject([{ rule: RULE, waiver: { reason: REASON, until: DAY } }]);
  });

  test("is combined with the waivers of other configurations", () => {
    const settings = settingsOf(configured("a"), configured("b"));
    const items = ["a", "b", "c"].map((id) =>
      item("Pod", SMALL, { id, spec: item("Pod", BAD).spec }),
    );
    const { waived } = judgement(items, settings, DAY);
    expect(waived.map((one) => one.item?.id)).toEqual(["a", "b"]);
  });
});

describe("a waiver in the program", () => {
  const own = (more: Record<string, unknown> = {}) => ({
    ...BAD,
    policyWaivers: [{ rule: RULE, reason: REASON, until: "2999-01-01", ...more }],
  });

  test("applies to its resource", () => {
    const items = [item("Pod", own(), { id: "a" }), item("Pod", BAD, { id: "b" })];
    const { violations, waived } = judgement(items, settingsOf());
    expect(waived).toMatchObject([{ rule: RULE, item: { id: "a" } }]);
    expect(violations.filter(({ rule }) => rule === RULE)).toMatchObject([{ item: { id: "b" } }]);
  });

  test.each([
    [
      { rule: "container-disk" },
      'policyWaivers has an unknown rule "container-disk" (did you mean container-disk-size?), so',
    ],
    [{ rule: "zzzzzzzzzz" }, 'policyWaivers has an unknown rule "zzzzzzzzzz", so'],
    [{ reason: "" }, "policyWaivers[0].reason is required"],
    [{ until: "soon" }, "policyWaivers[0].until must be a date such as 2027-03-31"],
    [{ until: "2026-02-32" }, "policyWaivers[0].until must be a date"],
    [{ resource: "x" }, "policyWaivers[0] must have only rule, reason, until, not resource"],
  ])("is refused and waives nothing with %j", (more, message) => {
    const items = [item("Pod", own(more))];
    expect(said("waiver-valid", items)).toEqual([expect.stringContaining(`mandatory: ${message}`)]);
    expect(said(RULE, items)).toHaveLength(1);
  });

  test("is refused with every fault that its list has", () => {
    const waiver = { rule: RULE, reason: REASON, until: "2999-01-01" };
    const policyWaivers = [waiver, "x", { ...waiver, rule: "zzzzzzzzzz" }];
    expect(said("waiver-valid", [item("Pod", { ...BAD, policyWaivers })])).toHaveLength(2);
    expect(said("waiver-valid", [item("Pod", { ...BAD, policyWaivers: [waiver] })])).toEqual([]);
  });

  test("is refused if it is not in a list", () => {
    const items = [item("Pod", { ...HAPPY_POD, policyWaivers: RULE })];
    expect(said("waiver-valid", items)).toEqual([
      expect.stringContaining("policyWaivers must be a list of {rule, reason, until}"),
    ]);
  });

  test("is reported once its day has passed", () => {
    expect(said("waiver-valid", [item("Pod", own({ until: "2000-01-01" }))])).toEqual([
      expect.stringContaining(`advisory: The waiver of ${RULE} expired on 2000-01-01`),
    ]);
  });
});

describe("in a policy pack", () => {
  const waivers = [{ resource: "pod", reason: REASON, until: "2999-01-01" }];

  test("a waived violation is advice that shows the waiver", async () => {
    const [violation, ...others] = await violationsOf(runpodPolicy(RULE), pod(BAD), { waivers });
    expect(others).toEqual([]);
    expect(violation?.level).toBe("advisory");
    expect(violation?.message).toMatch(
      /^Waived until 2999-01-01: weights come with the image\ncontainerDiskInGb 30 must be/,
    );
    const of = { ...BAD, policyWaivers: [{ rule: RULE, reason: REASON, until: "2999-01-01" }] };
    expect((await violationsOf(runpodPolicy(RULE), pod(of)))[0]?.level).toBe("advisory");
  });

  test("a waived violation is not remediated", async () => {
    expect(await remediated(runpodPolicy(RULE), pod(BAD), { waivers })).toBeUndefined();
    expect(await remediated(runpodPolicy(RULE), pod(BAD), {})).toBeDefined();
  });

  test("an expired waiver and a misspelled option are reported for the stack", async () => {
    const past = [{ resource: "other", reason: REASON, until: "2000-01-01" }];
    const config = { waivers: past, besideCache: 5 };
    const found = await violationsOf(runpodPolicy(RULE), pod(HAPPY_POD), config);
    expect(found.map(({ level, message }) => `${level} ${message}`)).toEqual([
      `mandatory Configuration: ${RULE}: there is no option besideCache. Did you mean besideCacheGb?`,
      expect.stringContaining(`advisory The waiver of ${RULE} for other expired on 2000-01-01`),
    ]);
  });

  test("each rule has a URL", () => {
    for (const { name, url } of runpodPolicies()) {
      expect(new URL(url ?? "").hash).toBe(`#${name}`);
    }
  });
});
