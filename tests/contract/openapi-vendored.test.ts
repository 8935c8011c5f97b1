import published1 from "../../openapi/src/published/v1.json";
import published2 from "../../openapi/src/published/v2.json";
import { withoutProse } from "../../tools/generate/prose.mts";

describe.each([
  ["v1", published1, 23],
  ["v2", published2, 52],
])("the vendored description of %s", (_, document, paths) => {
  test("holds structure only: stripping its prose changes nothing", () => {
    expect(withoutProse(document)).toEqual(document);
    expect(JSON.stringify(document)).not.toMatch(/"(description|summary|example)":"/);
  });

  test("is whole", () => {
    expect(Object.keys(document.paths).length).toBe(paths);
  });
});
