import { rules } from "@runpod-stack/policies";
import { run } from "./run";

describe("runpod-policies explain", () => {
  test("shows what a rule checks, why, its level, its options and what to do", async () => {
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

  test.each([
    ["hourly-cots", "Did you mean hourly-cost?"],
    ["disk", "Did you mean container-disk-size?"],
    ["gpu", "Did you mean gpu-memory or allowed-gpus?"],
    ["GPU_MEMORY", "Did you mean gpu-memory?"],
    ["x", "`npx -p @runpod-stack/policies runpod-policies explain` lists all rules."],
    ["y".repeat(5_000), "`npx -p @runpod-stack/policies runpod-policies explain` lists all rules."],
  ])("suggests at most two rules for %.20s", async (name, hint) => {
    const { status, stdout, stderr } = await run(["explain", name]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.replaceAll(/\s+/g, " ").replace(/^There is no rule \S+ /, "")).toBe(`${hint} `);
  });
});
