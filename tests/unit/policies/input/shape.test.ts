import { safe } from "@runpod-stack/kit";
import { meantField, misfits, type Shape } from "../../../../policies/src/input/shape";

const texts: Shape = { types: ["array"], items: { types: ["string"] } };
const SHAPE: Shape = {
  types: ["object"],
  fields: {
    anything: {},
    cloud: { types: ["string"], words: ["SECURE", "COMMUNITY"] },
    cmd: texts,
    count: { types: ["integer"], minimum: 1, maximum: 8 },
    env: { types: ["object"], values: { types: ["string"] } },
    image: { types: ["string"] },
    isPublic: { types: ["boolean"] },
    list: { types: ["array"] },
    mounts: {
      types: ["object"],
      required: ["size"],
      fields: { size: { types: ["integer"], minimum: 10 }, path: { types: ["string"] } },
    },
    pairs: {
      types: ["array"],
      items: {
        types: ["object"],
        required: ["key"],
        fields: { key: { types: ["string"] }, value: { types: ["string"] } },
      },
    },
    ports: { ...texts, maxItems: 2 },
    regions: { ...texts, maxItems: 1 },
    share: { types: ["number", "null"] },
    size: { types: ["integer", "null"] },
    names: { types: ["string", "array"] },
    labels: { types: ["object"] },
  },
};

/** The faults as "kind path (field): message remedy". */
function faults(value: unknown, shape = SHAPE): string[] {
  return misfits(value, shape, safe`a pod`).map(
    ({ kind, path, finding: { field, message, remedy } }) =>
      `${kind} ${path} (${field}): ${message} ${remedy}`,
  );
}

test.each<[value: object]>([
  [{}],
  [{ anything: [{ x: 1 }] }],
  [{ cloud: "SECURE", cmd: [], count: 1, env: { A: "b" }, image: "a", isPublic: false }],
  [{ list: [1, {}], mounts: { size: 10 }, pairs: [{ key: "a" }], ports: ["a", "b"] }],
  [{ regions: ["a"], share: 0.5, size: null, names: "a", labels: { a: 1 } }],
  [{ share: 5, names: [5], count: 8 }],
  [{ image: `\${IMAGE}`, count: `\${COUNT}`, ports: `\${PORTS}` }],
])("%j has the shape", (value) => {
  expect(faults(value)).toEqual([]);
});

test.each<[value: object, fault: string]>([
  [{ count: "2" }, 'count "2" must be a whole number. Write 2, without quotation marks or a unit.'],
  [
    { size: "20 GB" },
    'size "20 GB" must be a whole number. Write 20, without quotation marks or a unit.',
  ],
  [{ share: "much" }, 'share "much" must be a number. Write a number.'],
  [{ size: 20.5 }, "size 20.5 must be a whole number. Write 21."],
  [{ count: null }, "count must be a whole number. Remove it, or give it a value."],
  [{ count: [] }, "count must be a whole number. Write it as a whole number."],
  [{ count: 0 }, "count 0 must be at least 1. Set it to 1."],
  [{ count: 9 }, "count 9 must be at most 8. Set it to 8."],
  [
    { isPublic: "no" },
    'isPublic "no" must be true or false. Write true or false, without quotation marks.',
  ],
  [{ image: 5 }, "image 5 must be a string. Put it in quotation marks."],
  [{ image: true }, "image true must be a string. Put it in quotation marks."],
  [{ image: {} }, "image must be a string. Write it as a string."],
  [{ image: null }, "image must be a string. Remove it, or give it a value."],
  [{ cloud: "secure" }, 'cloud "secure" must be SECURE or COMMUNITY. Write "SECURE".'],
  [{ cloud: "community" }, 'cloud "community" must be SECURE or COMMUNITY. Write "COMMUNITY".'],
  [{ cloud: "moon" }, 'cloud "moon" must be SECURE or COMMUNITY. Write "SECURE".'],
  [{ cloud: 5 }, "cloud 5 must be SECURE or COMMUNITY. Put it in quotation marks."],
  [{ list: {} }, "list must be a list. Write it as a list."],
  [{ list: "a" }, 'list "a" must be a list. Write it as a list.'],
  [{ names: 5 }, "names 5 must be a string or a list. Put it in quotation marks."],
  [{ names: {} }, "names must be a string or a list. Write it as a string or a list."],
  [{ labels: 5 }, "labels 5 must be a map. Write it as a map."],
  [{ mounts: [] }, "mounts must be a map. Write it as a map."],
  [
    { ports: "a" },
    'ports "a" must be a list of strings. Write it as a list, with one item for each word or value.',
  ],
  [{ ports: 5 }, "ports 5 must be a list of strings. Write it as a list."],
  [{ ports: ["a", "b", "c"] }, "ports must have at most 2 items. Remove the others."],
  [{ regions: ["a", "b"] }, "regions must have at most one item. Remove the others."],
  [
    { env: ["A=b"] },
    "env must be a map from names to values. Write it as one map, with NAME: value for each item.",
  ],
  [{ env: "A=b" }, "env must be a map from names to values. Write it as a map."],
  [
    { pairs: { A: "b" } },
    "pairs must be a list of {key, value}. Write each item as {key: …, value: …}.",
  ],
  [
    { pairs: "a" },
    'pairs "a" must be a list of {key, value}. Write each item as {key: …, value: …}.',
  ],
])("%j is a wrong value", (value, fault) => {
  const [field = ""] = Object.keys(value);
  expect(faults(value)).toEqual([`value ${field} (${field}): ${fault}`]);
});

test.each<[value: object, fault: string]>([
  [{ cmd: ["a", 5] }, "value cmd[1] (cmd): cmd[1] must be a string. Put it in quotation marks."],
  [
    { ports: [5] },
    "value ports[0] (ports): ports[0] 5 must be a string. Put it in quotation marks.",
  ],
  [{ env: { A: 5 } }, "value env.A (env.A): env.A must be a string. Put it in quotation marks."],
  [
    { mounts: { size: 5 } },
    "value mounts.size (mounts.size): mounts.size 5 must be at least 10. Set it to 10.",
  ],
  [{ mounts: {} }, "missing mounts.size (mounts.size): mounts.size is required for a pod. Add it."],
  [
    { pairs: [{ key: "a" }, {}] },
    "missing pairs[1].key (pairs[1].key): pairs[1].key is required for a pod. Add it.",
  ],
  [
    { mounts: { size: 10, pth: "a" } },
    "unknown mounts.pth (mounts.pth): mounts.pth is not a field of a pod, so it has no effect. Did you mean path? If not, remove it.",
  ],
])("%j has a fault inside", (value, fault) => {
  expect(faults(value)).toEqual([fault]);
});

test.each(["env", "args", "cmd", "dockerStartCmd", "entrypoint"])(
  "a wrong value of %s is not shown, because it may contain secrets",
  (name) => {
    const shape: Shape = { types: ["object"], fields: { [name]: { types: ["boolean"] } } };
    expect(faults({ [name]: "hidden" }, shape)).toEqual([
      `value ${name} (${name}): ${name} must be true or false. Write true or false, without quotation marks.`,
    ]);
  },
);

test("a wrong value of a field with another name is shown", () => {
  const shape: Shape = { types: ["object"], fields: { myargs: { types: ["boolean"] } } };
  expect(faults({ myargs: "a" }, shape)[0]).toContain('myargs "a" must be');
});

test("a word may be null if the type allows it", () => {
  const cloud: Shape = { types: ["string", "null"], words: ["SECURE"] };
  expect(faults({ cloud: null }, { fields: { cloud } })).toEqual([]);
});

test("items of any type do not change what a list must be", () => {
  expect(faults({ list: 5 }, { fields: { list: { types: ["array"], items: {} } } })).toEqual([
    "value list (list): list 5 must be a list. Write it as a list.",
  ]);
});

test("a very long name is shown in part", () => {
  const { message } = misfits({ ["x".repeat(500)]: 5 }, SHAPE, safe`a pod`)[0]?.finding ?? {};
  expect(message).toMatch(/^"x{150,200}…" is not a field of/);
});

test("names that are equally near are all suggested, and a long name is shown", () => {
  const name = `${"port".repeat(40)}s`;
  const [fault] = faults({ [name]: 5 }, { fields: { [`${name}A`]: {}, [`${name}B`]: {} } });
  expect(fault).toContain(`: ${name} is not a field of`);
  expect(fault).toContain(`Did you mean ${name}A or ${name}B?`);
});

test.each([
  ["color", "Remove it."],
  ["imag", "Did you mean image? If not, remove it."],
  ["is_public", "Write isPublic."],
  ["toString", "Remove it."],
])("an unknown field %s is reported", (name, remedy) => {
  expect(faults({ [name]: 5 })).toEqual([
    `unknown ${name} (${name}): ${name} is not a field of a pod, so it has no effect. ${remedy}`,
  ]);
});

test("unknown fields come first, then missing ones, then wrong values", () => {
  const shape: Shape = { ...SHAPE, required: ["image", "cloud"] };
  const kinds = faults({ count: 0, color: "red", cloud: "SECURE" }, shape);
  expect(kinds.map((fault) => fault.split(" (")[0])).toEqual([
    "unknown color",
    "missing image",
    "value count",
  ]);
});

test("at most twenty unknown fields are listed", () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`zz${index}`, 1]));
  expect(faults(names(20))).toHaveLength(20);
  expect(faults(names(21))).toHaveLength(20);
});

test("a shape without fields accepts any name", () => {
  expect(faults({ a: 1 }, { types: ["object"] })).toEqual([]);
  expect(faults({ a: 1 }, { types: ["object"], values: { types: ["string"] } })).toHaveLength(1);
  expect(faults("a", {})).toEqual([]);
});

test.each([
  ["imageName", "imageName"],
  ["image_name", "imageName"],
  ["IMAGE-NAME", "imageName"],
  ["image", "image"],
  ["constructor", "constructor"],
])("%s means the field %s", (name, meant) => {
  expect(meantField(name, { imageName: {}, count: {} })).toBe(meant);
});

test("a field means itself, even if another has nearly the same name", () => {
  expect(meantField("imageName", { imageName: {}, image_name: {} })).toBe("imageName");
});
