import { openEnumerations, tolerant } from "../../../tools/generate/answers.mts";
import { type Json, onlySchemas } from "../../../tools/generate/document.mts";
import { type Patch, patched } from "../../../tools/generate/patch.mts";
import { withoutProse } from "../../../tools/generate/prose.mts";

const description = (schemas: Json): Json => ({
  openapi: "3.1.0",
  info: {},
  components: { schemas },
});
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const patch = (op: "add" | "replace", path: string, value: unknown): Patch => ({
  name: "p",
  reason: "r",
  operations: [{ op, path, value }],
});

describe("vendoring", () => {
  test("drops prose, and keeps fields that are named like it", () => {
    const source = {
      info: {
        title: "API",
        description: "prose",
        contact: {},
        "x-snapshot": "2026-08-20, with additions",
      },
      paths: { "/summary": { get: { summary: "prose", operationId: "a" } } },
      components: {
        schemas: {
          Thing: {
            description: "prose",
            example: {},
            properties: {
              description: { type: "string", description: "prose" },
              summary: { enum: ["x"] },
            },
          },
        },
      },
    };
    expect(withoutProse(source)).toEqual({
      info: { title: "API", "x-snapshot": "2026-08-20" },
      paths: { "/summary": { get: { operationId: "a" } } },
      components: {
        schemas: {
          Thing: { properties: { description: { type: "string" }, summary: { enum: ["x"] } } },
        },
      },
    });
  });
});

describe("patching", () => {
  const document = { paths: { "/a/b": { get: { parameters: ["x"] } } }, info: { title: "old" } };

  test("adds to objects and lists, replaces, and leaves the original alone", () => {
    const patches = [
      patch("add", "/paths/~1a~1b/get/parameters/-", "y"),
      patch("add", "/info/version", "1"),
      patch("replace", "/info/title", "new"),
    ];
    expect(patched(document, patches)).toEqual({
      paths: { "/a/b": { get: { parameters: ["x", "y"] } } },
      info: { title: "new", version: "1" },
    });
    expect(document.info).toEqual({ title: "old" });
  });

  test.each([
    ["adds what is already there", patch("add", "/info/title", "x"), "is already there"],
    ["replaces what is not there", patch("replace", "/info/version", "x"), "is not there"],
    ["leads nowhere", patch("add", "/paths/~1c/get/x", "x"), "no /paths/~1c/get/x"],
  ])("refuses a patch that %s: the description has changed under it", (_, unfit, message) => {
    expect(() => patched(document, [unfit])).toThrow(message);
  });
});

describe("choosing schemas", () => {
  const document = description({
    List: { properties: { items: { items: to("Item") } } },
    Item: { allOf: [to("Base")] },
    Base: {},
    Unused: {},
  });

  test("keeps what the roots refer to, in the order of the description, and nothing else", () => {
    const { schemas } = onlySchemas(document, ["List"])["components"] as { schemas: Json };
    expect(Object.keys(schemas)).toEqual(["List", "Item", "Base"]);
  });

  test("refuses a root that the description does not have", () => {
    expect(() => onlySchemas(document, ["Gone"])).toThrow("no schema Gone");
  });
});

describe("reading answers tolerantly", () => {
  test("keeps types and essential fields, and drops all other constraints", () => {
    const document = description({
      Pod: {
        type: "object",
        required: ["id", "disk", "status"],
        properties: {
          id: { type: "string", minLength: 1 },
          disk: { type: "integer", minimum: 1, default: 5 },
          status: { type: "string", enum: ["RUNNING"] },
          pattern: { type: ["integer", "null"] },
        },
      },
    });
    expect(tolerant(document)).toEqual(
      description({
        Pod: {
          type: "object",
          required: ["id", "status"],
          properties: {
            id: { type: "string" },
            disk: { type: "number" },
            status: { type: "string" },
            pattern: { type: ["number", "null"] },
          },
        },
      }),
    );
  });

  test("opens the enumerations that no request uses", () => {
    const document = description({
      Pod: { properties: { status: to("Status"), cloud: to("Cloud") } },
      Create: { properties: { cloud: to("Cloud") } },
      Status: { enum: ["A"] },
      Cloud: { enum: ["B"] },
    });
    expect([...openEnumerations(document, ["Pod"], ["Create"])]).toEqual(["Status"]);
  });
});
