import { HANDLER_PORT } from "../../../../../emulator/src/containers/handlers/job-handler";
import { text } from "../support";
import { answer, MODEL, worker } from "./support";

const MESSAGES = [{ role: "user", content: "Hello" }];
const CHAT = { object: "chat.completion", model: MODEL };

describe("RunPod's vLLM worker", () => {
  test.each<[string, object, object]>([
    ["messages", { messages: MESSAGES }, CHAT],
    [
      "a prompt with sampling parameters",
      { prompt: "Hello", sampling_params: { max_tokens: 1 } },
      { object: "text_completion", choices: [expect.objectContaining({ text: "This " })] },
    ],
    ["OpenAI's input without a route", { openai_input: { messages: MESSAGES } }, CHAT],
    [
      "a route of OpenAI with its input",
      { openai_route: "/v1/completions", openai_input: { prompt: "Hello" } },
      { object: "text_completion" },
    ],
    ["a route of OpenAI alone", { openai_route: "/v1/models" }, { object: "list" }],
    [
      "any other route of vLLM",
      { route: "/tokenize", body: { prompt: "Hello", model: MODEL } },
      { count: expect.any(Number) },
    ],
    ["a route that is only read", { route: "/version" }, { version: "0.27.1" }],
  ])("answers %s", async (_, input, output) => {
    expect(await answer(worker(), input)).toEqual({ chunks: [expect.objectContaining(output)] });
  });

  test("yields the events of a stream", async () => {
    const { chunks } = (await answer(worker(), { messages: MESSAGES, stream: true })) as {
      chunks: string[];
    };
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.every((chunk) => /^data: .*\n\n$/.test(chunk))).toBe(true);
    expect(chunks.at(-1)).toBe("data: [DONE]\n\n");
  });

  test("serves the model under the name that the endpoint gives it", async () => {
    const env = { MODEL_NAME: MODEL, OPENAI_SERVED_MODEL_NAME_OVERRIDE: "mine" };
    expect(await answer(worker(env), { messages: MESSAGES })).toEqual({
      chunks: [expect.objectContaining({ model: "mine" })],
    });
  });

  test("fails a job that vLLM refuses, or that is in no known form", async () => {
    expect(
      await answer(worker(), { messages: MESSAGES, sampling_params: { model: "gpt-2" } }),
    ).toEqual({ error: expect.stringContaining("'vLLM returned HTTP 404: ") });
    expect(await answer(worker(), { question: "Hello" })).toEqual({
      error: expect.stringContaining("Job input must contain one of: openai_input"),
    });
  });

  test("starts vLLM with the options that its environment names", () => {
    const log = text(
      worker({
        MODEL_NAME: MODEL,
        MAX_MODEL_LEN: "4096",
        ENFORCE_EAGER: "true",
        ENABLE_PREFIX_CACHING: "0",
        MAX_NUM_BATCHED_TOKENS: "0",
        HOST: "0.0.0.0",
        VLLM_EXTRA_ARGS: `--served-model-name "my model"`,
      }),
    );
    const [line = ""] = /Starting vLLM: .*/.exec(log) ?? [];
    for (const words of [
      "vllm serve --host 127.0.0.1 --port 8000 ",
      `--model ${MODEL}`,
      "--max-model-len 4096",
      "--enforce-eager",
      "--no-enable-prefix-caching",
    ]) {
      expect(line).toContain(words);
    }
    expect(line).toMatch(/--served-model-name my model$/);
    expect(line).not.toMatch(/0\.0\.0\.0|max-num-batched-tokens/);
    expect(log).toContain("vLLM is healthy");
  });

  test("takes no job while vLLM does not start, and starts again and again", () => {
    const runtime = worker({ MODEL_NAME: MODEL, MAX_MODEL_LEN: "900000000" });
    expect(runtime.listening(HANDLER_PORT)).toBe(false);
    expect(runtime.restarts).toBeGreaterThan(0);
    expect(text(runtime)).toContain("vLLM serve exited during startup");
  });

  test("refuses a switch that is neither on nor off", () => {
    const runtime = worker({ MODEL_NAME: MODEL, ENFORCE_EAGER: "maybe" });
    expect(text(runtime)).toContain(
      "ValueError: invalid boolean value 'maybe' for --enforce-eager",
    );
  });

  test("answers prompts and messages in its own form before release 2.24.0", async () => {
    const answers = async (tag: string, input: object) =>
      answer(worker({ MODEL_NAME: MODEL }, { image: `runpod/worker-v1-vllm:${tag}` }), input);
    const said = `This is ${MODEL}. You said: Hello`;
    const whole = { choices: [{ tokens: [said] }], usage: { input: 2, output: 6 } };
    for (const tag of ["v2.22.4", "v.2.16.0", "v2.7.0stable-cuda12.1.0", "stable-cuda12.1.0"]) {
      expect(await answers(tag, { prompt: "Hello" })).toEqual({ chunks: [whole] });
    }
    expect(await answers("v2.22.4", { messages: MESSAGES, stream: true })).toEqual({
      chunks: [
        { choices: [{ tokens: ["This "] }], usage: { input: 2, output: 1 } },
        { choices: [{ tokens: ["is ", `${MODEL}. `, "You "] }], usage: { input: 2, output: 4 } },
        { choices: [{ tokens: ["said: ", "Hello"] }], usage: { input: 2, output: 6 } },
      ],
    });
    const openai = { openai_route: "/v1/completions", openai_input: { prompt: "Hello" } };
    expect(await answers("v2.22.4", openai)).toEqual({
      chunks: [expect.objectContaining({ object: "text_completion" })],
    });
  });

  test("answers under its former name as well", async () => {
    const runtime = worker(
      { MODEL_NAME: MODEL },
      { image: "runpod/worker-vllm:stable-cuda12.1.0" },
    );
    expect(await answer(runtime, { route: "/version" })).toHaveProperty("chunks");
  });
});
