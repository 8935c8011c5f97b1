import { trusted } from "@runpod-stack/kit";
import {
  fingerprints,
  isRefusal,
  nameOf,
  sorted,
  verdictOf,
} from "../../../../../policies/src/cli/report/reported";
import { EXTENT, violation, waiver } from "./violations";

const [refused, advice] = [violation({ level: "mandatory" }), violation({})];

test("refusals come before advice, and otherwise nothing moves", () => {
  const [a, b] = [violation({ rule: "a" }), violation({ rule: "b" })];
  expect(sorted([a, refused, b])).toEqual([refused, a, b]);
  expect([isRefusal(refused), isRefusal(advice)]).toEqual([true, false]);
});

test.each([
  [[], undefined, "Passed."],
  [[advice], undefined, "Passed, with 1 piece of advice."],
  [[advice, advice], undefined, "Passed, with 2 pieces of advice."],
  [[refused, advice, advice], undefined, "Refused: 1 mandatory, 2 advisory."],
  [[], EXTENT, "Passed. 2 pods judged by 3 rules; 1 not judged: it is odd."],
  [
    [refused],
    { ...EXTENT, waived: [waiver, waiver] },
    "Refused: 1 mandatory, 0 advisory. 2 pods judged by 3 rules; 1 not judged: it is odd. 2 waived.",
  ],
])("the verdict of %j with %j is %j", (violations, extent, verdict) => {
  expect(verdictOf(violations, extent)).toBe(verdict);
});

test.each([
  ["urn:pulumi:dev::llm::pulumi-nodejs:dynamic/runpod:Pod::a", "Pod a"],
  ["urn:pulumi:dev::llm::x:y:Pod::a::b", "Pod a::b"],
  ["urn:pulumi:dev::llm", "urn:pulumi:dev::llm"],
  ["x:urn:pulumi:a::b::c:Pod::d", "x:urn:pulumi:a::b::c:Pod::d"],
  ["pod.json: Pod a", "pod.json: Pod a"],
  ["", ""],
])("the name of %j is %j", (resource, name) => {
  expect(nameOf(resource)).toBe(name);
});

test("a violation keeps its fingerprint, and several of one kind are counted", () => {
  const [a, b] = [violation({ resource: "a" }), violation({ resource: "b" })];
  const other = violation({ rule: "s", resource: "a" });
  const prints = fingerprints([a, a, b, { ...a, message: trusted("x") }, other]);
  const [first = ""] = prints;
  const hash = first.slice(0, 16);
  expect(first).toMatch(/^[0-9a-f]{16}:1$/);
  expect(prints.filter((print) => print.startsWith(hash))).toEqual(
    [1, 2, 3].map((count) => `${hash}:${count}`),
  );
  expect(new Set(prints).size).toBe(5);
  expect(prints[2]).toMatch(/:1$/);
});
