import {
  creationToken,
  isMarkedName,
  isUniqueToken,
  markedName,
  markOf,
  runOf,
  stackMark,
} from "../../../provider/src/core/mark";

const OWNER = "0123456789abcdef0123456789abcdef";
const RUN = "0badcafe";
const NONCE = `00112233aabbccdd${RUN}`;
/** As releases before random tokens made it, of a URN. */
const LEGACY = "db8001cc-bc094e9df29a9743";

describe("a token", () => {
  const token = creationToken(OWNER, NONCE);

  test("begins with its stack's mark, and ends with the run that chose it", () => {
    expect(token).toBe(`${stackMark(OWNER)}-${NONCE}`);
    expect(markOf(token)).toBe(stackMark(OWNER));
    expect(runOf(token)).toBe(RUN);
    expect(isUniqueToken(token)).toBe(true);
  });

  test("has a mark that never changes for the same stack, because running pods have it", () => {
    expect(stackMark(OWNER)).toBe("db8001cc");
  });

  test("of an older release shows its stack, and proves nothing", () => {
    expect(markOf(LEGACY)).toBe("db8001cc");
    expect(isUniqueToken(LEGACY)).toBe(false);
    expect(runOf(LEGACY)).toBeUndefined();
  });

  test.each([
    undefined,
    "",
    "db8001cc",
    "db8001cc-bc09",
    "db8001cc-bc094e9df29a97430badcaf",
    "db8001cc-bc094e9df29a97430badcafe0",
    "DB8001CC-BC094E9DF29A9743",
    " db8001cc-bc094e9df29a9743",
    7,
  ])("is not seen in %p", (text) => {
    expect(markOf(text)).toBeUndefined();
    expect(isUniqueToken(text)).toBe(false);
    expect(runOf(text)).toBeUndefined();
  });
});

describe("an automatic name", () => {
  const name = markedName("cache", creationToken(OWNER, NONCE));

  test("contains the beginnings of the token's two parts", () => {
    expect(name).toBe("cache-db80000112");
  });

  test("differs in each run", () => {
    expect(markedName("cache", creationToken(OWNER, `ffff${NONCE.slice(4)}`))).not.toBe(name);
  });

  test("is recognized by its stack's mark, and by no other's", () => {
    expect(isMarkedName(name, stackMark(OWNER))).toBe(true);
    expect(isMarkedName(name, stackMark("another"))).toBe(false);
    expect(isMarkedName(`${name}-2`, stackMark(OWNER))).toBe(false);
    expect(isMarkedName("cache", stackMark(OWNER))).toBe(false);
  });
});
