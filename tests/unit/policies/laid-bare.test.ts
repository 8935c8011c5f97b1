import { Secret, unknownCheckingProxy } from "@pulumi/policy";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { laidBare } from "../../../policies/src/laid-bare";

test("secrets are unwrapped, and unknown values stay as the engine sends them", () => {
  const props = {
    a: new Secret("b"),
    c: [new Secret(["d"]), { e: new Secret({ f: 5 }) }],
    g: UNKNOWN,
    h: null,
    i: undefined,
  };
  expect(laidBare(unknownCheckingProxy(props))).toEqual({
    a: "b",
    c: [["d"], { e: { f: 5 } }],
    g: UNKNOWN,
    h: null,
    i: undefined,
  });
});

test("what is deeper than any rule looks is unknown", () => {
  expect(laidBare({ a: { b: { c: { d: { e: 5 } } } } })).toEqual({
    a: { b: { c: { d: { e: 5 } } } },
  });
  expect(laidBare({ a: [[[[[{}]]]]] })).toEqual({ a: [[[[[UNKNOWN]]]]] });
  expect(laidBare({ a: { b: { c: { d: { e: { f: {} } } } } } })).toEqual({
    a: { b: { c: { d: { e: { f: UNKNOWN } } } } },
  });
});

test("a map keeps one item above the limit, so that the excess is noticed", () => {
  const map = Object.fromEntries(Array.from({ length: 1_005 }, (_, n) => [`a${n}`, "b"]));
  expect(Object.keys(laidBare({ map })["map"] as object)).toHaveLength(1_001);
});
