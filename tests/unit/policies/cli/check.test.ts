import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./run";

const GUIDE = {
  name: "model-deployment",
  imageName: "vllm/vllm-openai:latest",
  gpuTypeIds: ["NVIDIA B200"],
  gpuCount: 1,
  containerDiskInGb: 100,
  volumeInGb: 100,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http", "22/tcp"],
  cloudType: "SECURE",
};
const BAD = {
  ...GUIDE,
  name: "bad",
  dockerStartCmd: ["--model", "Qwen/Qwen3.8-27B"],
  containerDiskInGb: 20,
  volumeInGb: 0,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
});
const start = process.cwd();
afterEach(() => process.chdir(start));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const place = path.join(folder, name);
  writeFileSync(place, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return place;
}

const check = (...args: string[]) => run(["check", ...args]);
const violations = (stdout: string) =>
  JSON.parse(stdout).violations as { rule: string; level: string; resource: string }[];

describe("runpod-policies check", () => {
  test("passes the guide's own request body, with advice", async () => {
    const { status, stdout, stderr } = await check(file("guide.json", GUIDE));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/guide\.json: Pod model-deployment\n {2}advice {3}image-pinned\n/);
    expect(stdout).toMatch(
      /\nPassed, with \d pieces of advice\. Nothing judged by \d+ rules; 1 not judged: the command of vllm names no model\.\n$/,
    );
    expect(stdout).not.toContain("refused");
  });

  test("counts what it does not recognize as not judged, though no rule objects", async () => {
    const { stdout } = await check(file("own.json", { ...BAD, imageName: "acme/foo:1" }));
    expect(stdout).toMatch(
      /Nothing judged by \d+ rules; 1 not judged: no model server recognized in image acme\/foo:1\.\n$/,
    );
  });

  test("refuses the guide's bad spec by both rules, refusals first", async () => {
    const { status, stdout } = await check(file("bad.json", BAD));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /Pod bad\n {2}refused {2}container-disk-size\n {11}containerDiskInGb 20 must be 87/,
    );
    expect(stdout).toContain("  refused  persistent-hf-cache\n");
    expect(stdout.lastIndexOf("refused  ")).toBeLessThan(stdout.indexOf("advice  "));
    expect(stdout).toMatch(/\nRefused: 2 mandatory, \d advisory\. 1 pod judged by \d+ rules\.\n$/);
  });

  test("prints violations as JSON, with these fields and no others", async () => {
    const bad = file("bad.json", BAD);
    const { status, stdout } = await check("--json", bad);
    expect(status).toBe(1);
    expect(violations(stdout)[0]).toEqual({
      rule: "container-disk-size",
      level: "mandatory",
      severity: "critical",
      resource: `${bad}: Pod bad`,
      field: "containerDiskInGb",
      file: bad,
      line: 8,
      url: "https://www.npmjs.com/package/@runpod-stack/policies#container-disk-size",
      message: expect.stringContaining("must be 87 or more"),
      remedy: expect.stringContaining("Set containerDiskInGb to 87."),
    });
    const fine = await check("--json", file("fine.json", { imageName: "nginx:1.29" }));
    expect([fine.status, JSON.parse(fine.stdout)]).toEqual([
      0,
      {
        violations: [],
        waived: [],
        judged: {},
        rules: expect.any(Number),
        unjudged: [
          {
            resource: `${path.join(folder, "fine.json")}: Template`,
            why: "no model server recognized in image nginx:1.29",
          },
        ],
      },
    ]);
  });

  test("makes every rule mandatory in strict", async () => {
    const { status, stdout } = await check(
      "--preset",
      "strict",
      "--json",
      file("guide.json", GUIDE),
    );
    expect(status).toBe(1);
    expect(violations(stdout).map(({ level }) => level)).not.toContain("advisory");
  });

  test.each(["default", "strict"])(
    "refuses a template's body for its disk, and only advises on mounts that it cannot hold, in %s",
    async (preset) => {
      const {
        gpuTypeIds: _,
        gpuCount: __,
        cloudType: ___,
        volumeMountPath: ____,
        ...template
      } = BAD;
      const { status, stdout } = await check(
        "--preset",
        preset,
        "--json",
        file("t.json", template),
      );
      expect(status).toBe(1);
      expect(violations(stdout)).toMatchObject([
        { rule: "container-disk-size", level: "mandatory" },
        { rule: "persistent-hf-cache", level: "advisory" },
        { rule: "image-pinned" },
        { rule: "public-endpoint-auth" },
        { rule: "ssh-exposure" },
      ]);
    },
  );

  test("does not ask for a fallback in a body of v2, which accepts one GPU type", async () => {
    const body = { name: "chat", image: GUIDE.imageName, gpu: { id: "NVIDIA B200" }, disk: 100 };
    const { stdout } = await check("--json", file("v2.json", body));
    const { stdout: ofGuide } = await check("--json", file("guide.json", GUIDE));
    const rulesOf = (json: string) => violations(json).map(({ rule }) => rule);
    expect(rulesOf(stdout)).toContain("end-of-life");
    expect(rulesOf(stdout)).not.toContain("gpu-fallbacks");
    expect(rulesOf(ofGuide)).toContain("gpu-fallbacks");
  });

  test("accepts levels and options of rules, which override the preset", async () => {
    const config = file("config.json", {
      all: "disabled",
      "persistent-hf-cache": "advisory",
      "container-disk-size": { enforcementLevel: "remediate", besideCacheGb: 5 },
    });
    const args = ["--preset", "strict", "--config", config, "--json"];
    const { status, stdout } = await check(...args, file("bad.json", BAD));
    expect(status).toBe(1);
    expect(violations(stdout)).toMatchObject([
      { rule: "container-disk-size", level: "mandatory" },
      { rule: "persistent-hf-cache", level: "advisory" },
    ]);
  });

  test("checks several files, and standard input", async () => {
    const guide = file("guide.json", GUIDE);
    const args = ["check", "--json", guide, "-"];
    const { status, stdout } = await run(args, { input: JSON.stringify(BAD) });
    expect(status).toBe(1);
    const resources = new Set(violations(stdout).map(({ resource }) => resource));
    expect([...resources]).toEqual([`${guide}: Pod model-deployment`, "standard input: Pod bad"]);
  });

  test("shows a stack's resources by kind and name, and reports on the whole stack", async () => {
    const type = "pulumi-nodejs:dynamic/runpod:Pod";
    const pod = (name: string) => ({
      urn: `urn:pulumi:dev::llm::${type}::${name}`,
      type,
      inputs: { ...BAD, gpuCount: 8 },
    });
    const state = file("state.json", { deployment: { resources: [pod("a"), pod("b")] } });
    const { stdout } = await check(state);
    expect(stdout).toContain("Pod a\n  refused  container-disk-size");
    expect(stdout).toMatch(/state\.json\n {2}advice {3}stack-cost\n/);
    const json = await check("--json", state);
    expect(violations(json.stdout)[0]?.resource).toBe(pod("a").urn);
    expect(violations(json.stdout).find(({ rule }) => rule === "stack-cost")?.resource).toBe(state);
  });

  test("prints SARIF with the line that sets the input", async () => {
    process.chdir(folder);
    const bad = file("bad.json", BAD);
    const { status, stdout } = await check("--sarif", bad);
    expect(status).toBe(1);
    const { version, runs } = JSON.parse(stdout);
    expect(version).toBe("2.1.0");
    const [{ tool, results }] = runs;
    expect(results[0]).toMatchObject({
      ruleId: "container-disk-size",
      level: "error",
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "bad.json" }, region: { startLine: 8 } },
          logicalLocations: [{ fullyQualifiedName: `${bad}: Pod bad` }],
        },
      ],
    });
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe("container-disk-size");
    expect(results.map(({ level }: { level: string }) => level)).toContain("warning");
  });

  test("identifies a violation in SARIF even if its line and numbers change, and distinguishes it from others", async () => {
    const known = async (bodies: object[]) => {
      const { stdout } = await check("--sarif", file("pods.json", bodies));
      const [{ results }] = JSON.parse(stdout).runs;
      return results
        .filter(({ ruleId }: { ruleId: string }) => ruleId === "container-disk-size")
        .map((result: { partialFingerprints: object }) => result.partialFingerprints);
    };
    const { name, ...unnamed } = BAD;
    const before = await known([BAD, unnamed, { ...BAD, name: "other" }]);
    expect(new Set(before.map((print: object) => JSON.stringify(print))).size).toBe(3);
    const after = await known([{ env: {}, ...BAD, containerDiskInGb: 21 }]);
    expect(after).toEqual(before.slice(0, 1));
  });

  test("shows the program's own line that creates a resource of a stack", async () => {
    const type = "pulumi-nodejs:dynamic/runpod:Pod";
    const step = (name: string, ...frames: string[]) => ({
      op: "create",
      newState: {
        urn: `urn:pulumi:dev::llm::${type}::${name}`,
        type,
        inputs: BAD,
        stackTrace: [{}, ...frames.map((sourcePosition) => ({ sourcePosition }))],
      },
    });
    const installed = "project:///node_modules/@runpod-stack/provider/dist/pod.js#71,9";
    const preview = file("preview.json", {
      steps: [
        step("a", installed, "project:///../lib/llm.ts#3,1", "project:///src/my%20pods.ts#12,5"),
        step("b", "project:///../../node_modules/@pulumi/runtime/stack.ts#38,19"),
      ],
    });
    const { stdout } = await check("--sarif", "--program", "infra", preview);
    const places = JSON.parse(stdout).runs[0].results.map(
      ({ locations: [location] }: { locations: { physicalLocation: object }[] }) =>
        location?.physicalLocation,
    );
    expect(places).toContainEqual({
      artifactLocation: { uri: "infra/src/my%20pods.ts" },
      region: { startLine: 12 },
    });
    expect(places).toContainEqual({
      artifactLocation: { uri: "infra/Pulumi.yaml" },
      region: { startLine: 1 },
    });
  });

  test("prints a table in Markdown that shows a program's strings as text", async () => {
    const shout = file("shout.json", { ...BAD, name: "@all <b>*x*|y</b>" });
    const { status, stdout } = await check("--markdown", shout);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^\*\*Refused: 2 mandatory, \d advisory\.\*\* 1 pod judged by \d+ rules\.\n\n\| \| rule \| resource \|/,
    );
    const [first = ""] = stdout.split("\n").filter((line) => line.startsWith("| **refused**"));
    expect(first).toContain("| container-disk-size | ");
    expect(first).toContain("Pod `@all <b>*x*`&#124;`y</b>`<br>");
    expect(first.split(/(?<!\\)\|/)).toHaveLength(7);
    expect(stdout).toContain(
      "`npx -p @runpod-stack/policies runpod-policies explain container-disk-size`",
    );
    const fine = await check("--markdown", file("fine.json", { imageName: "nginx:1.29" }));
    expect(fine).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^\*\*Passed\.\*\* Nothing judged by \d+ rules; 1 not judged: no model server recognized in image `nginx:1\.29`\.\n$/,
      ),
    });
  });

  test("prints GitLab's code quality report", async () => {
    process.chdir(folder);
    const bad = file("bad.json", BAD);
    const { status, stdout } = await check("--code-quality", bad);
    expect(status).toBe(1);
    const issues = JSON.parse(stdout);
    expect(issues[0]).toEqual({
      description: expect.stringContaining("containerDiskInGb 20 must be 87"),
      check_name: "container-disk-size",
      fingerprint: expect.any(String),
      severity: "blocker",
      location: { path: "bad.json", lines: { begin: 8 } },
    });
    expect(issues.at(-1).severity).toBe("minor");
    const fingerprints = issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(issues.length);
  });

  test("uses colors for people only", async () => {
    const args = ["check", file("bad.json", BAD)];
    expect((await run(args)).stdout).not.toContain("\u001b[");
    expect((await run(args, { shown: true })).stdout).toContain("\u001b[");
    expect((await run(args, { shown: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(
      "\u001b[",
    );
  });

  test.each([
    ["a file that is not there", ["none.json"], /^none.json does not exist\./],
    ["no file", [], /missing required argument 'FILE'/],
    ["an unknown preset", ["--preset", "lax", "x"], /Allowed choices are default, strict/],
    ["two formats", ["--json", "--sarif", "x"], /cannot be used with/],
    ["two other formats", ["--markdown", "--code-quality", "x"], /cannot be used with/],
  ])("ends with status 2 for %s", async (_, args, message) => {
    const { status, stdout, stderr } = await check(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  test("ends with status 2 for a file or a configuration that cannot be used", async () => {
    const other = await check(file("other.yaml", "kind: Deployment"));
    expect(other).toMatchObject({ status: 2, stdout: "" });
    expect(other.stderr).toMatch(/other\.yaml cannot be checked\. Use .*\n$/);
    const guide = file("guide.json", GUIDE);
    const config = file("config.json", {
      "no-such-rule": "mandatory",
      "gpu-fallbacks": { min: "2" },
    });
    const { status, stderr } = await check("--config", config, guide);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /no-such-rule: there is no such rule\. .*\ngpu-fallbacks: min must be of type number\.\n$/,
    );
    expect((await check("--config", file("broken.json", "{"), guide)).stderr).toMatch(
      /broken\.json is not JSON/,
    );
  });

  test("shows examples and exit statuses with --help", async () => {
    const { status, stdout } = await check("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("$ pulumi preview --json | runpod-policies check -");
    expect(stdout).toContain("  1  a mandatory rule is violated");
    expect((await run(["--help"])).stdout).toContain("Needs no API key and no network.");
  });
});
