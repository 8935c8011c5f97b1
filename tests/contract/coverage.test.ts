import published from "../../openapi/src/published/v2.json";
import coverage from "../../tools/generate/coverage.json";
import { operationsOf } from "../../tools/generate/operations.mts";

const KINDS = ["resource", "function", "command", "deliberately not", "not yet"];
const classified = coverage.flatMap(({ operations }) => operations);

test("every operation of REST v2 is classified exactly once", () => {
  const described = operationsOf(published).map(({ id }) => id);
  expect([...classified].sort()).toEqual([...described].sort());
});

test("every class is one that readers know, and says where or why", () => {
  expect(KINDS).toEqual(expect.arrayContaining(coverage.map((group) => group.as)));
  for (const { by } of coverage) {
    expect(by).toMatch(/\S{3}/);
  }
});
