import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
const WAIVER = { resource: "bad", reason: "baked in", until: "2999-01-01" };

let folder: string;
const start = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
  process.chdir(folder);
  file("bad.json", BAD);
});
afterEach(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  writeFileSync(name, JSON.stringify(content));
  return name;
}

const check = (...args: string[]) => run(["check", ...args, "bad.json"]);

async function mandatory(...args: string[]): Promise<string[]> {
  const { stdout } = await check("--json", ...args);
  const { violations } = JSON.parse(stdout);
  return violations
    .filter(({ level }: { level: string }) => level === "mandatory")
    .map(({ rule }: { rule: string }) => rule);
}

describe("layers of configuration", () => {
  beforeEach(() => {
    file("org.json", { "gpu-fallbacks": "mandatory", "persistent-hf-cache": "advisory" });
    file("team.json", { extends: "./org.json", "container-disk-size": "advisory" });
  });

  test("override those that they extend, and those before them", async () => {
    expect(await mandatory()).toEqual(["container-disk-size", "persistent-hf-cache"]);
    expect(await mandatory("--config", "team.json")).toEqual([]);
    file("prod.json", { extends: ["team.json"], "persistent-hf-cache": "mandatory" });
    expect(await mandatory("--config", "prod.json")).toEqual(["persistent-hf-cache"]);
    file("last.json", { "container-disk-size": "mandatory" });
    expect(await mandatory("--config", "team.json", "--config", "last.json")).toEqual([
      "container-disk-size",
    ]);
  });

  test("from standard input extend files by their whole path, too", async () => {
    const input = JSON.stringify({ extends: path.resolve("team.json") });
    const { stdout } = await run(["check", "--json", "--config", "-", "bad.json"], { input });
    const { violations } = JSON.parse(stdout);
    expect(violations).toContainEqual(
      expect.objectContaining({ rule: "container-disk-size", level: "advisory" }),
    );
  });

  test("are printed as one, for Pulumi", async () => {
    const waivers = [WAIVER];
    file("a.json", {
      "gpu-memory": "disabled",
      "container-disk-size": { besideCacheGb: 5, waivers },
    });
    file("b.json", { all: "advisory", "container-disk-size": { waivers } });
    const { status, stdout } = await run(["config", "a.json", "b.json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      all: { enforcementLevel: "advisory" },
      "gpu-memory": {},
      "container-disk-size": { besideCacheGb: 5, waivers: [WAIVER, WAIVER] },
    });
    file("all.json", JSON.parse(stdout));
    expect((await check("--config", "all.json")).status).toBe(0);
  });

  test.each([
    [{ extends: "self.json" }, "must not extend itself"],
    [{ extends: 5 }, "extends must be a file path or a list of file paths."],
    [{ extends: "missing.json" }, "missing.json does not exist."],
    [{ "gpu-memroy": "disabled" }, "gpu-memroy: there is no such rule. Did you mean gpu-memory?"],
    [{ "gpu-memory": { waivers: 5 } }, "gpu-memory: waivers must be a list of"],
    [{ "gpu-memory": { waivers: [{ ...WAIVER, until: "x" }] } }, "waivers[0].until must be a date"],
    [{ "gpu-memory": { waivres: [] } }, "there is no option waivres. Did you mean waivers?"],
  ])("are refused in one sentence: %j", async (config, message) => {
    file("self.json", config);
    for (const args of [
      ["config", "self.json"],
      ["check", "--config", "self.json", "bad.json"],
    ]) {
      const { status, stderr } = await run(args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

describe("a waiver", () => {
  const config = {
    "container-disk-size": { waivers: [WAIVER] },
    "persistent-hf-cache": { waivers: [WAIVER] },
  };

  test("is listed in every report, and does not count", async () => {
    file("waivers.json", config);
    const args = ["--config", "waivers.json"];
    const shown = await check(...args);
    expect([shown.status, shown.stdout]).toEqual([
      0,
      expect.stringContaining("waived until 2999-01-01  container-disk-size"),
    ]);
    expect(shown.stdout).toContain("bad.json: Pod bad: baked in");
    expect(shown.stdout).toContain(" 2 waived.\n");
    const { waived } = JSON.parse((await check("--json", ...args)).stdout);
    expect(waived).toMatchObject([
      { rule: "container-disk-size", reason: "baked in", until: "2999-01-01", line: 1 },
      { rule: "persistent-hf-cache" },
    ]);
    expect((await check("--markdown", ...args)).stdout).toContain(
      "| waived | container-disk-size |",
    );
    const [{ results }] = JSON.parse((await check("--sarif", ...args)).stdout).runs;
    expect(results.filter((result: object) => "suppressions" in result)).toHaveLength(2);
  });
});

describe("a baseline", () => {
  test("waives existing violations, and nothing else", async () => {
    const written = await check("--write-baseline", "baseline.json");
    expect(written.status).toBe(0);
    const { waivers } = JSON.parse(readFileSync("baseline.json", "utf8"))["container-disk-size"];
    expect(waivers).toEqual([
      {
        resource: "bad.json: Pod bad",
        reason: expect.stringMatching(/^baseline of \d{4}-\d\d-\d\d$/),
        until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
    ]);
    expect((await check("--config", "baseline.json")).status).toBe(0);
    file("bad.json", { ...BAD, dockerStartCmd: ["Qwen/Qwen3-32B", "--tensor-parallel-size", "2"] });
    expect(await mandatory("--config", "baseline.json")).toEqual(["tensor-parallel"]);
  });

  test("is never written over a file", async () => {
    file("policies.json", {});
    const { status, stderr } = await check("--write-baseline", "policies.json");
    expect([status, stderr]).toEqual([2, expect.stringContaining("policies.json already exists.")]);
  });
});

describe("--fail-on", () => {
  test.each([
    ["critical", 1],
    ["low", 1],
  ])("%s", async (severity, status) => {
    expect((await check("--fail-on", severity)).status).toBe(status);
  });

  test("compares severities, whatever the level", async () => {
    file("advice.json", { all: "advisory" });
    const failOn = async (severity: string) =>
      (await check("--config", "advice.json", "--fail-on", severity)).status;
    expect((await check("--config", "advice.json")).status).toBe(0);
    expect(await failOn("critical")).toBe(1);
    file("bad.json", { ...BAD, dockerStartCmd: undefined, imageName: "nginx:1.29" });
    expect(await failOn("high")).toBe(0);
    expect(await failOn("low")).toBe(1);
  });
});

describe("the summary", () => {
  test("counts what was checked in all files", async () => {
    file("more.json", [BAD, { name: "v", size: 100, dataCenterId: "EU-RO-1" }, BAD]);
    const { stdout } = await check("more.json");
    expect(stdout).toMatch(/\. 3 pods and 1 volume judged by \d+ rules\.\n$/);
  });

  test("counts another provider's resources as not checked", async () => {
    const resource = {
      urn: "urn:pulumi:a::b::runpod:index/pod:Pod::x",
      type: "runpod:index/pod:Pod",
    };
    file("state.json", { version: 3, deployment: { resources: [{ ...resource, inputs: {} }] } });
    const { status, stdout } = await run(["check", "state.json"]);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^Passed\. Nothing judged by \d+ rules; 1 not judged: runpod:index\/pod:Pod is a resource of another provider\.\n$/,
      ),
    ]);
  });
});
