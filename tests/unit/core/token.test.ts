import { fingerprint, randomId, shortHash } from "../../../provider/src/core/token";

describe("shortHash", () => {
  test("is sixteen hexadecimal digits, equal for equal strings", () => {
    expect(shortHash("owner", "urn")).toMatch(/^[0-9a-f]{16}$/);
    expect(shortHash("owner", "urn")).toBe(shortHash("owner", "urn"));
  });

  test("distinguishes strings that are split differently", () => {
    expect(shortHash("ab", "c")).not.toBe(shortHash("a", "bc"));
  });
});

describe("fingerprint", () => {
  test("distinguishes keys by eight digits that are not part of the key's plain hash", () => {
    expect(fingerprint("rpa_one")).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprint("rpa_one")).not.toBe(fingerprint("rpa_two"));
    expect(shortHash("rpa_one")).not.toContain(fingerprint("rpa_one"));
  });
});

test("a random id has two digits per byte, and differs each time", () => {
  expect(randomId(8)).toMatch(/^[0-9a-f]{16}$/);
  expect(randomId(8)).not.toBe(randomId(8));
});
