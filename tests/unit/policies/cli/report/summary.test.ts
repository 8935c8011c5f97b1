import { safe } from "@runpod-stack/kit";
import { sentenceOf, summaryOf } from "../../../../../policies/src/cli/report/summary";
import type { Violation } from "../../../../../policies/src/judge";
import { notJudged } from "../../../../../policies/src/rule";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, item } from "../../scene";

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

  test("shows all of three reasons, each once", () => {
    const others = ["a", "b", "c", "a"].map((reason, n) => ({
      resource: `${n}`,
      why: safe`reason ${reason}`,
    }));
    expect(sentenceOf(summaryOf([], [], others, 2))).toBe(
      "Nothing judged by 2 rules; 4 not judged: reason a; reason b; reason c",
    );
  });

  test("names one kind, two or more", () => {
    const endpoints = [
      item("PodEndpoint", { port: 8000 }),
      item("ServerlessEndpoint", HAPPY_ENDPOINT),
      item("ServerlessEndpoint", HAPPY_ENDPOINT),
    ];
    const sentence = (of: typeof items) => sentenceOf(summaryOf(of, [], [], 5));
    expect(sentence(endpoints.slice(0, 1))).toBe("1 endpoint judged by 5 rules");
    expect(sentence(endpoints)).toBe("1 endpoint and 2 serverless endpoints judged by 5 rules");
    expect(sentence([...items.slice(0, 1), ...endpoints])).toBe(
      "1 pod, 1 endpoint and 2 serverless endpoints judged by 5 rules",
    );
  });

  test("does not count what a violation or a reason names as checked", () => {
    const { judged, rules, unjudged } = summaryOf(
      items,
      [of("a"), { ...of("b"), unjudged: undefined }, { ...of("c"), item: undefined }],
      [{ resource: "d", why }],
      7,
    );
    expect({ judged, rules }).toEqual({ judged: { pod: 2 }, rules: 7 });
    expect(unjudged).toEqual([
      { resource: "a", why },
      { resource: "d", why },
    ]);
  });
});
