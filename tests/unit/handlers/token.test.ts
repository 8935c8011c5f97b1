import { automaticName, withToken } from "../../../provider/src/handlers/token";
import { UNKNOWN } from "../../../provider/src/schema";

const identity = { __owner: "owner-1", __urn: "urn:pulumi:dev::p::Pod::llm", __logicalName: "llm" };
const tokenOf = (given: object) => withToken({ ...identity, ...given })["__token"];

describe("a resource's token", () => {
  test("stands for owner and URN, and tells neither", () => {
    expect(withToken({ name: "x", ...identity })).toEqual({
      name: "x",
      __logicalName: "llm",
      __token: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{16}$/),
    });
  });

  test("is another's for another resource, or the same resource in another backend", () => {
    const tokens = [tokenOf({}), tokenOf({ __urn: "urn:other" }), tokenOf({ __owner: "owner-2" })];
    expect(new Set(tokens).size).toBe(3);
    expect(tokenOf({})).toBe(tokens[0]);
  });

  test("is unknown for as long as the owner is", () => {
    expect(tokenOf({ __owner: UNKNOWN })).toBe(UNKNOWN);
  });

  test("is none without a URN: two objects that overlap must not share one", () => {
    const { __urn, ...rest } = identity;
    expect(withToken(rest)).toEqual({ __logicalName: "llm" });
  });
});

describe("an automatic name", () => {
  const own = withToken(identity);

  test("is the resource's, with the token's ends", () => {
    const [owner = "", resource = ""] = String(own["__token"]).split("-");
    expect(automaticName(own)).toBe(`llm-${owner.slice(0, 5)}${resource.slice(0, 5)}`);
  });

  test("is the resource's alone where there is no token, and none without a name", () => {
    expect(automaticName({ __logicalName: "llm" })).toBe("llm");
    expect(automaticName({})).toBeUndefined();
  });

  test("is unknown for as long as the token is", () => {
    expect(automaticName({ __logicalName: "llm", __token: UNKNOWN })).toBe(UNKNOWN);
  });
});
