import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { type Api, descriptionOf } from "../../../../policies/src/input/descriptions";
import { meantInputs } from "../../../../policies/src/input/meant";

type Body = Readonly<Record<string, unknown>>;

/** What a pod's body means, without what it does not set. */
function meant(body: Body, api: Api = "v1", more: Body = { gpuTypeIds: ["NVIDIA L4"] }): Body {
  const whole = { imageName: "a", ...more, ...body };
  const inputs = meantInputs(whole, descriptionOf(whole, api));
  const added = Object.entries(inputs).filter(
    ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(more[name]),
  );
  return Object.fromEntries(added.filter(([name]) => name !== "imageName"));
}

describe("another spelling of a name", () => {
  test("means the field", () => {
    expect(meant({ volume_in_gb: 5 })).toEqual({ volumeInGb: 5 });
  });

  test("does not override the right one", () => {
    expect(meant({ volume_in_gb: 5, volumeInGb: 7 })).toEqual({ volumeInGb: 7 });
    expect(meant({ volumeInGb: 7, volume_in_gb: 5 })).toEqual({ volumeInGb: 7 });
  });
});

test("names of other APIs mean the same, and the first that is set counts", () => {
  expect(meant({ disk: 5, args: "a b" })).toMatchObject({
    containerDiskInGb: 5,
    dockerStartCmd: ["a", "b"],
  });
  expect(meant({ disk: 5, containerDiskInGb: 7 })).toMatchObject({ containerDiskInGb: 7 });
  expect(meant({ cudaVersion: "12.8, 13.0" })).toMatchObject({
    allowedCudaVersions: ["12.8", "13.0"],
  });
});

test.each(["gpuTypeIds", "ports", "dataCenterIds", "allowedCudaVersions", "cpuFlavorIds"])(
  "%s may be a string with commas",
  (name) => {
    expect(meant({ [name]: " a, b,,c " }, "v1", {})[name]).toEqual(["a", "b", "c"]);
    expect(meant({ [name]: ["a, b"] }, "v1", {})[name]).toEqual(["a, b"]);
  },
);

test("one data center is a list of one, except for a volume, which has one", () => {
  expect(meant({ dataCenterId: "EU-RO-1" })).toMatchObject({ dataCenterIds: ["EU-RO-1"] });
  expect(meant({ dataCenterId: "EU-RO-1", dataCenterIds: ["US-1"] })).toMatchObject({
    dataCenterIds: ["US-1"],
  });
  const volume = { size: 10, dataCenterId: "EU-RO-1" };
  expect(meantInputs(volume, descriptionOf(volume))["dataCenterIds"]).toBeUndefined();
});

test.each([
  ...["containerDiskInGb", "volumeInGb", "gpuCount", "size", "vcpuCount"],
  ...["workersMin", "workersMax", "idleTimeout"],
])("%s may be a number in a string", (name) => {
  expect(meant({ [name]: "20" })[name]).toBe(20);
});

test.each([
  [" 20 GB ", 20],
  ["20gb", 20],
  ["20         gb", 20],
  ["0.5", 0.5],
  ["123456789.5", 123_456_789.5],
  ["1234567890", "1234567890"],
  ["0.", "0."],
  ["20 TB", "20 TB"],
  ["x20", "x20"],
  ["20 GB x", "20 GB x"],
  ["", ""],
  [["20"], ["20"]],
])("%j GB is %j", (given, size) => {
  expect(meant({ volumeInGb: given })["volumeInGb"]).toEqual(size);
});

test.each<[given: unknown, env: unknown]>([
  [
    { A: "b", C: 5, D: true, E: null },
    { A: "b", C: "5", D: "true", E: null },
  ],
  [["A=b=c", "D=", "=e", "none"], { A: "b=c", D: "", "": "e" }],
  [
    [
      { key: "A", value: 5 },
      { name: "B", value: "c" },
    ],
    { A: "5", B: "c" },
  ],
  [[{ key: "A", name: "B", value: false }], { A: "false" }],
  [[{ key: 5, value: "a" }, { value: "a" }, 7, null, ["A=b"]], {}],
  ["A=b", "A=b"],
])("variables %j are %j", (env, meaning) => {
  expect(meant({ env })["env"]).toEqual(meaning);
});

describe("a command", () => {
  const commandOf = (body: Body) => {
    const { gpuTypeIds: _, ...command } = meant(body);
    return command;
  };

  test.each<[args: unknown, command: object]>([
    ["--model a/b 'c d'", { dockerStartCmd: ["--model", "a/b", "c d"] }],
    [["--model", "a b"], { dockerStartCmd: ["--model", "a b"] }],
    ["", {}],
    ["  ", {}],
    ['{"cmd": ["a"]}', { dockerStartCmd: ["a"] }],
    [' {"cmd": ["a"], "entrypoint": ["b"]}', { dockerStartCmd: ["a"], dockerEntrypoint: ["b"] }],
    ['{"entrypoint": ["b"]}', { dockerEntrypoint: ["b"] }],
    ["{a", { dockerStartCmd: ["{a"] }],
    ["5", { dockerStartCmd: ["5"] }],
  ])("%j is read", (dockerStartCmd, command) => {
    expect(commandOf({ dockerStartCmd })).toEqual(command);
  });

  test("as long as allowed is split, and a longer one is not", () => {
    const words = (length: number) => `a ${"x".repeat(length - 2)}`;
    const count = (length: number) =>
      (commandOf({ dockerStartCmd: words(length) })["dockerStartCmd"] as string[]).length;
    expect([count(MAX_COMMAND_LENGTH), count(MAX_COMMAND_LENGTH + 1)]).toEqual([2, 1]);
  });

  test.each<[args: unknown, cmd: unknown]>([
    ["-c a", ["-c", "a"]],
    [["-c"], ["-c"]],
    [" ", undefined],
    ["{", ["{"]],
    ['{"cmd": ["a"]}', ["a"]],
    [`a ${"x".repeat(MAX_COMMAND_LENGTH)}`, [`a ${"x".repeat(MAX_COMMAND_LENGTH)}`]],
  ])("keeps its entrypoint, which may be a command line (%#)", (dockerStartCmd, cmd) => {
    const dockerEntrypoint = "bash -l";
    expect(commandOf({ dockerStartCmd, dockerEntrypoint })).toEqual({
      dockerStartCmd: cmd,
      dockerEntrypoint: ["bash", "-l"],
    });
    expect(commandOf({ dockerEntrypoint: ["a b"] })["dockerEntrypoint"]).toEqual(["a b"]);
  });
});
