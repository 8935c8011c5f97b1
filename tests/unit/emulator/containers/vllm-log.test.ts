import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../../../models/src";
import { advanced, container, get, text, volume } from "./support";

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
      log.slice(0, 7).map((line) => line.replace(/^.*?\[/, "[").replace(/(model {3}|\{).*$/, "$1"));
    expect(places(lines)).toEqual(places(recorded("healthy-start")));
  });

  it("has the recorded lines at their recorded places, in their order", () => {
    const place = /(\[\w+\.py:\d+\]) (\S+)/;
    const key = (line: string) => place.exec(line)?.slice(1).join(" ");
    const cmd = ["Qwen/Qwen3-0.6B", "--enforce-eager", "--max-model-len", "4096"];
    const own = emulated(cmd).map(key).filter(Boolean);
    const real = recorded("healthy-start").map(key);
    const shared = own.filter((line) => real.includes(line));
    const notRecorded = [...new Set(own.filter((line) => !real.includes(line)))];
    expect(notRecorded).toEqual([
      "[weight_utils.py:530] Time",
      "[default_loader.py:430] Loading",
      "[model.py:1477] Default",
    ]);
    expect(shared).toContain("[model.py:598] Resolved");
    const from = [...new Set(shared)].map((line) => real.indexOf(line));
    expect(from).toEqual([...from].sort((a, b) => a - b));
  });

  it("reports the weights and the address as recorded", () => {
    const cmd = ["Qwen/Qwen3-8B"];
    const log = text(advanced(container({ image: IMAGE, cmd }), 10), "container");
    expect(log).toMatch(
      /\[model_runner\.py:\d+\] Model loading took \d+\.\d\d GiB and \d+\.\d+ seconds/,
    );
    expect(log).toContain("Starting vLLM server on http://0.0.0.0:8000");
  });

  it("names the older runner for classes that 0.24.0 runs in it", () => {
    const log = text(advanced(container({ image: IMAGE }), 10), "container");
    expect(log).toContain("[gpu_model_runner.py:5160] Starting to load model Qwen/Qwen3.8-27B...");
    expect(log).not.toContain("V2 Model Runner");
  });

  it.each([
    ["kv-too-small", ["meta-llama/Llama-3.1-8B-Instruct"], /ValueError: To serve at least one/],
    ["tp-two", ["Qwen/Qwen3-0.6B", "-tp", "2"], /World size \(2\) is larger/],
    [
      "len-too-long",
      ["Qwen/Qwen3-0.6B", "--max-model-len", "1000000"],
      /max_model_len \(1000000\)/,
    ],
  ])("hides the cause as deep as the recorded %s", (name, cmd, error) => {
    const [own, real] = [emulated(cmd), recorded(name)];
    expect(Math.abs(depth(own, error) - depth(real, error))).toBeLessThanOrEqual(8);
    expect(diagnose(own).cause).toBe(diagnose(real).cause);
  });

  it("names the engine's process by the release", () => {
    expect(emulated(["meta-llama/Llama-3.1-8B-Instruct"]).join("\n")).toContain(
      ") Process EngineCore:",
    );
  });

  it("lists the routes as recorded", () => {
    const routes = (lines: readonly string[]) =>
      lines.flatMap((line) => /launcher\.py:\d+\] (.*)$/.exec(line)?.[1] ?? []);
    const runtime = advanced(container({ image: IMAGE }), 10);
    expect(routes(text(runtime, "container").split("\n"))).toEqual(
      routes(recorded("healthy-start")),
    );
  });
});

describe("the access log", () => {
  const served = async (...options: string[]) => {
    const cmd = ["Qwen/Qwen3-0.6B", ...options];
    const runtime = advanced(container({ image: IMAGE, cmd }), 10);
    await get(runtime, "/v1/models?a=b");
    await get(runtime, "/health");
    await get(runtime, "/nothing");
    return text(runtime, "container")
      .split("\n")
      .flatMap((line) => /INFO: {5}[\d.]+:\d+ - (.*)$/.exec(line)?.[1] ?? []);
  };

  it("shows each answered request", async () => {
    expect(await served()).toEqual([
      '"GET /v1/models?a=b HTTP/1.1" 200 OK',
      '"GET /health HTTP/1.1" 200 OK',
      '"GET /nothing HTTP/1.1" 404 Not Found',
    ]);
  });

  it("is turned off by vLLM's options", async () => {
    expect(await served("--disable-uvicorn-access-log")).toEqual([]);
    expect(await served("--uvicorn-log-level", "warning")).toEqual([]);
    expect(await served("--disable-access-log-for-endpoints", "/health,/v1/models")).toEqual([
      '"GET /nothing HTTP/1.1" 404 Not Found',
    ]);
  });
});

describe("models that cannot be loaded", () => {
  const FOLDER = "/workspace/model";

  function download(storage: ReturnType<typeof volume>, ...options: string[]): void {
    const line = `hf download Qwen/Qwen3-0.6B --local-dir ${FOLDER} ${options.join(" ")}; sleep infinity`;
    const entrypoint = ["bash", "-c", line];
    const mounts = [{ path: "/workspace", sizeGb: 100, storage }];
    advanced(container({ image: IMAGE, entrypoint, cmd: [], mounts }), 10);
  }

  function started(storage = volume(), model = FOLDER): string[] {
    const mounts = [{ path: "/workspace", sizeGb: 100, storage }];
    const runtime = container({ image: IMAGE, cmd: [model], gpu: L4, mounts });
    while (runtime.restarts === 0 && runtime.nextEventAt() !== null) {
      runtime.advanceTo(runtime.nextEventAt() ?? 0);
    }
    return text(runtime, "container").split("\n");
  }

  it("a file without content fails as deep in the log as a recorded one", () => {
    const storage = volume();
    download(storage);
    expect([...storage.files.keys()]).toEqual(["model/config.json", "model/model.safetensors"]);
    storage.files.set("model/model.safetensors", 0);
    const own = started(storage);
    const real = recorded("broken-safetensors");
    const error = /SafetensorError/;
    expect(diagnose(own).cause).toBe("model-file-corrupt");
    expect(diagnose(own).cause).toBe(diagnose(real).cause);
    expect(depth(own, error)).toBeGreaterThan(80);
  });

  it("a folder without weights", () => {
    const storage = volume();
    download(storage, "--include", "'*.json'");
    expect([...storage.files.keys()]).toEqual(["model/config.json"]);
    const log = started(storage);
    expect(log.join("\n")).toContain(
      `RuntimeError: Cannot find any model weights with \`${FOLDER}\``,
    );
    expect(diagnose(log).cause).toBe("model-file-not-found");
  });

  it("an architecture that vLLM does not have", () => {
    const log = started(volume(), "google/flan-t5-base");
    expect(log.join("\n")).toContain(
      "Model architectures ['T5ForConditionalGeneration'] are not supported for now.",
    );
    expect(diagnose(log).cause).toBe("model-architecture-unsupported");
  });
});
