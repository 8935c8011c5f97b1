import { hasUnknown, isUnknown, seal, UNKNOWN, unseal } from "../../../provider/src/schema";

/** As Pulumi writes a secret in its protocol. Source: pulumi/pulumi, sdk/nodejs/runtime/rpc.ts. */
const ENVELOPE = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value: "x",
};

describe("a secret", () => {
  test("is sealed in the engine's envelope, once", () => {
    expect(seal("x")).toEqual(ENVELOPE);
    expect(seal(seal("x"))).toEqual(ENVELOPE);
  });

  test("is unsealed anywhere, also inside another", () => {
    const sealed = { a: [seal({ b: seal("x") })], c: null, d: 1 };
    expect(unseal(sealed)).toEqual({ a: [{ b: "x" }], c: null, d: 1 });
  });

  test("is not mistaken for an object that merely has a value", () => {
    const other = { ...ENVELOPE, "4dabf18193072939515e22adb298388d": "another kind" };
    expect(unseal(other)).toEqual(other);
  });
});

describe("an unknown value", () => {
  /** One sentinel a kind: null, text, number, … Source: pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go. */
  test.each([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("of the kind %s is recognized", (sentinel) => {
    expect(isUnknown(sentinel)).toBe(true);
  });

  test("is found at any depth, and nowhere else", () => {
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: `${UNKNOWN} ` }], [String(UNKNOWN)]: 1 })).toBe(false);
    expect(hasUnknown(null)).toBe(false);
  });
});
