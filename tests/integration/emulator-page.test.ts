import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@runpod-stack/emulator";
import { blocksOf } from "../support/page";

const ROOT = path.join(__dirname, "../..");
const BIN = path.join(ROOT, "emulator/bin/runpod-emulator.js");
const START = "Test your own client in five minutes";
const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "emulator-page-"));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The code of the page under a heading. */
function code(heading: string): string {
  const [block, ...more] = blocksOf("docs/emulator.md").filter(({ under }) => under === heading);
  expect([heading, block === undefined, more.length]).toEqual([heading, false, 0]);
  return block?.code ?? "";
}

test("the page's curl commands create a pod, reach its server, and end it", async () => {
  // The package is not published here, and the usual port may be taken.
  const start = code(START).replace(
    "npx @runpod-stack/emulator",
    `'${process.execPath}' '${BIN}' --port 0`,
  );
  const script = `${start}\ntrap "kill $!" EXIT\n${code("curl")}`;
  const { stdout } = await run("bash", ["-euc", script], { cwd: folder });
  expect(stdout).toContain('"id":"Qwen/Qwen3-0.6B"');
  expect(stdout).toMatch(/"pods":\[\{"id":"\w+","name":"mine",.*"endedAt":"\d{4}-/);
});

test("the page's TypeScript finds the pod whose create was not answered", async () => {
  await writeFile(path.join(folder, "client.mts"), code("TypeScript"));
  await run(process.execPath, ["client.mts"], { cwd: folder });
});

const hasPython = spawnSync("python3", ["-c", "import urllib.request"]).status === 0;
(hasPython ? test : test.skip)(
  "the page's Python creates a pod, reaches its server, and ends it",
  async () => {
    const emulator = await startEmulator({ speed: "instant", rateLimit: null });
    try {
      await writeFile(path.join(folder, "client.py"), code("Python"));
      const env = { ...process.env, ...emulator.env };
      const { stdout } = await run("python3", ["client.py"], { cwd: folder, env });
      expect(stdout.trim()).toBe("Qwen/Qwen3-0.6B");
      const ledger = await (await fetch(`${emulator.url}/_emulator/ledger`)).json();
      expect(ledger).toMatchObject({ pods: [{ name: "mine", endedAt: expect.any(String) }] });
    } finally {
      await emulator.close();
    }
  },
);
