import type { ModelSize } from "@runpod-stack/models";
import type { Serving } from "../../../policies/src/serving";
import {
  basisOf,
  cachePlace,
  dollars,
  enough,
  enumerate,
  gb,
  modelName,
  percent,
} from "../../../policies/src/words";

test.each([
  [0, "0 GB"],
  [0.14, "0.1 GB"],
  [9.94, "9.9 GB"],
  [9.99, "10 GB"],
  [10, "10 GB"],
  [10.4, "10 GB"],
  [55.5, "56 GB"],
])("%p GB is %s: one decimal below 10, none above", (amount, text) => {
  expect(gb(amount)).toBe(text);
});

test("a share is a whole percentage, and money has cents", () => {
  expect(percent(0.924)).toBe("92%");
  expect(percent(1)).toBe("100%");
  expect(dollars(20)).toBe("$20.00");
  expect(dollars(0.126)).toBe("$0.13");
});

test("rounds up to whole GB, except for what arithmetic adds", () => {
  expect(enough(66.2)).toBe(67);
  expect(enough(66)).toBe(66);
  expect(enough(66 + 1e-10)).toBe(66);
  expect(enough(66.001)).toBe(67);
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "b", "c", "d"], "a, b, c and d"],
])("lists %p as %p", (items, text) => {
  expect(enumerate(items)).toBe(text);
  expect(enumerate(items, "or")).toBe(text.replace(" and ", " or "));
});

test.each([
  [{ basis: "user", margin: 0 }, "your figure"],
  [{ basis: "base", margin: 0.2, shape: { id: "a/b" } }, "computed from a/b, ±20%"],
  [{ basis: "table", margin: 0 }, "measured"],
  [{ basis: "table", margin: 0.05 }, "from its published parameters, ±5%"],
  [{ basis: "name", margin: 0.3 }, "estimated from the name, ±30%"],
])("explains a size with %j", (size, text) => {
  expect(basisOf(size as ModelSize)).toBe(text);
});

test("names the model, and counts those that are loaded with it", () => {
  const serving = (model: unknown, companions: string[]) =>
    ({ model, setup: { companions } }) as unknown as Serving;
  expect(modelName(serving("a/b", []))).toBe("a/b");
  expect(modelName(serving(undefined, []))).toBe("the model");
  expect(modelName(serving("a/b", ["c/d"]))).toBe("a/b and 1 more");
  expect(modelName(serving(undefined, ["c/d", "e/f"]))).toBe("the model and 2 more");
  expect(modelName(serving("x".repeat(500), []))).toMatch(/^x{150,200}…$/);
});

test("names the cache and what sets it", () => {
  const serving = (cache: unknown) => ({ cache }) as unknown as Serving;
  expect(cachePlace(serving({ path: "/data/hub", from: "HF_HOME" }))).toBe("/data/hub (HF_HOME)");
  expect(cachePlace(serving(undefined))).toBe("its cache");
  const long = "x".repeat(500);
  expect(cachePlace(serving({ path: long, from: long })).length).toBeLessThan(410);
});
