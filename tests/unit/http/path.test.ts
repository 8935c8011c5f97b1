import fc from "fast-check";
import { path } from "../../../provider/src/http/path";

describe("path", () => {
  test("puts ids between its literals", () => {
    expect(path`/pods/${"abc-1_2.x"}/action`).toBe("/pods/abc-1_2.x/action");
    expect(path`/pods`).toBe("/pods");
  });

  test.each([
    "",
    ".",
    "..",
    "a/b",
    "a%2e",
    "%2e%2e",
    "a b",
    "a?b",
    "a#b",
    "a\r\nb",
    "ä",
    "x".repeat(192),
  ])("refuses %j, which is not an id", (id) => {
    expect(() => path`/pods/${id}`).toThrow("is not a RunPod id.");
  });

  test("leads only to one object of the collection, whatever the id", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (id) => {
        let made: string;
        try {
          made = path`/pods/${id}`;
        } catch {
          return;
        }
        expect(new URL(made, "https://api.runpod.io").pathname).toBe(`/pods/${id}`);
        expect(id).not.toContain("/");
      }),
    );
  });
});
