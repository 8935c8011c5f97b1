import { readProgress } from "../../../models/src";
import { isModelProgress } from "../../../models/src/progress";

const vllm = (text: string) => `(EngineCore pid=184) INFO 11-26 16:28:50 [x.py:1] ${text}`;

test.each<[string, string | null]>([
  ["create container vllm/vllm-openai:v0.24.0", "creating container"],
  ["pending image pull vllm/vllm-openai:v0.24.0", "pulling image"],
  ["316f8cbc3be8 Downloading [=====>      ]  4.31GB/9.80GB", "pulling 4.31/9.80 GB"],
  ["316f8cbc3be8 Downloading [>           ]  412.3MB/9.8GB", "pulling 412.3 MB of 9.8 GB"],
  ["316f8cbc3be8 Extracting  [==>   ]  0.02GB/0.03GB", "unpacking image"],
  ["Status: Downloaded newer image for vllm/vllm-openai:v0.24.0", "image pulled"],
  ["start container for vllm/vllm-openai:v0.24.0: begin", "starting container"],
  [
    "(EngineCore pid=184) model-00003-of-00012.safetensors:  41%|████      | 2.05G/5.00G [00:04<00:00, 411MB/s]",
    "downloading weights, file 3/12 at 41%",
  ],
  [
    "model.safetensors:  60%|██████    | 33.6G/56.0G [01:21<00:54, 411MB/s]",
    "downloading weights 33.6/56.0 GB",
  ],
  ["Fetching 14 files:  36%|███▌      | 5/14 [00:12<00:21]", "downloading weights 5/14 files"],
  ["pulling 6a0746a1ec1a:  73% ▕███████    ▏ 3.4 GB/4.7 GB", "downloading weights 73%"],
  [
    "Loading safetensors checkpoint shards:  58% Completed | 7/12 [00:30<00:20,  4.3s/it]",
    "loading weights 7/12 files",
  ],
  [vllm("Starting to load model Qwen/Qwen3.8-27B..."), "loading weights"],
  ["[2026-11-26 16:28:50] Load weight begin. avail mem=78.40 GB", "loading weights"],
  [
    "2026-11-26T16:28:50Z  INFO shard-manager: text_generation_launcher: Starting shard rank=0",
    "loading weights",
  ],
  [vllm("Loading weights took 12.30 seconds"), "weights loaded"],
  [vllm("Dynamo bytecode transform time: 8.42 s"), "compiling"],
  [
    "Capturing CUDA graphs (mixed prefill-decode, PIECEWISE):  47%|████▋     | 24/51",
    "capturing CUDA graphs 47%",
  ],
  ["[t] Capture cuda graph begin. This can take up to several minutes.", "capturing CUDA graphs"],
  [vllm("Available KV cache memory: 25.69 GiB"), "warming up"],
  ["316f8cbc3be8 Downloading  [=>  ]   4.31 GB/9.80 GB", "pulling 4.31/9.80 GB"],
  ["a Downloading [>  ]  7B/12B", "pulling 7/12 B"],
  ["a Downloading [>  ]  7 kB/12 MB", "pulling 7 kB of 12 MB"],
  ["1.0 Pulling from runpod/x", "pulling image"],
  ["316f8cbc3be8 Pulling fs layer", "pulling image"],
  ["Status: Image is up to date for a/b:1", "image pulled"],
  ["model.pt:   7%|7   | 1.2G/9.0G [00:04<00:00]", "downloading weights 1.2/9.0 GB"],
  ["model.pth: 100%|##|9.0GB/9.0GB", "downloading weights 9.0/9.0 GB"],
  ["model.gguf:1%|          | 500M/9.0G [00:04<00:00]", "downloading weights 500 MB of 9.0 GB"],
  ["pytorch_model.bin: 50%|#| 1.0T/2.0T", "downloading weights 1.0/2.0 TB"],
  ["Fetching 140 files: 100%|###|140/140 [00:12<00:21]", "downloading weights 140/140 files"],
  ["Fetching 3 files:0%||   1/3", "downloading weights 1/3 files"],
  ["pulling 6a0746a1ec1a... 100%", "downloading weights 100%"],
  [`pulling ${"6a0746a1".repeat(8)}: 7%`, "downloading weights 7%"],
  ["pulling 6a0746a1ec1a:7%", "downloading weights 7%"],
  ["INFO download: text_generation_launcher: Starting download process.", "downloading weights"],
  ["INFO download: Starting check and download process for a/b", "downloading weights"],
  ["[download] 1 of 2", "downloading weights"],
  ["Download file: model.safetensors", "downloading weights"],
  ["Loading checkpoint shards:100%##|12/12", "loading weights 12/12 files"],
  ["Multi-thread checkpoint shards:   0% Completed |   0/7", "loading weights 0/7 files"],
  ["Loading weight begin", "loading weights"],
  ["Loading model from scratch...", "loading weights"],
  ["Waiting for shard to be ready... rank=0", "loading weights"],
  ["main: loading model", "loading weights"],
  ["load_tensors: offloading 33 layers", "loading weights"],
  ["Load weight end. elapsed=3 s", "weights loaded"],
  ["Loading weight end", "weights loaded"],
  ["INFO shard-manager: text_generation_launcher: Shard ready in 6.2s", "weights loaded"],
  [
    "Using cache directory: /root/.cache/vllm/torch_compile_cache/a for vLLM's torch.compile",
    "compiling",
  ],
  ["Capture CUDA graph", "capturing CUDA graphs"],
  ["Capturing cuda graphs 7%", "capturing CUDA graphs 7%"],
  ["Capture cuda graph end. Time elapsed: 3 s", null],
  ["Capture cuda graph, which took a while, end", null],
  ["Warming up model", "warming up"],
  ["warming up the model with an empty run", "warming up"],
  ["KV Cache is allocated. #tokens: 7", "warming up"],
  ["I create container a", null],
  ["restart containers for", null],
  ["hello", null],
])("%s means %s", (line, text) => {
  expect(readProgress([line, "something else", ""])).toBe(text);
});

test("the last progress line counts, and none from before the container's last start", () => {
  const pull = "a Downloading [=>  ]  1.0GB/9.0GB";
  const start = "start container for a:b: begin";
  const load = vllm("Starting to load model m...");
  expect(readProgress([pull, start, load, "x"])).toBe("loading weights");
  expect(readProgress([load, start])).toBe("starting container");
  expect(readProgress([])).toBeNull();
});

test("a model server prints some of these lines, and the host the others", () => {
  expect(isModelProgress(vllm("Starting to load model m..."))).toBe(true);
  expect(isModelProgress("Fetching 14 files:  36%|#   | 5/14 [00:12<00:21]")).toBe(true);
  expect(isModelProgress("create container a")).toBe(false);
  expect(isModelProgress("a Extracting [=>  ] 1GB/2GB")).toBe(false);
  expect(isModelProgress("hello")).toBe(false);
});

test("a hostile log shows no progress", () => {
  const long = `Downloading [${"=".repeat(100_000)}`;
  const log = Array.from({ length: 2_000 }, () => `${long} Fetching ${"1 ".repeat(9_000)}`);
  expect(readProgress(log)).toBeNull();
});
