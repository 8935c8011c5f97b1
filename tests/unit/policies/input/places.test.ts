import { isInside, programPlaces, readPlaces } from "../../../../policies/src/input/places";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const place = (...positions: unknown[]) => {
  const stackTrace = positions.map((sourcePosition) => ({ sourcePosition }));
  return programPlaces([{ urn: "u", stackTrace }], "infra")("u");
};

describe("the place that creates a resource", () => {
  test.each([
    ["project:///index.ts#4,13", "infra/index.ts", 4],
    ["project:///src/my%20pods.ts#12,5", "infra/src/my pods.ts", 12],
    ["project:///src/a%23b%3F.ts#12,5", "infra/src/a#b?.ts", 12],
  ])("is a line of the program: %j", (position, file, line) => {
    expect(place(position)).toEqual({ file, line });
  });

  test.each([
    "project:///../../etc/passwd#1,1",
    "project:///%2e%2e/%2e%2e/etc/passwd#1,1",
    "project:///src/%2E%2E/%2E%2E/%2E%2E/etc/passwd#1,1",
    "project:///src%2f..%2f..%2fx#1,1",
    "project:///%2fetc%2fpasswd#1,1",
    "project:////etc/passwd#1,1",
    "project:///..%5c..%5cx#1,1",
    "project:///C:/Windows/x#1,1",
    "project:///%43%3A/Windows/x#1,1",
    "project:///https:%2f%2fevil.example#1,1",
    "project:///node%5fmodules/x/index.js#1,1",
    "project:///%6eode_modules/x/index.js#1,1",
    "project:///a%0a::error::x#1,1",
    "project:///%#1,1",
    "project:///%ff#1,1",
    "project:///.#1,1",
    "project:///index.ts#0,1",
    "project:///index.ts#99999999999999999999,1",
    "file:///etc/passwd#1,1",
    "file:///project:///index.ts#4,13",
    17,
  ])("is the project file if the position is %j", (position) => {
    expect(place(position)).toEqual({ file: "infra/Pulumi.yaml", line: 1 });
    expect(place(position, "project:///index.ts#4,13")).toEqual({
      file: "infra/index.ts",
      line: 4,
    });
  });
});

test("a preview's result that is not JSON is not quoted", () => {
  const read = (text: string) => () => readPlaces("p.json", text, ".");
  expect(read("machine github.com password ghp_x")).toThrow(/^p\.json is not JSON\.$/);
  expect(read('{"a": 1, ghp_x}')).toThrow(/^p\.json is not JSON \(line 1, column 10\)\.$/);
  expect(read("null")).toThrow(/^p\.json is not the output of `pulumi preview --json`\.$/);
});

test.each([
  ["a", "a/Pulumi.yaml"],
  ["a\\b", "a/b/Pulumi.yaml"],
  [".", "Pulumi.yaml"],
])("in the program %s, the project file is %s", (program, file) => {
  expect(programPlaces([], program)(undefined)).toEqual({ file, line: 1 });
});

test("a resource without a stack trace has the place that it records", () => {
  const resource = { urn: "u", sourcePosition: "project:///a.ts#123456789,1" };
  expect(programPlaces([resource], ".")("u")).toEqual({ file: "a.ts", line: 123_456_789 });
  expect(programPlaces([{ ...resource, stackTrace: [5, null] }], ".")("u").file).toBe(
    "Pulumi.yaml",
  );
});

test.each(["a", "a/b", "..a", "a..", ".a", "...", "a/.b", "a/b:c"])("%j is inside", (file) => {
  expect(isInside(file)).toBe(true);
});

test.each(["", ".", "..", "a/..", "../a", "/a", "a:b", "a:b/c", "a\\b", "a\u0000b"])(
  "%j is not inside",
  (file) => {
    expect(isInside(file)).toBe(false);
  },
);

test("places are read from a preview's result", () => {
  const text = JSON.stringify({
    steps: [{ newState: { urn: "u", sourcePosition: "project:///a.ts#3,1" } }],
  });
  expect(readPlaces("p.json", text, "infra")("u")).toEqual({ file: "infra/a.ts", line: 3 });
  expect(() => readPlaces("p.json", "[]", ".")).toThrow(UnreadableInput);
});
