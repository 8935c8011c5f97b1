import { v1Document, v2Document } from "../../../openapi/src";
import v1 from "../../../openapi/src/published/v1.json";
import v2 from "../../../openapi/src/published/v2.json";

test("the descriptions for validating are the vendored ones with their patches", () => {
  expect(v1Document().paths).toEqual(v1.paths);
  expect(Object.keys(v2Document().paths)).toEqual(Object.keys(v2.paths));
  expect(Object.keys(v2Document().components.schemas)).toEqual(Object.keys(v2.components.schemas));
});

test("who changes a description changes a copy", () => {
  const copy = v2Document() as { openapi: string };
  copy.openapi = "changed";
  expect(v2Document().openapi).toBe("3.1.0");
});
