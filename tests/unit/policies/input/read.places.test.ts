import { readSource } from "../../../../policies/src/input/read";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const POD = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
const INPUT = { imageName: "a", gpuTypeId: "NVIDIA L4", gpuCount: 1 };
const ids = (text: unknown, file = "f") =>
  readSource(file, typeof text === "string" ? text : JSON.stringify(text)).items.map(
    ({ id }) => id,
  );
/** The lines of fields of one of the items in a file. */
function linesOf(text: string, fields: string[], index = 0) {
  const { items, placeOf } = readSource("f", text);
  return fields.map((field) => placeOf(items[index], field).line);
}

describe("a file's items", () => {
  test.each<[content: unknown, items: string[]]>([
    [POD, ["f: Pod"]],
    [[POD], ["f#1: Pod"]],
    [
      [POD, [POD]],
      ["f#1: Pod", "f#2: Pod"],
    ],
    [{ pods: [POD], pagination: {} }, ["f: Pod"]],
    [{ pods: [POD, POD] }, ["f#1: Pod", "f#2: Pod"]],
    [{ templates: [{ imageName: "a" }] }, ["f: Template"]],
    [{ networkVolumes: [{ size: 5, dataCenterId: "a" }] }, ["f: Volume"]],
    [{ endpoints: [{ templateId: "t", workersMin: 0 }] }, ["f: Endpoint"]],
    [{ input: INPUT }, ["f: Pod"]],
    [{ variables: { input: { ...INPUT, name: "n" } }, query: 5 }, ["f: Pod n"]],
    [`${JSON.stringify(POD)}\n${JSON.stringify(POD)}`, ["f#1: Pod", "f#2: Pod"]],
    ["imageName: a\n---\nimageName: b\n", ["f#1: Template", "f#2: Template"]],
    ["mutation { saveTemplate(input: { imageName: 5 }) { id } }", ["f: Template"]],
    [{ query: "mutation { saveTemplate(input: { imageName: 5 }) { id } }" }, ["f: Template"]],
  ])("of %j are %j", (content, items) => {
    expect(ids(content)).toEqual(items);
  });

  const NOT_A_BODY =
    "cannot be checked. Use the body of a pod, a template, a network volume or a serverless endpoint for RunPod's API (REST v1 or v2, or a GraphQL request), or the output of `pulumi stack export` or `pulumi preview --json`.";
  test.each<[content: unknown, message: string]>([
    ["", `f is empty and ${NOT_A_BODY}`],
    [[], `f is empty and ${NOT_A_BODY}`],
    [{ pods: [] }, `f is empty and ${NOT_A_BODY}`],
    ["5", `f ${NOT_A_BODY}`],
    [[POD, 5], `f#2 ${NOT_A_BODY}`],
    [[POD, null], `f#2 ${NOT_A_BODY}`],
    [{ pods: [POD], other: 5 }, `f ${NOT_A_BODY}`],
    [{ others: [POD] }, `f ${NOT_A_BODY}`],
    [{ pods: POD }, `f ${NOT_A_BODY}`],
    [{ input: 5 }, `f ${NOT_A_BODY}`],
    [{ services: {} }, "f is a Docker Compose file"],
    [`{"deployment": ${"[".repeat(201)}`, "f cannot be checked: it nests objects and lists more"],
  ])("%# is refused in one sentence", (content, message) => {
    expect(() => ids(content)).toThrow(UnreadableInput);
    expect(() => ids(content)).toThrow(message);
  });
});

describe("lines", () => {
  test("are those of the fields, or of the body", () => {
    const text = `\n{"imageName": "a",\n "volume_in_gb": 5,\n "gpuCount": 1,\n "toString": 5}`;
    expect(linesOf(text, ["imageName", "volumeInGb", "gpuCount", "toString", "ports"])).toEqual([
      ...[2, 3, 4, 5, 2],
    ]);
  });

  test("are those of names and places of another API", () => {
    const text =
      "image: a\ncloud: SECURE\nmounts:\n  network:\n    - volumeId: b\n      path: c\ngpu:\n  id: d\n  count: 1\n";
    expect(linesOf(text, ["imageName", "networkVolumeId", "volumeMountPath", "gpuCount"])).toEqual([
      ...[1, 5, 6, 9],
    ]);
    expect(linesOf(text, ["gpu.count", "mounts.network"])).toEqual([9, 5]);
  });

  test("are those of an item of a list", () => {
    const text = `[{"imageName": "a"},\n{"imageName": "a",\n"gpuCount": 1}]`;
    expect(linesOf(text, ["imageName", "gpuCount", "ports"], 1)).toEqual([2, 3, 2]);
    expect(linesOf(`{"pods": ${text}}`, ["imageName", "gpuCount"], 1)).toEqual([2, 3]);
    expect(linesOf(`{"input":\n{"imageName": "a",\n"gpuCount": 1}}`, ["gpuCount"])).toEqual([3]);
  });

  test("are those of a request's variables, or of its query", () => {
    const query = '"query": "mutation($in: X) { saveTemplate(input: $in) { id } }"';
    const text = `{${query},\n"variables": {\n"in":\n{"imageName": "a",\n"volumeInGb": 5}}}`;
    expect(linesOf(text, ["imageName", "volumeInGb", "ports"])).toEqual([4, 5, 4]);
    const inline = `{"a": 1,\n"query": "mutation { saveTemplate(input: { imageName: 5 }) { id } }"}`;
    expect(linesOf(inline, ["imageName", "ports"])).toEqual([2, 2]);
    const document = "mutation {\n saveTemplate(input: {\n imageName: 5\n }) { id } }";
    expect(linesOf(document, ["imageName", "ports"])).toEqual([3, 2]);
  });

  test("are the first one for what is no item of the file", () => {
    const { placeOf } = readSource("f", "\n\nimageName: a\n");
    expect(placeOf(undefined, "imageName")).toEqual({ file: "f", line: 1 });
    const other = { id: "other", dependencies: {} } as never;
    expect(placeOf(other, "imageName")).toEqual({ file: "f", line: 1 });
  });
});

describe("JSON with comments", () => {
  const faultsOf = (text: string) =>
    readSource("f", text).items.map(({ spec }) =>
      spec.faults.map(
        ({ certainty, field, message, remedy }) => `${certainty} ${field}: ${message} ${remedy}`,
      ),
    );
  const COMMENTS =
    "doubtful : The file has comments or trailing commas, which are not JSON: this check accepts them, but RunPod rejects them. Remove them before you send the body.";

  test("is doubtful, once for a file", () => {
    expect(faultsOf('{"imageName": "a",}')).toEqual([[COMMENTS]]);
    expect(faultsOf('[{"imageName": "a",}, {"imageName": "b"}]')).toEqual([[COMMENTS], []]);
    expect(faultsOf('{"imageName": "a"}{"imageName": "b", "gpuCount": 0,}')).toEqual([
      [COMMENTS],
      [expect.stringContaining("gpuCount 0 must be at least 1")],
    ]);
    expect(faultsOf('{"imageName": "a"}')).toEqual([[]]);
  });
});

describe("Pulumi's output", () => {
  const type = "pulumi-nodejs:dynamic/runpod:Volume";
  const volume = { urn: "v", type, inputs: { size: 5 }, sourcePosition: "project:///a.ts#3,1" };
  const foreign = { urn: "w", type: "runpod:index/pod:Pod", inputs: {} };
  const text = `  \n${JSON.stringify({ deployment: { resources: [volume, foreign] } })}`;

  test("has places in the program, and resources that are not checked", () => {
    const { items, unread, placeOf } = readSource("f", text, "infra");
    expect(items.map(({ id }) => id)).toEqual(["v"]);
    expect(placeOf(items[0], "size")).toEqual({ file: "infra/a.ts", line: 3 });
    expect(placeOf(undefined, "size")).toEqual({ file: "infra/Pulumi.yaml", line: 1 });
    expect(unread).toEqual([
      { resource: "w", why: "runpod:index/pod:Pod is a resource of another provider" },
    ]);
    expect(readSource("f", JSON.stringify(POD)).unread).toEqual([]);
  });

  test("is recognized in JSON only", () => {
    expect(() => readSource("f", `[${text}]`)).toThrow("f#1 cannot be checked.");
    expect(() => readSource("f", "deployment:\n  resources: []\n")).toThrow("f cannot be checked.");
  });
});
