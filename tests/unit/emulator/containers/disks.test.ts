import type { ContainerInput } from "../../../../emulator/src/containers/runtime";
import { advanced, container, text, volume } from "./support";

const CACHE = "/root/.cache/huggingface";

/** Runs a container to the end and starts a second one over the same volume, as a restart does. */
function restarted(changes: Partial<ContainerInput>) {
  const storage = volume();
  const mounts = [{ path: CACHE, sizeGb: 100, storage }];
  const first = advanced(container({ mounts, ...changes }), 10);
  const second = advanced(container({ mounts, ...changes }), 10);
  return { first, second, storage };
}

describe("the model cache", () => {
  it("survives a restart on a volume: the second start downloads nothing", () => {
    const { first, second, storage } = restarted({});
    expect(text(first)).toContain("Time spent downloading weights");
    expect(text(second)).not.toContain("Time spent downloading weights");
    expect(second.listening(8000)).toBe(true);
    const [path] = [...storage.files.keys()];
    expect(path).toMatch(
      /^hub\/models--Qwen--Qwen3\.8-27B\/snapshots\/[0-9a-f]{40}\/model-00001-of-00012/,
    );
  });

  it("is downloaded again if it was on the container disk", () => {
    const { second } = restarted({ mounts: [] });
    expect(text(second)).toContain("Time spent downloading weights");
  });

  it.each([
    [{}, [], "/root/.cache/huggingface"],
    [{ HF_HOME: "/workspace/hf" }, [], "/workspace/hf"],
    [{ HF_HOME: "/workspace/hf/hub" }, [], "/workspace/hf/hub/hub"],
    [{ HF_HUB_CACHE: "/data", HF_HOME: "/other" }, [], "/data"],
    [{ HUGGINGFACE_HUB_CACHE: "/legacy" }, [], "/legacy"],
    [{ TRANSFORMERS_CACHE: "/older" }, [], "/older"],
    [{ XDG_CACHE_HOME: "/xdg" }, [], "/xdg/huggingface/hub"],
    [{ HF_HOME: "~/hf" }, [], "/root/hf"],
    [{ HF_HUB_CACHE: "/data" }, ["--download-dir", "/models"], "/models"],
  ])("is, with %j and %j, below %s", (env, flags, path) => {
    const storage = volume();
    const mounts = [{ path, sizeGb: 100, storage }];
    const cmd = ["Qwen/Qwen3-0.6B", ...flags];
    advanced(container({ mounts, env, cmd }), 10);
    expect(storage.files.size).toBe(1);
  });

  it("is not below a volume whose path is only the beginning of a name", () => {
    const storage = volume();
    const mounts = [{ path: "/data", sizeGb: 100, storage }];
    advanced(container({ mounts, env: { HF_HOME: "/data2" } }), 10);
    expect(storage.files.size).toBe(0);
  });

  it("belongs to the innermost volume", () => {
    const [outer, inner] = [volume(), volume()];
    const mounts = [
      { path: `${CACHE}/hub/`, sizeGb: 100, storage: inner },
      { path: "/root", sizeGb: 100, storage: outer },
    ];
    advanced(container({ mounts, cmd: ["Qwen/Qwen3-0.6B"] }), 10);
    expect([...inner.files.keys()].join()).toContain("model.safetensors");
    expect([...outer.files.keys()].join()).toContain("torch_compile_cache");
  });
});

describe("a volume that is too small", () => {
  it("keeps complete files and the part of the last, and never gets any further", () => {
    const storage = volume();
    const mounts = [{ path: CACHE, sizeGb: 20, storage }];
    const first = advanced(container({ mounts }), 10);
    expect(text(first)).toContain("No space left on device (os error 28)");
    const names = [...storage.files.keys()];
    expect(names.filter((name) => name.endsWith(".safetensors"))).toHaveLength(4);
    expect(names.filter((name) => name.endsWith(".incomplete"))).toHaveLength(1);
    const used = [...storage.files.values()].reduce((sum, size) => sum + size, 0);
    expect(used).toBeCloseTo(20);
    expect(text(advanced(container({ mounts }), 10))).toContain("(os error 28)");
  });

  it("resumes at the same place once the volume has grown", () => {
    const storage = volume();
    advanced(container({ mounts: [{ path: CACHE, sizeGb: 20, storage }] }), 10);
    const runtime = advanced(container({ mounts: [{ path: CACHE, sizeGb: 100, storage }] }), 10);
    expect(runtime.listening(8000)).toBe(true);
    expect(text(runtime)).not.toContain("model-00001-of-00012");
    expect([...storage.files.keys()].join()).not.toContain(".incomplete");
  });
});

describe("the container disk", () => {
  it("holds the compiler's files next to the weights", () => {
    expect(text(advanced(container({ diskGb: 56 }), 10))).toContain(
      "OSError: [Errno 28] No space left on device",
    );
    expect(advanced(container({ diskGb: 58 }), 10).listening(8000)).toBe(true);
  });

  it("does not count the image", () => {
    const mounts = [{ path: CACHE, sizeGb: 100, storage: volume() }];
    expect(advanced(container({ diskGb: 5, mounts }), 10).listening(8000)).toBe(true);
  });

  it("stays full while the same container is started again", () => {
    const { logs } = advanced(container({ diskGb: 20 }), 2);
    const progress = logs.filter(({ line }) => line.includes("model-00001-of-00012"));
    expect(progress).toHaveLength(1);
  });

  it("warns beforehand, as the hub's client does", () => {
    expect(text(advanced(container({ diskGb: 20 }), 2))).toContain(
      "UserWarning: Not enough free disk space to download the file. The expected file size is: 55563.01 MB.",
    );
  });
});

describe("the compiled graphs", () => {
  it("are reused if VLLM_CACHE_ROOT is on a volume", () => {
    const storage = volume();
    const mounts = [{ path: "/workspace", sizeGb: 100, storage }];
    const env = { HF_HOME: "/workspace/hf", VLLM_CACHE_ROOT: "/workspace/vllm" };
    expect(text(advanced(container({ mounts, env }), 10))).toContain("Dynamo bytecode transform");
    const second = advanced(container({ mounts, env }), 10);
    expect(text(second)).toContain("Directly load the compiled graph(s)");
    expect(text(second)).not.toContain("Dynamo bytecode transform");
  });
});

describe("weights fetched by hand", () => {
  const script =
    "hf download Qwen/Qwen3-0.6B --local-dir /workspace/model && vllm serve /workspace/model";

  it("are served from their folder", () => {
    const runtime = container({ entrypoint: ["bash", "-c"], cmd: [script] });
    expect(advanced(runtime, 10).listening(8000)).toBe(true);
  });

  it("need room as well", () => {
    const runtime = container({ entrypoint: ["bash", "-c"], cmd: [script], diskGb: 1 });
    expect(text(advanced(runtime, 10))).toContain("No space left on device (os error 28)");
  });

  it("are refused without a token, and downloaded with one", () => {
    const script = "hf download google/gemma-2-9b-it";
    const refused = container({ entrypoint: ["bash", "-c"], cmd: [script] });
    expect(text(advanced(refused, 1))).toContain("GatedRepoError");
    const given = container({ entrypoint: ["bash", "-c"], cmd: [`${script} --token hf_test`] });
    expect(text(advanced(given, 3))).not.toContain("GatedRepoError");
  });

  it("fill the cache of a later server", () => {
    const script = "huggingface-cli download Qwen/Qwen3-0.6B; vllm serve Qwen/Qwen3-0.6B";
    const runtime = advanced(container({ entrypoint: ["bash", "-c"], cmd: [script] }), 10);
    expect(text(runtime)).not.toContain("Time spent downloading weights");
    expect(runtime.listening(8000)).toBe(true);
  });
});
