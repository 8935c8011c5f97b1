import fc from "fast-check";
import {
  isUnpacked,
  packInputs,
  packOutputs,
  UNKNOWN,
  unpack,
  type Values,
} from "../../../provider/src/schema";

const account = { origin: "https://api.runpod.io", fingerprint: "aaaa1111" };
const token = "dc3bac62-a219588f48f5d0ba0178f1eb";
const inputs = {
  name: "a",
  __logicalName: 'it\'s "a"',
  __token: token,
  __account: account,
  __defaults: ["cloudType"],
  __resolved: true,
};
const live = { version: 1, account, createdAt: 1_795_746_316_271 };

describe("what handlers alone need", () => {
  test("is stored in a line, and each key stands by itself for handlers", () => {
    const outputs = { ...inputs, __live: live };
    const packed = packOutputs(outputs);
    expect(Object.keys(packed)).toEqual(["name", "__resolved", "__kept"]);
    expect(unpack(packed)).toEqual(outputs);
  });

  test("has in inputs a line more, of what a preview may not know", () => {
    expect(Object.keys(packInputs(inputs))).toEqual(["name", "__resolved", "__creation", "__kept"]);
    expect(unpack(packInputs(inputs))).toEqual(inputs);
    const preview = { ...inputs, __token: UNKNOWN, __account: UNKNOWN };
    expect(packInputs(preview)).toEqual({ ...packInputs(inputs), __creation: UNKNOWN });
    expect(unpack(packInputs(preview))).toEqual(preview);
  });

  test("comes from a constructor in one property, and may be known in part", () => {
    const __identity = { logicalName: "a", owner: UNKNOWN, nonce: "1" };
    expect(unpack({ name: "a", __identity })).toEqual({
      name: "a",
      __logicalName: "a",
      __owner: UNKNOWN,
      __nonce: "1",
    });
  });

  test.each<[string, Values]>([
    ["is the one that was asked", { __account: account, __live: live }],
    ["is another one", { __account: { ...account, fingerprint: "b" }, __live: live }],
    ["was asked without a key", { __account: { origin: account.origin }, __live: live }],
    ["is all that is known", { __live: live }],
    ["does not exist yet", { __account: account }],
    ["is of a server with a name before its own", { __account: { origin: "https://a@b.example" } }],
  ])("keeps accounts where the object's %s", (_, values) => {
    expect(unpack(packOutputs(values))).toEqual(values);
  });

  test("is read from the state of an older release as it is", () => {
    const older = { ...inputs, __live: live };
    expect(unpack(older)).toEqual(older);
    expect(isUnpacked(older)).toBe(true);
    for (const packed of [packInputs(inputs), packOutputs(older), { name: "a" }, {}]) {
      expect(isUnpacked(packed)).toBe(false);
    }
  });

  test("adds nothing where there is none", () => {
    for (const pack of [packInputs, packOutputs]) {
      expect(pack({ name: "a", __provider: "line" })).toEqual({ name: "a", __provider: "line" });
    }
  });

  test("is refused by its name where somebody has broken it", () => {
    expect(() => unpack({ __kept: "{'defaults':" })).toThrow(
      "__kept in the state cannot be read. Restore the state as it was before an edit.",
    );
  });

  test("survives any text", () => {
    const hidden = fc.constantFrom("__logicalName", "__was", "__defaults", "__duplicates");
    const values = fc.dictionary(hidden, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(values, (any) => {
        for (const pack of [packInputs, packOutputs]) {
          expect(unpack(pack(any))).toEqual(JSON.parse(JSON.stringify(any)));
        }
      }),
    );
  });
});
