import { unlockedIn, unlockedPackages } from "../../../../tools/checks/lock-file.mts";

const SHA_512 = `sha512-${"A".repeat(86)}==`;

describe("The check of the lock files", () => {
  test("finds a digest on every package of this repository, those of other platforms included", () => {
    expect(unlockedPackages()).toEqual([]);
  });

  test.each([
    ["is whole", { version: "1.0.0", integrity: SHA_512 }, undefined],
    ["has no digest", { version: "1.0.0", optional: true }, "has no SHA-512"],
    ["has a weak one", { version: "1.0.0", integrity: "sha1-abc=" }, "has no SHA-512"],
    ["has no version", { integrity: SHA_512 }, "has no version"],
    [
      "has a place for its version",
      { version: "https://x.example/a.tgz", integrity: SHA_512 },
      "has no version",
    ],
    ["is a release candidate", { version: "1.0.0-rc.1+5", integrity: SHA_512 }, undefined],
    [
      "names its registry",
      { version: "1.0.0", integrity: SHA_512, resolved: "https://x.example/a.tgz" },
      "is tied to https://x.example/a.tgz",
    ],
  ])("checks an entry that %s", (_, entry, problem) => {
    const lock = JSON.stringify({ packages: { "": {}, "node_modules/a": entry } });
    expect(unlockedIn("package-lock.json", lock)).toEqual(
      problem === undefined ? [] : [expect.stringContaining(`node_modules/a ${problem}`)],
    );
  });
});
