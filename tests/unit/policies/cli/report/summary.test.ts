import { safe } from "@runpod-stack/kit";
import { sentenceOf, summaryOf } from "../../../../../policies/src/cli/report/summary";
import type { Violation } from "../../../../../policies/src/judge";
import { notJudged } from "../../../../../policies/src/rule";
import { HAPPY_POD, HAPPY_VOLUME, item } from "../../scene";

const items = ["a", "b", "c", "d"].map((id) => item("Pod", HAPPY_POD, { id }));
const why = safe`no model server recognized in image acme/foo`;
const of = (id: string) => {
  const finding = notJudged("imageName", safe`m`, safe`r`, why);
  return { ...finding, item: item("Pod", HAPPY_POD, { id }) } as unknown as Violation;
};

describe("a summary", () => {
  test("shows what was not checked, and why, once for each resource", () => {
    const summary = summaryOf(items, [of("b"), of("b")], [], 22);
    expect(sentenceOf(summary)).toBe(
      "3 pods judged by 22 rules; 1 not judged: no model server recognized in image acme/foo",
    );
    expect(summary.unjudged).toEqual([{ resource: "b", why }]);
  });

  test("shows each kind", () => {
    const serverless = item("Template", { imageName: "x" });
    const all = [
      ...items,
      item("Volume", HAPPY_VOLUME),
      item("Template", { imageName: "x" }),
      { ...serverless, id: "s", spec: { ...serverless.spec, isServerless: true } as never },
    ];
    expect(sentenceOf(summaryOf(all, [], [], 1))).toBe(
      "4 pods, 1 volume, 1 template and 1 serverless template judged by 1 rules",
    );
    expect(sentenceOf(summaryOf([], [], [], 2))).toBe("Nothing judged by 2 rules");
  });

  test("shows a few reasons", () => {
    const others = [1, 2, 3, 4].map((n) => ({ resource: `${n}`, why: safe`reason ${n}` }));
    expect(sentenceOf(summaryOf([], [], others, 2))).toBe(
      "Nothing judged by 2 rules; 4 not judged: reason 1; reason 2; reason 3; …",
    );
  });
});
