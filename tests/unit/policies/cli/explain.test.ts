import { rules } from "@runpod-stack/policies";
import { run } from "./run";

describe("runpod-policies explain", () => {
  test("tells of a rule what it checks, why, its level, its options and what to do", async () => {
    const { status, stdout } = await run(["explain", "container-disk-size"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^container-disk-size\nChecks whether the container disk is set/);
    for (const title of ["Why", "Source", "Level", "Objects to", "What to do", "Options"]) {
      expect(stdout).toMatch(new RegExp(`^${title} +\\S`, "m"));
    }
    expect(stdout).toContain("besideCacheGb (20): ");
    expect((await run(["explain", "image-pinned"])).stdout).toMatch(/^Options +none$/m);
  });

  test("lists all rules without a name", async () => {
    const { stdout } = await run(["explain"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(rules.length);
    expect(stdout).toMatch(/^image-pinned +advisory +Checks whether the image is pinned/m);
  });

  test("suggests rules for a name that is none", async () => {
    const near = await run(["explain", "disk"]);
    expect(near).toMatchObject({ status: 2, stdout: "" });
    expect(near.stderr).toBe("There is no rule disk. Did you mean container-disk-size?\n");
    expect((await run(["explain", "zzz"])).stderr).toContain("end-of-life?");
  });
});
