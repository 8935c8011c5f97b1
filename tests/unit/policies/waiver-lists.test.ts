import {
  completeWaivers,
  configuredWaivers,
  expiries,
  isExpired,
  malformed,
  today,
  waiverFor,
  waiverProblems,
} from "../../../policies/src/waivers";
import { HAPPY_POD, item } from "./scene";

const WAIVER = { resource: "a", reason: "r", until: "2027-03-31" };

test.each<[given: unknown, problems: string[]]>([
  [[], []],
  [[WAIVER, WAIVER], []],
  [WAIVER, ["must be a list of {resource, reason, until}"]],
  [
    [5, WAIVER, []],
    ["[0] must be {resource, reason, until}", "[2] must be {resource, reason, until}"],
  ],
  [[{ ...WAIVER, rule: "x" }], ["[0] must have only resource, reason, until, not rule"]],
  [[{ reason: "r", until: "2027-03-31" }], ["[0].resource is required"]],
  [[{ ...WAIVER, reason: "" }], ["[0].reason is required"]],
  [[{ ...WAIVER, reason: 5 }], ["[0].reason is required"]],
  [[{ ...WAIVER, until: undefined }], ["[0].until is required"]],
])("the waivers %j have the problems %j", (given, problems) => {
  expect(waiverProblems(given, ["resource"])).toEqual(problems);
});

test.each(["2027-03-31", "2027-01-01", "2027-10-09", "2027-12-30", "2027-02-19", "2027-02-20"])(
  "%s is a date",
  (until) => {
    expect(waiverProblems([{ ...WAIVER, until }], ["resource"])).toEqual([]);
  },
);

test.each([
  ...["soon", "2027-3-31", "2027-13-01", "2027-00-01", "2027-01-00", "2027-01-32", "2027-01-40"],
  ...["27-01-01", "x2027-01-01", "2027-01-011", "2027-01-01T00:00", "20270101"],
])("%s is not a date", (until) => {
  expect(waiverProblems([{ ...WAIVER, until }], ["resource"])).toEqual([
    "[0].until must be a date such as 2027-03-31",
  ]);
});

test("only complete waivers apply", () => {
  const given = [5, WAIVER, { ...WAIVER, until: "soon" }];
  expect(completeWaivers(given, ["resource"])).toEqual([WAIVER]);
  expect(completeWaivers("none", ["resource"])).toEqual([]);
  expect(configuredWaivers({ waivers: given })).toEqual([WAIVER]);
  expect(configuredWaivers({ other: given })).toEqual([]);
  expect(configuredWaivers(undefined)).toEqual([]);
});

test("a waiver applies until its last day", () => {
  expect(isExpired(WAIVER, "2027-03-31")).toBe(false);
  expect(isExpired(WAIVER, "2027-04-01")).toBe(true);
  expect(today()).toMatch(/^\d{4}-\d\d-\d\d$/);
});

describe("the waiver for a resource", () => {
  const RULE = "gpu-memory";
  const own = { rule: RULE, reason: "own", until: "2027-01-01" };
  const waiver = (id: string, pattern: string) =>
    waiverFor(
      RULE,
      item("Pod", HAPPY_POD, { id }),
      [{ ...WAIVER, resource: pattern }],
      "2026-11-27",
    );

  test.each([
    ["f: Pod a b", "a b"],
    ["f: Pod a b", "Pod a b"],
    ["f: Serverless Template t", "t"],
    ["f: Serverless Template t", "Serverless Template t"],
    ["f: Volume v", "v"],
    ["f: Endpoint e", "e"],
    ["g: f: Pod p", "p"],
    ["f: Other x", "Other x"],
    ["urn:pulumi:a::b::c::Pod d: e", "d: e"],
    ["urn:pulumi:a::b::c::d", "d"],
  ])("%j is found by %j", (id, pattern) => {
    expect(waiver(id, pattern)?.reason).toBe("r");
  });

  test.each([
    ["f: Other x", "x"],
    ["f: My Pod x", "x"],
    ["f: Pod x", "f"],
    ["urn:pulumi:a::b::c::d", "c"],
    ["f: Pod x", ""],
  ])("%j is not found by %j", (id, pattern) => {
    expect(waiver(id, pattern)).toBeUndefined();
  });

  test("is its own before a configured one, of the same rule, and not expired", () => {
    const of = (policyWaivers: unknown, day = "2026-11-27") =>
      waiverFor(RULE, item("Pod", { ...HAPPY_POD, policyWaivers }, { id: "a" }), [WAIVER], day);
    expect(of([own])).toEqual(own);
    expect(of([{ ...own, rule: "other" }])).toEqual(WAIVER);
    expect(of([own], "2027-02-01")).toEqual(WAIVER);
    expect(of([own], "2027-04-01")).toBeUndefined();
  });

  test("of the whole stack is found by a pattern that matches anything", () => {
    const found = (resource: string) =>
      waiverFor(RULE, undefined, [{ ...WAIVER, resource }], "2026-11-27");
    expect(found("*")).toBeDefined();
    expect(found("a")).toBeUndefined();
  });
});

test("an expired waiver, and one that cannot be used, are reported", () => {
  const text = ({ field, message, remedy, certainty }: ReturnType<typeof malformed>) =>
    `${certainty} ${field}: ${message} ${remedy}`;
  expect(expiries("gpu-memory", [WAIVER], "2027-03-31")).toEqual([]);
  expect(expiries("gpu-memory", [WAIVER], "2027-04-01").map(text)).toEqual([
    "doubtful policyWaivers: The waiver of gpu-memory for a expired on 2027-03-31 (r). Fix what it covers and remove it, or set a new end date.",
  ]);
  expect(text(malformed("[0] is wrong"))).toBe(
    'certain policyWaivers: policyWaivers[0] is wrong, so it waives nothing. Write {rule: "container-disk-size", reason: "…", until: "2027-03-31"}.',
  );
});
