import { programPlaces, readPlaces } from "../../../../policies/src/input/places";

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
