import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compareVersions,
  isNewEnough,
  OLDEST_PULUMI_VERSION,
  PULUMI_VERSION,
} from "../../../../tools/pulumi-cli/version.mts";

const repository = join(__dirname, "../../../..");

describe("Pulumi's versions", () => {
  test.each([
    ["3.254.0", true],
    ["v3.259.0", true],
    ["3.300.1", true],
    ["3.254.0-alpha.1", true],
    ["3.253.9", false],
    ["3.99.0", false],
    ["2.254.0", false],
    ["4.0.0", false],
    ["nonsense", false],
  ])("%s is new enough: %s", (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });

  test("are ordered by number, not by letter", () => {
    expect(["3.100.0", "3.9.0", "3.99.12", "3.99.2"].sort(compareVersions)).toEqual([
      "3.9.0",
      "3.99.2",
      "3.99.12",
      "3.100.0",
    ]);
  });

  test("are the same in go.mod and in the documentation", () => {
    const goMod = readFileSync(join(repository, "tools/pulumi-cli/go/go.mod"), "utf8");
    expect(goMod).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI_VERSION}\n`);
    expect(goMod).toContain(`github.com/pulumi/pulumi/sdk/v3 v${PULUMI_VERSION} `);
    const page = readFileSync(join(repository, "docs/pulumi-cli.md"), "utf8");
    expect(page).toContain(PULUMI_VERSION);
    expect(page).toContain(OLDEST_PULUMI_VERSION);
  });
});
