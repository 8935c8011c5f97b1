import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { createStack, type TestStack } from "../../support/stack";

jest.setTimeout(120_000);

interface Line {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
  readonly ephemeral?: boolean;
}

const HINT = "Ctrl-C twice to stop now; the pod stays in the state";
const TYPE = "pulumi-nodejs:dynamic/runpod:PodEndpoint";
const plain = (name: string) => `urn:pulumi:test::e2e::${TYPE}::${name}`;
const inGroup = (name: string) => `urn:pulumi:test::e2e::my:Group$${TYPE}::${name}`;

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator({ speed: "fast" });
  const clock = { RUNPOD_STACK_CLOCK_SPEED: "15" };
  stack = await createStack({ env: { ...emulator.env, ...clock } });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

/** The output of an operation in a row, without color codes. */
function linesOn(urn: string, events: string): Line[] {
  return events
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Line | undefined => JSON.parse(line).diagnosticEvent)
    .filter((line): line is Line => line?.urn === urn)
    .map((line) => ({ ...line, message: line.message.replaceAll(/<\{%.*?%\}>|\n/g, "") }));
}

describe("Several endpoints that wait", () => {
  test("show in their rows what they wait for, and keep two lines each", async () => {
    stack.write(`
    class Group extends pulumi.ComponentResource {
      constructor(name) { super("my:Group", name); }
    }
    const parent = new Group("group");
    const options = { one: {}, two: { parent }, three: { parent } };
    for (const [name, option] of Object.entries(options)) {
      const pod = new Pod(name, {
        imageName: "vllm/vllm-openai:v0.20.0",
        dockerStartCmd: ["--model", "Qwen/Qwen2.5-0.5B-Instruct"],
        gpuTypeIds: ["NVIDIA L4"],
        ports: ["8000/http"],
      });
      new PodEndpoint(name, { pod, port: 8000 }, option);
    }`);
    const { events, stdout } = await stack.up();
    const summary = stdout.slice(stdout.indexOf("Diagnostics:"));
    for (const urn of [plain("one"), inGroup("two"), inGroup("three")]) {
      const lines = linesOn(urn, events);
      const passing = lines.filter(({ ephemeral }) => ephemeral).map(({ message }) => message);
      const kept = lines.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message);
      expect(kept).toEqual([
        expect.stringMatching(/^waiting up to 45m for http\S+; press Ctrl-C once to stop after/),
        expect.stringMatching(/^serving Qwen\/Qwen2\.5-0\.5B-Instruct after \w+$/),
      ]);
      expect(passing[0]).toBe(HINT);
      const news = passing.filter((message) => message !== HINT);
      expect(news.length).toBeGreaterThan(2);
      const form = expect.stringMatching(/^\w+ [\w ./%]+, (502|serving \d\/3)$/);
      expect(news).toEqual(Array(news.length).fill(form));
      for (const message of passing) {
        expect(summary).not.toContain(message);
      }
    }
    expect((await stack.up("--expect-no-changes")).steps).toEqual([]);
  });
});
