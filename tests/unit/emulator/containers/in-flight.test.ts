import { startTestEmulator } from "../../../support/emulator";
import { podBody } from "../bodies";
import { advanced, container, get } from "./support";

/** Requests whose answers are not sent before `sent` is called. */
function held(runtime: ReturnType<typeof container>, port = 8000) {
  const listeners: (() => void)[] = [];
  const ask = (body: object, path = "/v1/chat/completions") => {
    const request = new Request(`http://pod.example${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return runtime.handle(request, port, (listener) => listeners.push(listener));
  };
  const sent = () => {
    for (const listener of listeners.splice(0)) {
      listener();
    }
  };
  return { ask, sent };
}

const HELLO = { messages: [{ role: "user", content: "Hello there" }] };

async function gauges(runtime: ReturnType<typeof container>, names: readonly string[]) {
  const text = await (await get(runtime, "/metrics")).text();
  return names.map((name) =>
    Number(new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, "m").exec(text)?.[1]),
  );
}

describe("requests whose answer is not yet sent", () => {
  test("run, wait and take cache in vLLM", async () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--max-num-seqs", "2"];
    const runtime = advanced(container({ cmd }), 10);
    const { ask, sent } = held(runtime);
    const names = ["running", "waiting"].map((what) => `vllm:num_requests_${what}`);
    const all = [...names, "vllm:num_requests_waiting_by_reason", "vllm:kv_cache_usage_perc"];
    await ask(HELLO);
    const [, , , one = 0] = await gauges(runtime, all);
    await ask({ ...HELLO, stream: true });
    await ask({ ...HELLO, n: 3 });
    const [running, waiting, capacity, two = 0] = await gauges(runtime, all);
    expect([running, waiting, capacity]).toEqual([2, 3, 3]);
    expect(one).toBeGreaterThan(0);
    expect(two).toBeCloseTo(2 * one);
    sent();
    expect(await gauges(runtime, all)).toEqual([0, 0, 0, 0]);
  });

  test("that was refused does not run", async () => {
    const runtime = advanced(container({ cmd: ["Qwen/Qwen3-0.6B"] }), 10);
    await held(runtime).ask({ ...HELLO, max_tokens: -1 });
    expect(await gauges(runtime, ["vllm:num_requests_running"])).toEqual([0]);
  });

  test.each([
    [
      "lmsysorg/sglang:v0.5.5",
      [
        "python3",
        "-m",
        "sglang.launch_server",
        "--model-path",
        "Qwen/Qwen3-0.6B",
        "--port",
        "8000",
      ],
      ["--host", "0.0.0.0", "--enable-metrics", "--max-running-requests", "1"],
      ["sglang:num_running_reqs", "sglang:num_queue_reqs"],
    ],
    [
      "ghcr.io/huggingface/text-generation-inference:3.3.7",
      ["--model-id", "Qwen/Qwen3-0.6B", "--port", "8000"],
      ["--max-batch-size", "1"],
      ["tgi_batch_current_size", "tgi_queue_size"],
    ],
    [
      "ghcr.io/ggml-org/llama.cpp:server-cuda",
      ["-hf", "Qwen/Qwen3-0.6B-GGUF:Q8_0", "--port", "8000"],
      ["--metrics", "--parallel", "1"],
      ["llamacpp:requests_processing", "llamacpp:requests_deferred"],
    ],
  ])("run and wait in %s", async (image, cmd, more, names) => {
    const runtime = advanced(container({ image, cmd: [...cmd, ...more] }), 10);
    const { ask, sent } = held(runtime);
    await ask(HELLO);
    await ask({ ...HELLO, stream: true });
    expect(await gauges(runtime, names)).toEqual([1, 1]);
    sent();
    expect(await gauges(runtime, names)).toEqual([0, 0]);
  });
});

test("a slow answer runs until its client is gone", async () => {
  const emulator = await startTestEmulator();
  const body = podBody({ image: "vllm/vllm-openai:v0.24.0", cmd: ["Qwen/Qwen3-0.6B"] });
  const { id } = (await emulator.call("POST", "/v2/pods", body)).body;
  await emulator.fault("slow:600000", { path: "/v1/completions$" });
  const leave = new AbortController();
  const asked = fetch(`${emulator.url}/proxy/${id}-8000/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt: "Hi" }),
    signal: leave.signal,
  });
  const untilRunning = async (count: string) => {
    let text: string;
    do {
      text = (await emulator.call("GET", `/proxy/${id}-8000/metrics`)).body;
    } while (!new RegExp(`^vllm:num_requests_running\\{.*\\} ${count}$`, "m").test(text));
  };
  await untilRunning("1\\.0");
  leave.abort();
  await expect(asked).rejects.toThrow();
  await untilRunning("0\\.0");
  await emulator.close();
});
