import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  needs?: string | string[];
  environment?: string;
  permissions: Record<string, string>;
  steps: Step[];
}

const FILE = path.join(__dirname, "../../../.github/workflows/release.yml");
const { jobs }: { jobs: Record<string, Job> } = parse(readFileSync(FILE, "utf8"));
const job = (name: string): Job => jobs[name] as Job;
const actions = ({ steps }: Job) => steps.flatMap(({ uses }) => (uses ? [uses.split("@")[0]] : []));
const scripts = ({ steps }: Job) => steps.flatMap(({ run }) => (run ? [run] : []));
const mayWrite = ({ permissions }: Job) => Object.values(permissions).includes("write");

describe("The release workflow", () => {
  test("gives each right to one job, and none to those that install or run packages", () => {
    const rights = Object.fromEntries(
      Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]),
    );
    expect(rights).toEqual({
      versions: { contents: "read" },
      propose: { contents: "write", "pull-requests": "write" },
      test: { contents: "read" },
      pack: { contents: "read" },
      install: { contents: "read" },
      publish: { "id-token": "write" },
      tag: { contents: "write" },
    });
    const runsPackages = /\bnpm (?:ci|i|install|run|test|exec)\b|\bnpx\b|\.ci\/run|node_modules/;
    for (const [name, one] of Object.entries(jobs)) {
      const installs = scripts(one).some((script) => runsPackages.test(script));
      expect([name, mayWrite(one) && installs]).toEqual([name, false]);
    }
  });

  test("publishes what another job packed and others tested and installed, without a checkout", () => {
    const publish = job("publish");
    expect([publish.needs, publish.environment]).toEqual([["test", "pack", "install"], "release"]);
    expect(actions(publish)).toEqual(["actions/setup-node", "actions/download-artifact"]);
    const [verify, send] = scripts(publish);
    expect(scripts(publish)).toHaveLength(2);
    expect(verify).toContain("sha256sum --check --strict");
    expect(send).toMatch(/npm publish \S+ --access public --provenance --ignore-scripts/);
    for (const { env } of publish.steps.filter(({ run }) => run)) {
      expect(env?.["SUMS"]).toContain("{{ needs.pack.outputs.sums }}");
    }
  });

  test("installs without scripts in the job that packs, and runs nothing there that only tests use", () => {
    expect(scripts(job("pack")).slice(0, 3)).toEqual([
      "npm ci --ignore-scripts",
      "npm run build",
      "npm run release:pack",
    ]);
  });

  test("keeps no credentials in a checkout, and puts no expression into a script", () => {
    for (const one of Object.values(jobs)) {
      for (const { uses, run, with: inputs } of one.steps) {
        if (uses?.startsWith("actions/checkout@")) {
          expect(inputs).toEqual({ "persist-credentials": false });
        }
        expect(run ?? "").not.toContain("${{");
      }
    }
  });

  describe("on a machine", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), "release-"));
      mkdirSync(path.join(folder, "bin"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** A command that records its arguments. */
    const fake = (name: string, body = "") =>
      writeFileSync(
        path.join(folder, "bin", name),
        `#!/bin/sh\necho "$@" >> "${folder}/${name}.log"\n${body}\n`,
        { mode: 0o755 },
      );
    const log = (name: string) => readFileSync(path.join(folder, `${name}.log`), "utf8");
    /** As GitHub runs a step without `shell`. */
    const run = (script: string, cwd: string, env: Record<string, string> = {}) =>
      spawnSync("bash", ["-e", "-c", script], {
        cwd,
        encoding: "utf8",
        env: { ...process.env, PATH: `${folder}/bin:${process.env["PATH"]}`, ...env },
      });

    test("publishes each packed package that is not published yet, and nothing that was changed", () => {
      const sums = ["a", "b"].map((name) => {
        mkdirSync(path.join(folder, "package"), { recursive: true });
        const manifest = JSON.stringify({ name: `@x/${name}`, version: "1.0.0" });
        writeFileSync(path.join(folder, "package", "package.json"), manifest);
        const file = path.join(folder, `${name}.tgz`);
        execFileSync("tar", ["-czf", file, "-C", folder, "package"]);
        return `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${name}.tgz`;
      });
      fake("npm", '[ "$1 $2" != "view @x/b@1.0.0" ]');
      const [verify = "", send = ""] = scripts(job("publish"));
      const env = { SUMS: sums.join("\n") };
      expect(run(verify, folder, env).status).toBe(0);
      expect(run(send, folder, env).status).toBe(0);
      expect(log("npm").trim().split("\n")).toEqual([
        "view @x/a@1.0.0 version",
        "view @x/b@1.0.0 version",
        "publish ./b.tgz --access public --provenance --ignore-scripts",
      ]);
      fake("npm", "exit 1");
      expect(run(send, folder, env).status).not.toBe(0);
      writeFileSync(path.join(folder, "a.tgz"), "something else");
      expect(run(verify, folder, env).status).not.toBe(0);
      expect(run(verify, folder, { SUMS: "" }).status).not.toBe(0);
    });

    test("proposes the new versions, and nothing else that a package put into the patch", () => {
      const origin = path.join(folder, "origin.git");
      const clone = path.join(folder, "clone");
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@a", "-C", clone, ...args], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      execFileSync("git", ["init", "--quiet", "--bare", origin]);
      execFileSync("git", ["clone", "--quiet", origin, clone], { stdio: "ignore" });
      const write = (file: string, text: string) => {
        mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
        writeFileSync(path.join(clone, file), text);
      };
      write("provider/package.json", '{"version":"0.0.0"}\n');
      write("provider/src/index.ts", "export {};\n");
      write(".changeset/one.md", "text\n");
      git("add", "--all");
      git("commit", "--message", "start");
      write("provider/package.json", '{"version":"1.0.0"}\n');
      write("provider/CHANGELOG.md", "# 1.0.0\n");
      write("provider/src/index.ts", "evil();\n");
      write(".github/workflows/release.yml", "evil\n");
      rmSync(path.join(clone, ".changeset/one.md"));
      git("add", "--all");
      writeFileSync(path.join(folder, "versions.patch"), git("diff", "--cached", "--binary"));
      git("reset", "--hard", "--quiet");
      fake("gh");

      const [propose = ""] = scripts(job("propose"));
      const { status, stderr } = run(propose, clone, { RUNNER_TEMP: folder, GH_TOKEN: "x" });
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      expect(git("diff", "--name-only", "HEAD^", "origin/release/next").trim().split("\n")).toEqual(
        [".changeset/one.md", "provider/CHANGELOG.md", "provider/package.json"],
      );
      expect(log("gh")).toContain("pr create --base main --head release/next");
    });
  });
});
