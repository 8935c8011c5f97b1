import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { PULUMI_VERSION } from "../../tools/pulumi-cli/version.mts";
import { type Cli, createCli, type Outcome } from "../support/cli";

jest.setTimeout(240_000);

const ROOT = path.join(__dirname, "../..");
const EXAMPLE = path.join(ROOT, "examples/pr-pipeline");
const NO_NETWORK = path.join(__dirname, "../support/no-network.cjs");
const read = (file: string) => readFileSync(path.join(EXAMPLE, file), "utf8");
const GITHUB = parse(read("github/runpod-policies.yml"));
const [GITLAB_INPUTS, GITLAB] = parseAllDocuments(read("gitlab/runpod-policies.yml")).map(
  (document) => document.toJS(),
);

/** A user's program, which needs its settings. Two of them are secret. */
const PROGRAM = `const pulumi = require("@pulumi/pulumi");
const { Pod, PodEndpoint } = require("@runpod-stack/provider");
const config = new pulumi.Config();
const cacheInGb = config.requireNumber("cacheInGb");
const pod = new Pod("llm", {
  name: "llm",
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3.8-27B"],
  gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
  minCudaVersion: "13.0",
  containerDiskInGb: config.requireNumber("containerDiskInGb"),
  ...(cacheInGb > 0 && { volumeInGb: cacheInGb, volumeMountPath: "/root/.cache/huggingface" }),
  ports: ["8000/http"],
  env: {
    VLLM_API_KEY: config.requireSecret("serviceKey"),
    HF_TOKEN: config.requireSecretObject("tokens").apply(({ huggingFace }) => huggingFace),
    STAGE: pulumi.getStack(),
  },
});
new PodEndpoint("llm", { pod, port: 8000 });
`;
const POD_LINE = PROGRAM.split("\n").findIndex((line) => line.includes("new Pod(")) + 1;

/** Settings that only their owner can decrypt. */
const COMMITTED = `secretsprovider: awskms://alias/pulumi?region=eu-west-1
encryptedkey: AQICAHg=
config:
  llm:cacheInGb: "100"
  llm:containerDiskInGb: "100"
  llm:serviceKey:
    secure: v1:3sNnBqAZZZZZZZZZ:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
  llm:tokens:
    huggingFace:
      secure: v1:4sNnBqAZZZZZZZZZ:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=
    others:
      - secure: v1:5sNnBqAZZZZZZZZZ:CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC=
`;

const BAD = ["containerDiskInGb=20", "cacheInGb=0"];
const SECRET = ["serviceKey=placeholder", 'tokens={"huggingFace":"placeholder"}'];

let repository: string;
let scratch: string;
let cli: Cli;

beforeAll(async () => {
  repository = mkdtempSync(path.join(tmpdir(), "runpod-repository-"));
  scratch = mkdtempSync(path.join(tmpdir(), "runpod-pr-pipeline-"));
  const program = path.join(repository, "infra");
  mkdirSync(program);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(program, "node_modules"), "junction");
  const runtime = "{ name: nodejs, options: { typescript: false } }";
  writeFileSync(path.join(program, "Pulumi.yaml"), `name: llm\nruntime: ${runtime}\n`);
  writeFileSync(path.join(program, "Pulumi.prod.yaml"), COMMITTED);
  writeFileSync(path.join(program, "package.json"), '{"private":true}');
  writeFileSync(path.join(program, "index.js"), PROGRAM);
  for (const folder of [".github", ".gitlab"]) {
    cpSync(path.join(EXAMPLE, "preview.mjs"), path.join(repository, folder, "preview.mjs"));
  }
  cli = await createCli({
    PULUMI_HOME: path.join(scratch, "home"),
    NODE_OPTIONS: `${process.env["NODE_OPTIONS"]} --require ${NO_NETWORK}`,
    NO_NETWORK_LOG: path.join(scratch, "network"),
    GITHUB_STEP_SUMMARY: "",
  });
});

beforeEach(() => {
  rmSync(path.join(repository, "policy-report"), { recursive: true, force: true });
});

afterAll(async () => {
  await cli?.close();
  for (const folder of [repository, scratch]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Runs the script as the GitHub workflow does, with some of its inputs. */
function onGitHub(inputs: Record<string, string>, env: Record<string, string> = {}) {
  const step = GITHUB.jobs.preview.steps.find(({ run }: { run?: string }) => run?.includes(".mjs"));
  const values = Object.entries(step.env as Record<string, string>).map(([name, value]) => [
    name,
    value.replace(/^\$\{\{ inputs\.(\w+) \}\}$/, (_, of) => inputs[of] ?? ""),
  ]);
  return inShell(step.run, { ...Object.fromEntries(values), ...env });
}

/** Runs the script as the GitLab template does. */
function onGitLab(inputs: Record<string, string>) {
  const [, command] = GITLAB["runpod-policies"].script as string[];
  return inShell(
    (command ?? "").replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_, of) => inputs[of] ?? ""),
  );
}

function inShell(command: string, env: Record<string, string> = {}): Promise<Outcome> {
  return cli.run({ cwd: repository, program: "bash", args: ["-e", "-c", command], env });
}

const words = (flag: string, values: string[]) =>
  values.map((value) => `${flag} ${value}`).join(" ");
const reported = (name: string) =>
  readFileSync(path.join(repository, "policy-report", name), "utf8");

describe("a pull request's program, previewed without secret, account or network", () => {
  test("is refused by both rules for a small disk and no cache, at the program's line", async () => {
    const page = path.join(scratch, "page.md");
    const args = `${words("--plaintext", BAD)} ${words("--secret", SECRET)}`;
    const run = await onGitHub(
      { program: "infra", arguments: args },
      { GITHUB_STEP_SUMMARY: page },
    );
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(/^Refused: 2 mandatory, \d advisory\.$/m);

    const summary = reported("summary.md");
    expect(summary).toMatch(/^### Policies for infra\n\n\*\*Refused: 2 mandatory/);
    for (const rule of ["container-disk-size", "persistent-hf-cache"]) {
      expect(summary).toContain(
        `| **refused** | ${rule} | Pod llm<br>\`infra/index.js:${POD_LINE}\` |`,
      );
    }
    expect(summary).toContain("Only the desired state was checked");
    expect(readFileSync(page, "utf8")).toBe(summary);

    const log = JSON.parse(reported("policies.sarif"));
    codeScanningTakes(log);
    const errors = log.runs[0].results.filter(({ level }: { level: string }) => level === "error");
    expect(errors).toMatchObject(
      ["container-disk-size", "persistent-hf-cache"].map((ruleId) => ({
        ruleId,
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "infra/index.js" },
              region: { startLine: POD_LINE },
            },
          },
        ],
      })),
    );
  });

  test("passes as committed, with placeholders for secrets that it cannot decrypt", async () => {
    const args = "--stack-file infra/Pulumi.prod.yaml";
    const run = await onGitLab({ program: "infra", arguments: args });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(reported("summary.md")).toMatch(/^### Policies for infra\n\n\*\*Passed, with \d/);
    const { artifacts } = GITLAB["runpod-policies"];
    const issues = JSON.parse(
      readFileSync(path.join(repository, artifacts.reports.codequality), "utf8"),
    );
    expect(issues).toContainEqual({
      check_name: "secret-env",
      description: expect.stringContaining("HF_TOKEN"),
      severity: "minor",
      fingerprint: expect.any(String),
      location: { path: "infra/index.js", lines: { begin: POD_LINE } },
    });
  });

  test("cannot be checked if it fails, and the summary shows why", async () => {
    const { code, stderr } = await onGitHub({ program: "infra", arguments: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("Missing required configuration variable 'llm:cacheInGb'");
    expect(reported("summary.md")).toMatch(
      /\*\*Not checked\.\*\* .+\n\n<pre>The preview failed.*\nMissing/,
    );
    expect(readdirSync(path.join(repository, "policy-report"))).toEqual(["summary.md"]);
  });

  test("is checked by custom packs, with their configuration", async () => {
    const config = path.join(scratch, "config.json");
    writeFileSync(config, JSON.stringify({ "pod-name": { teams: ["chat"] } }));
    const pack = path.join(ROOT, "examples/custom-policy");
    const args = `--stack-file infra/Pulumi.prod.yaml --policy-pack ${pack} --policy-pack-config ${config}`;
    const { code } = await onGitHub({ program: "infra", arguments: args });
    expect(code).toBe(1);
    expect(reported("summary.md")).toContain(
      "| **refused** | pod-name | Pod llm<br>`infra/index.js:",
    );
    codeScanningTakes(JSON.parse(reported("policies.sarif")));
  });

  test("and leaves nothing in its folder, and uses no network", async () => {
    expect(readdirSync(path.join(repository, "infra")).sort()).toEqual([
      "Pulumi.prod.yaml",
      "Pulumi.yaml",
      "index.js",
      "node_modules",
      "package.json",
    ]);
    const settings = readFileSync(path.join(repository, "infra/Pulumi.prod.yaml"), "utf8");
    expect(settings).toBe(COMMITTED);
    const log = path.join(scratch, "network");
    expect(existsSync(log)).toBe(false);
    await inShell(`node -e 'fetch("http://runpod.invalid").catch(() => {})'`);
    expect(readFileSync(log, "utf8")).toContain(": runpod.invalid\n");
  });
});

describe("preview.mjs", () => {
  test("ends with status 2 for unknown options, and lists the known ones", async () => {
    const unknown = await inShell("node .github/preview.mjs --prgram infra");
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/^Unknown option '--prgram'/);
    expect((await inShell("node .github/preview.mjs --help")).stdout).toContain("--program DIR");
  });
});

describe("the pipelines", () => {
  test("run the Pulumi CLI that the script was tested with", () => {
    const steps: { with?: Record<string, string> }[] = GITHUB.jobs.preview.steps;
    const [installed] = steps.flatMap((step) => step.with?.["pulumi-version"] ?? []);
    expect(installed).toBe(PULUMI_VERSION);
    expect(GITLAB["runpod-policies"].image.name).toMatch(new RegExp(`:${PULUMI_VERSION}$`));
  });

  test("have the same inputs, and use each", () => {
    const { "code-scanning": _, ...shared } = GITHUB.on.workflow_call.inputs;
    expect(Object.keys(GITLAB_INPUTS.spec.inputs)).toEqual(Object.keys(shared));
    for (const name of Object.keys(shared)) {
      expect(read("github/runpod-policies.yml")).toContain(`\${{ inputs.${name} }}`);
      expect(read("gitlab/runpod-policies.yml")).toContain(`$[[ inputs.${name} ]]`);
    }
  });

  test("run the pull request's code in a job that can write nothing, and upload in another", () => {
    expect(GITHUB.permissions).toEqual({});
    expect(GITHUB.jobs.preview.permissions).toEqual({ contents: "read" });
    const uploads = GITHUB.jobs["code-scanning"].steps;
    expect(uploads.some(({ run }: { run?: string }) => run !== undefined)).toBe(false);
    expect(read("github/runpod-policies.yml")).not.toContain("secrets.");
  });
});

/** What GitHub requires of a SARIF file to show its results. */
function codeScanningTakes({ $schema, version, runs }: Sarif): void {
  expect([$schema, version]).toEqual([expect.stringContaining("sarif-2.1.0"), "2.1.0"]);
  expect(runs).toHaveLength(1);
  for (const { tool, results } of runs) {
    const { name, rules } = tool.driver;
    expect(name).toMatch(/\w/);
    const texts = rules.flatMap((rule) => [rule.shortDescription, rule.fullDescription, rule.help]);
    for (const { text } of texts) {
      expect(text).toMatch(/^.{1,1024}$/s);
    }
    for (const { ruleId, ruleIndex, message, locations } of results) {
      expect(message.text).toMatch(/\w/);
      if (ruleIndex !== undefined) {
        expect(rules[ruleIndex]?.id).toBe(ruleId);
      }
      expect(locations).toHaveLength(1);
      for (const { artifactLocation, region } of locations.map((one) => one.physicalLocation)) {
        expect(artifactLocation.uri).not.toMatch(/^(?:\/|\w+:|\.\.)/);
        expect(existsSync(path.join(repository, decodeURI(artifactLocation.uri)))).toBe(true);
        expect(region.startLine).toBeGreaterThan(0);
      }
    }
    const prints = results.map((result) => result.partialFingerprints.primaryLocationLineHash);
    expect(new Set(prints).size).toBe(results.length);
  }
}

interface Text {
  readonly text: string;
}

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly rules: {
          readonly id: string;
          readonly shortDescription: Text;
          readonly fullDescription: Text;
          readonly help: Text;
        }[];
      };
    };
    readonly results: {
      readonly ruleId: string;
      readonly ruleIndex?: number;
      readonly message: Text;
      readonly locations: {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
      readonly partialFingerprints: { readonly primaryLocationLineHash: string };
    }[];
  }[];
}
