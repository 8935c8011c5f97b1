import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { createStack, failure, type Run, type TestStack } from "../../support/stack";

jest.setTimeout(120_000);

const ROOT = path.join(__dirname, "../../..");
const POD = `new Pod("llm", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });`;

let emulator: TestEmulator;
let scratch: string;
const stacks: TestStack[] = [];

beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-environment-"));
  emulator = await startTestEmulator();
});

afterEach(async () => {
  for (const stack of stacks.splice(0)) {
    await stack.close();
  }
  await emulator.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function newStack(options: { program: string } | { folder: string }): Promise<TestStack> {
  const stack = await createStack({ ...options, env: emulator.env });
  stacks.push(stack);
  return stack;
}

/** The output of a refused run, which has no stack trace and no call to RunPod. */
async function refused(run: Promise<Run>): Promise<string> {
  const { stdout, stderr } = await failure(run);
  expect(stdout + stderr).not.toMatch(/\n\s+at .+:\d+:\d+/);
  return stdout + stderr;
}

async function resourcesOf(stack: TestStack): Promise<string[]> {
  const { resources = [] } = JSON.parse(await stack.exportState()).deployment;
  return resources.map(({ urn }: { urn: string }) => urn.split("::").slice(2).join("::"));
}

describe("An old Node.js", () => {
  const expectEverythingRefused = async (stack: TestStack, version: string) => {
    const sentence = `@runpod-stack/provider needs Node.js 22.19 or newer; this is v${version} (`;
    for (const run of ["preview", "up", "refresh", "destroy"] as const) {
      expect(await refused(stack[run]())).toContain(sentence);
    }
  };

  test("is refused, with and without a program", async () => {
    const stack = await newStack({ program: POD });
    await stack.up();
    const file = path.join(scratch, "version.cjs");
    writeFileSync(
      file,
      `Object.defineProperty(process, "version", { value: "v22.12.0" });
       Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.12.0" } });`,
    );
    stack.env["NODE_OPTIONS"] = `--require ${file}`;
    await expectEverythingRefused(stack, "22.12.0");
    stack.env["NODE_OPTIONS"] = "";
    await stack.destroy();
  });

  const real = oldNode();
  (real === undefined ? test.skip : test)("of this machine is refused as well", async () => {
    const { executable, version } = real as NonNullable<typeof real>;
    const stack = await newStack({ program: POD });
    await stack.up();
    // `node` on PATH is the old one, except for this repository's language host, which needs a
    // newer one to start, and starts programs with the old one.
    const file = path.join(scratch, "node");
    const asOld = `data:text/javascript,process.execPath=${JSON.stringify(executable)}`;
    writeFileSync(
      file,
      `#!/bin/sh
case "$1" in
*language-host.mts) exec '${process.execPath}' --import '${asOld}' "$@" ;;
*) exec '${executable}' "$@" ;;
esac
`,
    );
    chmodSync(file, 0o755);
    stack.env["PATH"] = `${scratch}:${process.env["PATH"]}`;
    await expectEverythingRefused(stack, version);
    stack.env["PATH"] = `${process.env["PATH"]}`;
    await stack.destroy();
  });
});

describe("Two copies of the provider in one program", () => {
  test("share the stack's identity", async () => {
    const copy = path.join(scratch, "copy");
    mkdirSync(copy);
    for (const part of ["package.json", "dist"]) {
      cpSync(path.join(ROOT, "provider", part), path.join(copy, part), { recursive: true });
    }
    link(path.join(ROOT, "node_modules"), path.join(scratch, "node_modules"));
    const stack = await newStack({
      program: `
      const copy = require(${JSON.stringify(copy)});
      if (copy.Volume === Volume) throw new Error("one copy");
      new Volume("a", { size: 20, dataCenterId: "EU-RO-1" });
      new copy.Volume("b", { size: 20, dataCenterId: "EU-RO-1" });
      const template = new copy.Template("t", { imageName: "ubuntu:24.04" });
      const pod = new Pod("llm", { template, gpuTypeIds: ["NVIDIA L4"] });`,
    });
    const { steps } = await stack.up();
    expect(steps.filter((step) => step.includes("Ownership"))).toEqual(["create Ownership runpod"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    await stack.destroy();
  });
});

describe("A provider on which only another package depends", () => {
  test("is refused if the package manager does not hoist it, before anything is created", async () => {
    const folder = strictFolder();
    const stack = await newStack({ folder: path.relative(ROOT, folder) });
    for (const run of [stack.preview, stack.up]) {
      expect(await refused(run())).toContain(
        `@runpod-stack/provider cannot be loaded from the program's folder ${folder}, because only another package depends on it. Add it to the dependencies of the program's package.json: run \`npm install @runpod-stack/provider\` there (or pnpm add, yarn add, bun add).`,
      );
    }
    expect((await resourcesOf(stack)).join()).not.toContain("runpod");

    link(
      path.join(ROOT, "node_modules/@runpod-stack"),
      path.join(folder, "node_modules/@runpod-stack"),
    );
    await stack.up();
    await stack.destroy();
  });

  test("is found next to a program in a separate folder, whatever folder the program changes to", async () => {
    const folder = strictFolder("infra");
    link(
      path.join(ROOT, "node_modules/@runpod-stack"),
      path.join(folder, "infra/node_modules/@runpod-stack"),
    );
    const stack = await newStack({ folder: path.relative(ROOT, folder) });
    await stack.up();
    await stack.destroy();
  });

  /** A project whose program creates a volume through a package; `main` is the program's folder. */
  function strictFolder(main = "."): string {
    const [folder, store] = ["project", "store/infra"].map((name) => {
      const made = path.join(scratch, name);
      mkdirSync(path.join(made, name === "project" ? main : "."), { recursive: true });
      return made;
    }) as [string, string];
    writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      `name: e2e\nmain: ${main}\nruntime: { name: nodejs, options: { typescript: false } }\n`,
    );
    const program = path.join(folder, main);
    writeFileSync(path.join(program, "package.json"), '{"dependencies":{"infra":"*"}}');
    writeFileSync(
      path.join(program, "index.js"),
      `const infra = require("infra"); process.chdir("/"); infra.make();`,
    );
    writeFileSync(
      path.join(store, "index.js"),
      `const { Volume } = require("@runpod-stack/provider");
       exports.make = () => new Volume("cache", { size: 20, dataCenterId: "EU-RO-1" });`,
    );
    link(path.join(ROOT, "node_modules"), path.join(scratch, "store/node_modules"));
    link(store, path.join(program, "node_modules/infra"));
    link(
      path.join(ROOT, "node_modules/@pulumi/pulumi"),
      path.join(program, "node_modules/@pulumi/pulumi"),
    );
    return folder;
  }
});

describe("The stack's configuration", () => {
  test("is refused for a misspelled key, and nothing is created", async () => {
    const stack = await newStack({ program: POD });
    await stack.configure({ "runpod:token": "of-another-provider" }, { "runpod:apikey": "canary" });
    for (const run of [stack.preview, stack.up]) {
      const text = await refused(run());
      expect(text).toContain(
        "runpod:apikey in the stack's configuration is not a setting. Did you mean runpod:apiKey? Run `pulumi config set --secret runpod:apiKey <key>` and `pulumi config rm runpod:apikey`.",
      );
      expect(text).not.toContain("canary");
    }
    expect((await resourcesOf(stack)).join()).not.toContain("runpod");
    expect(await emulator.requests()).toEqual([]);
  });

  test("is refused for the address of another API, and nothing is created", async () => {
    const graphql = `${emulator.env["RUNPOD_GRAPHQL_URL"]}`;
    const stack = await newStack({ program: POD });
    await stack.configure({ "runpod:apiUrl": graphql });
    for (const run of [stack.preview, stack.up]) {
      expect(await refused(run())).toContain(
        `runpod:apiUrl "${graphql}" is the address of a GraphQL API, not of the REST API v2. Set it to ${emulator.url}/v2, or remove it with \`pulumi config rm runpod:apiUrl\`.`,
      );
    }
    expect((await resourcesOf(stack)).join()).not.toContain("runpod");
    expect(await emulator.requests()).toEqual([]);
  });

  test("is not named if the address is the environment's", async () => {
    const stack = await newStack({ program: POD });
    stack.env["RUNPOD_REST_V2_URL"] = "https://rest.runpod.io/v1";
    expect(await refused(stack.preview())).toContain(
      'RUNPOD_REST_V2_URL "https://rest.runpod.io/v1" is the address of REST API v1, which RunPod has switched off, not of the REST API v2. Set it to https://api.runpod.io/v2, or unset it.',
    );
  });
});

function link(target: string, at: string): void {
  mkdirSync(path.dirname(at), { recursive: true });
  symlinkSync(target, at, "junction");
}

/** A Node.js on PATH that is too old, if there is one. */
function oldNode(): { readonly executable: string; readonly version: string } | undefined {
  if (process.platform === "win32") {
    return undefined;
  }
  for (const folder of `${process.env["PATH"]}`.split(path.delimiter)) {
    const executable = path.join(folder, "node");
    if (!existsSync(executable)) {
      continue;
    }
    const version = execFileSync(executable, ["--version"], { encoding: "utf8" }).trim().slice(1);
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < 22 || (major === 22 && minor < 19)) {
      return { executable, version };
    }
  }
  return undefined;
}
