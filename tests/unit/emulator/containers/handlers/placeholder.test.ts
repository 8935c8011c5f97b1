import { HANDLER_PORT } from "../../../../../emulator/src/containers/handlers/job-handler";
import { text } from "../support";
import { answer, worker } from "./support";

const IMAGE = "ghcr.io/acme/handler:1";
const custom = (env: Record<string, string> = {}) => worker(env, { image: IMAGE });

describe("the handler of an unknown image", () => {
  test("returns its input, and says what it is in the answer and in the log", async () => {
    const runtime = custom();
    expect(await answer(runtime, { prompt: "Hello" })).toEqual({
      output: {
        emulator: `placeholder for ${IMAGE}, which returns its input`,
        input: { prompt: "Hello" },
      },
    });
    expect(text(runtime)).toContain("a placeholder handler returns the input of each job");
  });

  test("takes no jobs on a pod", () => {
    const runtime = worker({}, { image: IMAGE, env: {}, httpPorts: [8000] });
    expect(runtime.listening(HANDLER_PORT)).toBe(false);
    expect(runtime.listening(8000)).toBe(true);
  });

  test.each<[string, object, object]>([
    ["a failure", { error: "no space" }, { error: "no space" }],
    [
      "a timeout",
      { state: "TIMED_OUT" },
      { error: "a test asks for this failure", state: "TIMED_OUT" },
    ],
    ["an output", { output: [1, null] }, { output: [1, null] }],
    ["chunks", { chunks: ["a", "b"] }, { chunks: ["a", "b"] }],
  ])("gives %s that the job or its endpoint asks for", async (_, emulator, answered) => {
    expect(await answer(custom(), { emulator })).toEqual(answered);
    const EMULATOR_HANDLER = JSON.stringify(emulator);
    expect(await answer(custom({ EMULATOR_HANDLER }), { prompt: "Hello" })).toEqual(answered);
  });

  test.each([
    ["later", "input.emulator must be a JSON object with seconds, error, state, output, chunks."],
    [{ later: 1 }, "input.emulator.later is unknown. Use seconds, error, state, output, chunks."],
    [{ seconds: -1 }, "input.emulator.seconds -1 must be a number from 0 to 2592000."],
    [{ state: "LOST" }, 'input.emulator.state "LOST" must be FAILED or TIMED_OUT.'],
    [{ chunks: "a" }, 'input.emulator.chunks "a" must be a list.'],
  ])("fails a job whose instructions are %j", async (emulator, error) => {
    expect(await answer(custom(), { emulator })).toEqual({ error });
  });
});
