import {
  creationToken,
  isMarkedName,
  markedName,
  markOf,
  ownerMark,
} from "../../../provider/src/core/mark";

const OWNER = "0123456789abcdef0123456789abcdef";
const URN = "urn:pulumi:dev::app::pulumi-nodejs:dynamic/runpod:Pod::llm";

describe("a token", () => {
  test("begins with its owner's mark and ends with the resource's own digits", () => {
    const token = creationToken(OWNER, URN);
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{16}$/);
    expect(markOf(token)).toBe(ownerMark(OWNER));
    expect(creationToken(OWNER, `${URN}2`)).not.toBe(token);
  });

  test("never changes for the same resource: pods that run carry it", () => {
    expect(creationToken(OWNER, URN)).toBe("db8001cc-bc094e9df29a9743");
  });

  test.each([undefined, "", "db8001cc", "db8001cc-bc09", "DB8001CC-BC094E9DF29A9743", 7])(
    "is not seen in %p",
    (text) => expect(markOf(text)).toBeUndefined(),
  );
});

describe("an automatic name", () => {
  const name = markedName("cache", creationToken(OWNER, URN));

  test("holds the beginnings of the token's two parts", () => {
    expect(name).toMatch(new RegExp(`^cache-${ownerMark(OWNER).slice(0, 5)}[0-9a-f]{5}$`));
  });

  test("is known by its owner's mark, and by no other's", () => {
    expect(isMarkedName(name, ownerMark(OWNER))).toBe(true);
    expect(isMarkedName(name, ownerMark("another"))).toBe(false);
    expect(isMarkedName(`${name}-2`, ownerMark(OWNER))).toBe(false);
    expect(isMarkedName("cache", ownerMark(OWNER))).toBe(false);
  });
});
