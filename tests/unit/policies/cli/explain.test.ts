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

  test("shows exactly this for a rule", async () => {
    const { stdout } = await run(["explain", "hourly-cost"]);
    const rule = rules.find(({ name }) => name === "hourly-cost");
    expect(stdout).toBe(`hourly-cost
${rule?.description}

Why         ${rule?.why}
Source      ${rule?.source}
Level       advisory; mandatory in the preset strict
Objects to  ${rule?.example}
What to do  ${rule?.remediationSteps}
Options     maxPerHour (20): ${rule?.options["maxPerHour"]?.description}
            prices ({"date":"","gpus":{}}): ${rule?.options["prices"]?.description}
            doubts ("advisory"): ${rule?.options["doubts"]?.description}
Waivers     waivers: [{"resource", "reason", "until"}], for single resources until a date
Docs        https://www.npmjs.com/package/@runpod-stack/policies#hourly-cost
`);
  });

  test("shows how certain a finding must be to be refused", async () => {
    const levelOf = async (rule: string) =>
      /^Level +(.*)$/m.exec((await run(["explain", rule])).stdout)?.[1];
    for (const { name, level, options } of rules) {
      const doubts = "doubts" in options ? " where certain, otherwise advisory" : "";
      const levels = level === "mandatory" ? `mandatory${doubts}` : "advisory";
      expect(await levelOf(name)).toBe(`${levels}; mandatory in the preset strict`);
    }
  });

  test("aligns the list of rules, and highlights names for people", async () => {
    const longest = Math.max(...rules.map(({ name }) => name.length));
    const lines = rules.map(
      ({ name, level, description }) =>
        `${name.padEnd(longest)}  ${level.padEnd(9)}  ${description}\n`,
    );
    expect((await run(["explain"])).stdout).toBe(lines.join(""));
    const { stdout } = await run(["explain", "image-pinned"], { shown: true });
    expect(stdout).toContain("\u001b[1mimage-pinned\u001b[22m\n");
    expect(stdout).toContain("\u001b[1mWhy       \u001b[22m  A tag");
    expect((await run(["explain"], { shown: true })).stdout).toContain("\u001b[1mimage-pinned");
  });
});
