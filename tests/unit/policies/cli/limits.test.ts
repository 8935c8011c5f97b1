import { Readable } from "node:stream";
import { boundedText } from "../../../../policies/src/cli/bounded-text";
import { MAX_FILE_BYTES } from "../../../../policies/src/limits";
import { run } from "./run";

const pod = (inputs: object) =>
  JSON.stringify({ imageName: "vllm/vllm-openai:v0.20.0", ...inputs });
const doubled = Array.from({ length: 28 }, (_, n) => `a${n + 1}=$a${n}$a${n}`).join(";");
const BOMB = pod({
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [`a0=x;${doubled};vllm serve "$a28"`],
});

describe("runpod-policies, given what cannot be checked", () => {
  test("ends with status 2 for a script whose variables fill the memory, and reports what it can", async () => {
    const ended = await run(["check", "-"], { input: BOMB });
    expect(ended.status).toBe(2);
    expect(ended.stderr).toBe("Some input could not be checked. See spec-size in the report.\n");
    expect(ended.stdout).toContain(
      "dockerStartCmd cannot be checked: its variables expand to more than",
    );
    expect(ended.stdout.length).toBeLessThan(2_000);
  });

  test("treats it as worse than a violation", async () => {
    const input = `[${BOMB},${pod({ dockerStartCmd: ["Qwen/Qwen3.8-27B"], containerDiskInGb: 20 })}]`;
    const { status, stdout } = await run(["check", "--json", "-"], { input });
    expect(status).toBe(2);
    expect(stdout).toContain('"level": "mandatory"');
  });

  test.each([
    ["documents", "--- {size: 1, dataCenterId: a}\n".repeat(50_000), /more than 50000 tokens/],
    ["a list", pod({ gpuTypeIds: Array(80_000).fill("NVIDIA L4") }), /more than 50000 tokens/],
    ["lists in lists", "[".repeat(10_000), /nests (?:maps|objects) and lists|tokens/],
    ["deep YAML", depth((n) => `${" ".repeat(n)}a:\n`), /nests maps and lists too deeply/],
    [
      "deep JSON",
      `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
      /nests objects and lists more than 200/,
    ],
  ])("ends with status 2 for %s without end", async (_, input, reason) => {
    const { status, stdout, stderr } = await run(["check", "-"], { input });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^standard input .*\n$/);
  });

  test.each([
    ["empty objects", `{"deployment":{"resources":[${"{},".repeat(1_000_000)}{}]}}`],
    ["numbers", `{"deployment":{"resources":[${"1,".repeat(1_000_000)}1]}}`],
  ])("ends with status 2 for more %s than fit in memory", async (_, input) => {
    const { status, stdout, stderr } = await run(["check", "-"], { input });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("standard input cannot be checked: it has more than 1000000 values.\n");
  });

  test("ends with status 2 for more violations than any report can hold", async () => {
    const type = "pulumi-nodejs:dynamic/runpod:Pod";
    const inputs = { imageName: "a", ports: ["22/tcp"] };
    const resources = Array.from({ length: 10_000 }, (_, n) => ({ type, urn: `u${n}`, inputs }));
    const stack = JSON.stringify({ deployment: { resources } });
    const policyEvent = JSON.stringify({ sequence: 1, policyEvent: { message: "a" } });
    for (const [command, input] of [
      ["check", stack],
      ["report", `${policyEvent}\n`.repeat(25_001)],
    ] as const) {
      const { status, stdout, stderr } = await run([command, "--sarif", "-"], { input });
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^A report cannot have more than 25000 violations\./);
    }
  });

  test("reads no further than the limit", async () => {
    let read = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          read += 1;
          yield Buffer.alloc(1_048_576);
        }
      })(),
    );
    await expect(boundedText("x", endless)).rejects.toThrow(
      /^x cannot be checked: it is larger than 32 MiB/,
    );
    expect(read * 1_048_576).toBeLessThan(2 * MAX_FILE_BYTES);
  });

  test("reads a character that is split between chunks, and drops the byte order mark", async () => {
    const bytes = Buffer.from("\ufeffä");
    expect(await boundedText("x", Readable.from([bytes.subarray(0, 4), bytes.subarray(4)]))).toBe(
      "ä",
    );
  });
});

function depth(line: (n: number) => string): string {
  return Array.from({ length: 3_000 }, (_, n) => line(n)).join("");
}
