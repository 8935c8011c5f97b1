import fc from "fast-check";
import {
  checkInputs,
  type FieldTable,
  podEndpointFields,
  podEndpointRules,
  podFields,
  podRules,
  type Rule,
  type Stored,
  sealInputs,
  templateFields,
  templateRules,
  UNKNOWN,
  unseal,
  type Values,
  volumeFields,
  volumeRules,
} from "../../../provider/src/schema";

const kinds = [
  kind("Pod", podFields, podRules),
  kind("Volume", volumeFields, volumeRules),
  kind("Template", templateFields, templateRules),
  kind("PodEndpoint", podEndpointFields, podEndpointRules),
] as const;

function kind<T>(name: string, table: FieldTable<T>, rules: readonly Rule<T>[]) {
  const check = (old: Values, given: Values) => checkInputs(table, rules, old as Stored<T>, given);
  return [name, table as FieldTable<object>, check] as const;
}

/** Any JSON, with unknown values in it, as a hostile or careless program may set it. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(UNKNOWN, "8000/http", "12.8", "/x", 20, 100, "NVIDIA L4", "EU-RO-1"),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true }),
  ),
})).value;

const inputsOf = (table: object): fc.Arbitrary<Values> =>
  fc.dictionary(fc.constantFrom(...Object.keys(table), "nonsense"), anything, {
    maxKeys: 6,
    noNullPrototype: true,
  });

/** What an earlier check left behind: any of its fields may have been defaults. */
const oldInputsOf = (table: object): fc.Arbitrary<Values> =>
  fc.tuple(inputsOf(table), fc.subarray(Object.keys(table))).map(([inputs, defaults]) => ({
    ...Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null)),
    __defaults: defaults,
  }));

describe.each(kinds)("checking the inputs of a %s", (_, table, check) => {
  test("never throws, whatever the new and the old inputs are", () => {
    fc.assert(
      fc.property(oldInputsOf(table), inputsOf(table), (old, given) => {
        const { problems } = check(old, given);
        for (const { field, message } of problems) {
          expect(message.startsWith(field)).toBe(true);
          expect(message).not.toContain(UNKNOWN);
        }
      }),
    );
  });

  test("once more changes nothing", () => {
    fc.assert(
      fc.property(oldInputsOf(table), inputsOf(table), (old, given) => {
        const { inputs } = check(old, given);
        expect(check(old, inputs).inputs).toEqual(inputs);
        expect(check(inputs, given).inputs).toEqual(inputs);
      }),
    );
  });

  test("adds defaults, and does not change what was given", () => {
    fc.assert(
      fc.property(inputsOf(table), (given) => {
        const inputs: Values = check({}, given).inputs;
        for (const [name, value] of Object.entries(given)) {
          if (value !== null) {
            expect(inputs[name]).toBe(value);
          }
        }
      }),
    );
  });

  test("and sealing them loses nothing", () => {
    fc.assert(
      fc.property(inputsOf(table), (given) => {
        fc.pre(!Array.isArray(given["env"]));
        expect(unseal(sealInputs(table, given))).toEqual(given);
      }),
    );
  });
});

describe("names with a meaning in JavaScript", () => {
  const hostile = JSON.parse(
    '{"__proto__": "p", "constructor": "c", "prototype": "q", "toString": "t", "hasOwnProperty": "h"}',
  ) as Values;

  test("are ordinary entries of env, and harm nothing", () => {
    const given = { imageName: "a", gpuTypeIds: ["NVIDIA L4"], env: hostile };
    const { inputs, problems } = checkInputs(podFields, podRules, {}, given);
    expect(problems).toEqual([]);
    const sealed = sealInputs(podFields, inputs);
    expect(Object.keys(sealed["env"] as object)).toEqual(Object.keys(hostile));
    expect(unseal(sealed["env"])).toEqual(hostile);
    expect(({} as Values)["p"]).toBeUndefined();
    expect(String({})).toBe("[object Object]");
  });

  test.each(Object.keys(hostile))("%s is not a field, and so not an input", (name) => {
    const given = JSON.parse(`{"imageName": "a", "${name}": {"imageName": "b"}}`) as Values;
    const { inputs, problems } = checkInputs(templateFields, templateRules, {}, given);
    expect(problems.map(({ field }) => field)).toEqual(name.startsWith("__") ? [] : [name]);
    expect(inputs["imageName"]).toBe("a");
    expect(Object.getPrototypeOf(inputs)).toBe(Object.prototype);
  });

  test("whose value is not a string are reported like others", () => {
    const env = { toString: 1, constructor: 2 };
    const { problems } = checkInputs(templateFields, templateRules, {}, { imageName: "a", env });
    expect(problems.map(({ message }) => message)).toEqual([
      'env.toString must be a string. Quote numbers and booleans, as in "1".',
      'env.constructor must be a string. Quote numbers and booleans, as in "1".',
    ]);
  });
});
