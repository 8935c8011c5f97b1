import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../../../models/src";
import { advanced, container, text } from "./support";

const IMAGE = "vllm/vllm-openai:v0.24.0";
const L4 = { id: "NVIDIA L4", count: 1, memoryGb: 24, computeCapability: "8.9" };

/** The log of one start, without times, numbers and the names of processes. */
function recorded(name: string): string[] {
  const file = join(__dirname, "../../../cases/logs", `vllm-0.24.0-${name}.log`);
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

function emulated(cmd: string[], gpu = L4): string[] {
  const runtime = container({ image: IMAGE, cmd, gpu, env: { HF_TOKEN: "hf_test" } });
  while (runtime.restarts === 0 && runtime.nextEventAt() !== null) {
    runtime.advanceTo(runtime.nextEventAt() ?? 0);
  }
  return text(runtime, "container").split("\n");
}

/** Where the first traceback ends with its error, counted from the end of the log. */
function depth(lines: readonly string[], error: RegExp): number {
  return lines.length - lines.findIndex((line) => error.test(line));
}

describe("the log of vLLM 0.24.0", () => {
  it("begins with the banner and the arguments", () => {
    const lines = text(advanced(container({ image: IMAGE }), 1), "container").split("\n");
    const places = (log: readonly string[]) =>
      log.slice(0, 7).map((line) => line.replace(/^.*?\[/, "[").replace(/(model   |\{).*$/, "$1"));
    expect(places(lines)).toEqual(places(recorded("healthy-start")));
  });

  it("reports the weights and the address as recorded", () => {
    const log = text(advanced(container({ image: IMAGE }), 10), "container");
    expect(log).toMatch(/\[model_runner\.py:\d+\] Model loading took \d+\.\d\d GiB and \d+\.\d+ seconds/);
    expect(log).toContain("Starting vLLM server on http://0.0.0.0:8000");
  });

  it.each([
    ["kv-too-small", ["meta-llama/Llama-3.1-8B-Instruct"], /ValueError: To serve at least one/],
    ["tp-two", ["Qwen/Qwen3-0.6B", "-tp", "2"], /World size \(2\) is larger/],
    ["len-too-long", ["Qwen/Qwen3-0.6B", "--max-model-len", "1000000"], /max_model_len \(1000000\)/],
  ])("hides the cause as deep as the recorded %s", (name, cmd, error) => {
    const [own, real] = [emulated(cmd), recorded(name)];
    expect(Math.abs(depth(own, error) - depth(real, error))).toBeLessThanOrEqual(8);
    expect(diagnose(own).cause).toBe(diagnose(real).cause);
  });

  it("names the engine's process by the release", () => {
    expect(emulated(["meta-llama/Llama-3.1-8B-Instruct"]).join("\n")).toContain(") Process EngineCore:");
  });
});
