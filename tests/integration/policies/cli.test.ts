import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const BIN = path.join(__dirname, "../../../policies/bin/runpod-policies.js");
const POD = { name: "llm", imageName: "vllm/vllm-openai:v0.20.0", gpuTypeIds: ["NVIDIA L4"] };
const EVENTS = [
  { sequence: 0, policyEvent: { policyName: "p", enforcementLevel: "mandatory", message: "No." } },
  { sequence: 1, summaryEvent: { result: "failed" } },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-cli-"));
  mkdirSync(path.join(folder, ".git"));
  writeFileSync(path.join(folder, "pod.json"), JSON.stringify(POD));
  writeFileSync(path.join(folder, "events"), EVENTS.map((one) => JSON.stringify(one)).join("\n"));
  symlinkSync("/dev/stdin", path.join(folder, "input.json"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in a repository, where $check and $report are commands. */
function bash(script: string): Promise<{ status: number; output: string }> {
  const command = `'${process.execPath}' '${BIN}'`;
  const head = `check() { ${command} check "$@"; }; report() { ${command} report "$@"; };`;
  return new Promise((resolve) => {
    execFile("bash", ["-c", `${head} ${script}`], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

describe("the runpod-policies command, run by a shell in a repository", () => {
  test.each([
    ["a pipe", "cat pod.json | check -"],
    ["a pipe by name", "cat pod.json | check /dev/stdin"],
    ["a pipe by descriptor", "cat pod.json | check /proc/self/fd/0"],
    ["the output of a command", "check <(cat pod.json)"],
    ["a descriptor", "check /dev/fd/5 5< pod.json"],
    ["a configuration from a command", `check --config <(echo '{"all": "disabled"}') pod.json`],
  ])("reads %s", async (_, script) => {
    const { status, output } = await bash(script);
    expect([output, status < 2]).toEqual([expect.stringMatching(/^(?:Passed|Refused)/m), true]);
  });

  test("does not read standard input through a link of the repository", async () => {
    const { status, output } = await bash("check input.json < /etc/hostname");
    expect([status, output]).toEqual([2, expect.stringContaining("leads out of")]);
  });

  test("reports events as they arrive, with a status that a pipe passes on", async () => {
    const slowly = "{ head -n 1 events; sleep 0.2; tail -n +2 events; }";
    const refused = { status: 1, output: expect.stringContaining("Refused: 1 mandatory") };
    expect(await bash(`${slowly} | report -`)).toEqual(refused);
    expect(await bash(`set -o pipefail; ${slowly} | report - | cat`)).toEqual(refused);
    expect(await bash("report --markdown <(cat events)")).toEqual(refused);
  });
});
