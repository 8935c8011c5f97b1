import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./run";

const BAD = {
  name: "bad",
  imageName: "vllm/vllm-openai:v0.20.0",
  gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
  dockerStartCmd: ["Qwen/Qwen3.8-27B"],
  containerDiskInGb: 20,
  volumeInGb: 0,
};
/** It has an advisory violation of medium severity, and no other. */
const ADVICE = { name: "advice", imageName: "nginx" };

const start = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
  process.chdir(folder);
  file("bad.json", BAD);
  file("advice.json", ADVICE);
  symlinkSync(start, "out");
});
afterAll(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  writeFileSync(name, JSON.stringify(content));
  return name;
}

const check = (...args: string[]) => run(["check", ...args]);
const read = async (...args: string[]) => JSON.parse((await check("--json", ...args)).stdout);

test.each([
  ["low", 1, 1],
  ["medium", 1, 1],
  ["high", 1, 0],
  ["critical", 1, 0],
])("--fail-on %s fails from that severity, whatever the level", async (severity, bad, advice) => {
  file("all.json", { all: "advisory" });
  const args = ["--config", "all.json", "--fail-on", severity];
  expect((await check(...args, "bad.json")).status).toBe(bad);
  expect((await check(...args, "advice.json")).status).toBe(advice);
});

test.each([
  [["--preset", "lax"], "default, strict"],
  [["--fail-on", "some"], "low, medium, high, critical"],
])("%j is refused with the allowed choices", async (args, choices) => {
  const { status, stderr } = await check(...args, "bad.json");
  expect([status, stderr]).toEqual([2, expect.stringContaining(`Allowed choices are ${choices}.`)]);
});

test("with --write-baseline, violations do not fail", async () => {
  const written = await check("--write-baseline", "baseline.json", "--fail-on", "low", "bad.json");
  expect([written.status, written.stderr]).toEqual([0, ""]);
  expect(written.stdout).toContain("Refused: 2 mandatory");
  expect(Object.keys(JSON.parse(readFileSync("baseline.json", "utf8")))).toContain(
    "container-disk-size",
  );
});

test.each(["check", "report"])(
  "a program that leads out of the folder is refused by %s",
  async (command) => {
    const { status, stdout, stderr } = await run([command, "--program", "out", "bad.json"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("out is a symbolic link that leads out of");
  },
);

test("a violation of the whole stack has the file as its resource, and no others do", async () => {
  const type = "pulumi-nodejs:dynamic/runpod:Pod";
  const inputs = { ...BAD, gpuCount: 8 };
  const resources = ["a", "b"].map((urn) => ({ urn, type, inputs }));
  file("state.json", { deployment: { resources } });
  const { violations } = await read("state.json");
  const whole = violations.filter(
    ({ resource }: { resource: string }) => resource === "state.json",
  );
  expect(whole.map(({ rule }: { rule: string }) => rule)).toEqual(["stack-cost"]);
  await check("--write-baseline", "whole.json", "state.json");
  expect(JSON.parse(readFileSync("whole.json", "utf8"))).not.toHaveProperty("stack-cost");
});

test("a long reason of a waiver is shown in part", async () => {
  const reason = "r".repeat(400);
  const waivers = [{ resource: "*", reason, until: "2999-01-01" }];
  file("waivers.json", { "container-disk-size": { waivers } });
  const { waived } = await read("--config", "waivers.json", "bad.json");
  expect(waived).toHaveLength(1);
  expect(waived[0]).toMatchObject({ rule: "container-disk-size", until: "2999-01-01" });
  expect(waived[0].reason.length).toBeLessThan(310);
});

test("all files are counted together, each container that is not recognized once", async () => {
  const { judged, rules, unjudged } = await read("bad.json", "advice.json", "bad.json");
  expect(judged).toEqual({ pod: 2 });
  expect(rules).toBeGreaterThan(20);
  expect(unjudged).toEqual([
    {
      resource: "advice.json: Template advice",
      why: "no model server recognized in image nginx",
    },
  ]);
});

test("what exceeds a limit ends with status 2, after the report", async () => {
  file("long.json", { ...BAD, imageName: "x".repeat(5_000) });
  expect(await check("long.json")).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("spec-size"),
    stderr: "Some input could not be checked. See spec-size in the report.\n",
  });
});

test("several configurations are applied in order, after the preset", async () => {
  file("one.json", { all: "disabled", "container-disk-size": "mandatory" });
  file("two.json", { "container-disk-size": "advisory" });
  const { violations } = await read(
    "--preset",
    "strict",
    ..."--config one.json --config two.json".split(" "),
    "bad.json",
  );
  expect(violations).toMatchObject([{ rule: "container-disk-size", level: "advisory" }]);
});
