import { automaticName, withToken } from "../../../../provider/src/handlers/lifecycle/token";
import { UNKNOWN } from "../../../../provider/src/schema";

const nonce = "00112233aabbccdd0badcafe";
const identity = { __owner: "owner-1", __nonce: nonce, __logicalName: "llm" };
const tokenOf = (given: object) => withToken({}, { ...identity, ...given })["__token"];

describe("a new resource's token", () => {
  test("consists of the stack's mark and this run's digits", () => {
    expect(withToken({}, { name: "x", ...identity })).toEqual({
      name: "x",
      __logicalName: "llm",
      __token: expect.stringMatching(new RegExp(`^[0-9a-f]{8}-${nonce}$`)),
    });
  });

  test("differs for each nonce, and for each stack", () => {
    const tokens = [
      tokenOf({}),
      tokenOf({ __nonce: `f${nonce.slice(1)}` }),
      tokenOf({ __owner: "owner-2" }),
    ];
    expect(new Set(tokens).size).toBe(3);
  });

  test.each(["__owner", "__nonce"])("is unknown for as long as %s is, as in a preview", (input) => {
    expect(withToken({}, { ...identity, [input]: UNKNOWN })).toEqual({
      __logicalName: "llm",
      __token: UNKNOWN,
    });
  });

  test.each(["__owner", "__nonce"])("does not exist without %s", (input) => {
    expect(withToken({}, { ...identity, [input]: undefined })).toEqual({ __logicalName: "llm" });
  });
});

describe("the token of a resource in the state", () => {
  test.each(["db8001cc-00112233aabbccdd0badcafe", "db8001cc-bc094e9df29a9743"])(
    "stays, whatever the program's run chooses: %s",
    (token) => {
      const old = { name: "x", __token: token };
      expect(withToken(old, { name: "y", ...identity })).toEqual({
        name: "y",
        __logicalName: "llm",
        __token: token,
      });
      expect(withToken(old, { ...identity, __nonce: UNKNOWN })["__token"]).toBe(token);
    },
  );

  test("stays absent if it was imported", () => {
    expect(withToken({ __logicalName: "x" }, identity)).toEqual({ __logicalName: "llm" });
  });
});

describe("an automatic name", () => {
  const own = withToken({}, identity);

  test("is the resource's name, with the token's ends", () => {
    const [owner = "", resource = ""] = String(own["__token"]).split("-");
    expect(automaticName(own)).toBe(`llm-${owner.slice(0, 5)}${resource.slice(0, 5)}`);
  });

  test("is the resource's name alone without a token, and absent without a name", () => {
    expect(automaticName({ __logicalName: "llm" })).toBe("llm");
    expect(automaticName({})).toBeUndefined();
  });

  test("is unknown for as long as the token is", () => {
    expect(automaticName({ __logicalName: "llm", __token: UNKNOWN })).toBe(UNKNOWN);
  });
});
