import { isQuery, mutationInputs } from "../../../../policies/src/input/graphql-request";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

test.each([
  "mutation { a }",
  "mutation D($i: X) { a }",
  "query Q { a }",
  "fragment F on X { a }",
  "mutation($i: X) { a }",
  "\n  mutation\n{ a }".replace("\n{", "{"),
  "# comment\n# another\n\n  mutation { a }",
  "#\nmutation { a }",
])("%j is GraphQL", (text) => {
  expect(isQuery(text)).toBe(true);
});

test.each([
  "mutation: { a: b }",
  "mutations { a }",
  "name: mutation { a }",
  "a\nmutation { a }",
  "# mutation { a }",
  "mutation",
  "{ a }",
  "mutation\n: { a }",
])("%j may be YAML", (text) => {
  expect(isQuery(text)).toBe(false);
});

const read = (query: string, variables?: Record<string, unknown>) =>
  mutationInputs("q.graphql", query, variables);
const inputOf = (input: string, variables?: Record<string, unknown>) =>
  read(`mutation { saveTemplate(input: ${input}) { id } }`, variables)[0]?.input;

test("values are read as JSON would give them", () => {
  const input =
    '{ a: "x", b: 5, c: 0.5, d: true, e: null, f: ENUM, g: [1, { h: "y" }], i: """z""" }';
  expect(inputOf(input)).toEqual({
    a: "x",
    b: 5,
    c: 0.5,
    d: true,
    e: null,
    f: "ENUM",
    g: [1, { h: "y" }],
    i: "z",
  });
});

test("a variable has its value, or is a placeholder in a document without variables", () => {
  expect(inputOf("{ a: $v, b: [$w] }", { v: { c: 1 } })).toEqual({ a: { c: 1 }, b: [undefined] });
  expect(inputOf("{ a: $v }")).toEqual({ a: `\${v}` });
});

test("every mutation with a known input is read, in order, and others are not", () => {
  const query = `mutation {
    toString(input: { a: 1 })
    b: saveEndpoint(other: 5, input: { name: "e" }) { id }
    saveTemplate(input: $t) { id }
  }`;
  const found = read(query, { t: { name: "t" } });
  expect(found.map(({ what, input, variable }) => ({ what, input, variable }))).toEqual([
    { what: "endpoint", input: { name: "e" }, variable: undefined },
    { what: "template", input: { name: "t" }, variable: "t" },
  ]);
});

test("the line of a field is the one of its value", () => {
  const query = `mutation { saveTemplate(input: {
    name: "t"
    env: [
      { key: "A", value: "b" }
      { key: "C",
        value: "d" }
    ]
  }) { id } }`;
  const [found] = read(query);
  expect(found?.lineOf(["name"])).toBe(2);
  expect(found?.lineOf(["env", 1, "value"])).toBe(6);
  expect(found?.lineOf([])).toBe(1);
  expect(found?.lineOf(["nothing"])).toBeUndefined();
  expect(found?.lineOf(["nothing", "inside"])).toBeUndefined();
  expect(found?.lineOf(["env", 7])).toBeUndefined();
  expect(found?.lineOf(["name", "inside"])).toBeUndefined();
});

const WHOLE = 'Check the whole request, {"query": …, "variables": …}.';
test.each([
  [
    "mutation { podStop(input: { a: 1 }) }",
    "has no mutation that can be checked. Use one of: createNetworkVolume, deployCpuPod, podEditJob, podFindAndDeployOnDemand, podRentInterruptable, saveEndpoint, saveTemplate.",
  ],
  ["mutation {\n  a(: 5)\n}", "is not a GraphQL query: line 2, column 5."],
  [
    "mutation { saveTemplate(input: $in) { id } }",
    `cannot be checked: the input $in of saveTemplate has no value. ${WHOLE}`,
  ],
  [
    "mutation { saveTemplate { id } }",
    `cannot be checked: the input of saveTemplate has no value. ${WHOLE}`,
  ],
  [
    "mutation { saveTemplate(input: 5) { id } }",
    `cannot be checked: the input of saveTemplate has no value. ${WHOLE}`,
  ],
  ["{".repeat(201), "cannot be checked: it nests objects and lists more than 200 levels deep."],
])("%s is refused in one sentence", (query, message) => {
  expect(() => read(query, {})).toThrow(new UnreadableInput(`q.graphql ${message}`));
});

test("a query of more tokens than a body may have is refused", () => {
  expect(() => inputOf(`{ a: [${"1 ".repeat(50_000)}] }`)).toThrow("is not a GraphQL query");
});
