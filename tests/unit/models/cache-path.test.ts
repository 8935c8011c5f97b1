import * as fc from "fast-check";
import { cachePath, isUnder, type ServerSpec } from "../../../models/src";

const VLLM = "vllm/vllm-openai:v0.33.0";
const DEFAULT = { path: "/root/.cache/huggingface/hub", from: "the image's default" };

function vllm(env: Record<string, string>, ...dockerStartCmd: string[]) {
  return cachePath({ imageName: VLLM, env, dockerStartCmd });
}

describe("The folder of a server's weights", () => {
  test.each<[Record<string, string>, string, string]>([
    [{ HF_HOME: "/workspace/hf" }, "/workspace/hf/hub", "HF_HOME"],
    [{ HF_HUB_CACHE: "/w/hub", HF_HOME: "/x" }, "/w/hub", "HF_HUB_CACHE"],
    [{ HUGGINGFACE_HUB_CACHE: "/w/hub", HF_HOME: "/x" }, "/w/hub", "HUGGINGFACE_HUB_CACHE"],
    [{ TRANSFORMERS_CACHE: "/w/t", HF_HOME: "/x" }, "/x/hub", "HF_HOME"],
    [{ TRANSFORMERS_CACHE: "/w/t" }, DEFAULT.path, DEFAULT.from],
    [{ HF_HUB_CACHE: "/1", HUGGINGFACE_HUB_CACHE: "/2" }, "/1", "HF_HUB_CACHE"],
    [{ XDG_CACHE_HOME: "/w/cache" }, "/w/cache/huggingface/hub", "XDG_CACHE_HOME"],
    [{ HOME: "/workspace" }, "/workspace/.cache/huggingface/hub", "the image's default"],
    [{ HF_HOME: "~/hf/" }, "/root/hf/hub", "HF_HOME"],
    [{ HF_HOME: "" }, DEFAULT.path, DEFAULT.from],
    // Set to a folder of hubs, it gives another hub in it.
    [{ HF_HOME: "/w/hub" }, "/w/hub/hub", "HF_HOME"],
  ])("follows Hugging Face's variables: %j", (env, path, from) => {
    expect(vllm(env, "a/b")).toEqual({ path, from });
  });

  test("is the user's cache by default", () => {
    expect(vllm({}, "a/b")).toEqual(DEFAULT);
  });

  test("is --download-dir, whatever the variables", () => {
    expect(vllm({ HF_HUB_CACHE: "/w" }, "a/b", "--download-dir", "/models")).toEqual({
      path: "/models",
      from: "--download-dir",
    });
  });

  test("is the model's path if the model is a path", () => {
    expect(vllm({}, "/workspace/models/x")).toEqual({
      path: "/workspace/models/x",
      from: "the model's own path",
    });
  });

  test("follows variables that a command exports", () => {
    const spec: ServerSpec = {
      imageName: VLLM,
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: ["export HF_HOME=$ROOT/hf && vllm serve a/b"],
      env: { ROOT: "/workspace" },
    };
    expect(cachePath(spec)).toEqual({ path: "/workspace/hf/hub", from: "HF_HOME" });
  });

  test("of RunPod's worker is the image's, and HF_HOME alone does not move it", () => {
    const imageName = "runpod/worker-v1-vllm:v2.25.2";
    const own = { path: "/runpod-volume/huggingface-cache/hub", from: "the image's default" };
    expect(cachePath({ imageName })).toEqual(own);
    expect(cachePath({ imageName, env: { HF_HOME: "/workspace" } })).toEqual(own);
    expect(cachePath({ imageName, env: { HF_HUB_CACHE: "/workspace" } })).toEqual({
      path: "/workspace",
      from: "HF_HUB_CACHE",
    });
  });

  test("of TGI is in /data, by default", () => {
    const imageName = "ghcr.io/huggingface/text-generation-inference:3.3.7";
    expect(cachePath({ imageName })).toEqual({ path: "/data/hub", from: "the image's default" });
    expect(cachePath({ imageName, env: { HUGGINGFACE_HUB_CACHE: "/w" } })?.path).toBe("/w");
    expect(cachePath({ imageName, dockerStartCmd: ["--huggingface-hub-cache", "/v"] })).toEqual({
      path: "/v",
      from: "--huggingface-hub-cache",
    });
  });

  test("of Ollama and llama.cpp is their own", () => {
    const ollama = "ollama/ollama:0.12.3";
    expect(cachePath({ imageName: ollama })?.path).toBe("/root/.ollama/models");
    expect(cachePath({ imageName: ollama, env: { OLLAMA_MODELS: "/w" } })).toEqual({
      path: "/w",
      from: "OLLAMA_MODELS",
    });
    const llama = "ghcr.io/ggml-org/llama.cpp:server-cuda";
    expect(cachePath({ imageName: llama, env: { LLAMA_CACHE: "/w" } })?.path).toBe("/w");
    expect(cachePath({ imageName: llama, dockerStartCmd: ["-m", "/w/x.gguf"] })?.path).toBe(
      "/w/x.gguf",
    );
  });

  test.each([
    ["server-cuda", "/root/.cache/huggingface/hub", false],
    ["server-cuda-b9994", "/root/.cache/huggingface/hub", false],
    ["server-cuda-b8400", "/root/.cache/huggingface/hub", true],
    ["server-cuda-b5000", "/root/.cache/llama.cpp", false],
  ])("of llama.cpp moved in 2026: %s", (tag, path, isDoubtful) => {
    const imageName = `ghcr.io/ggml-org/llama.cpp:${tag}`;
    const cache = cachePath({ imageName, dockerStartCmd: ["-hf", "a/b-GGUF"] });
    expect(cache?.path).toBe(path);
    expect(cache?.doubt !== undefined).toBe(isDoubtful);
  });

  test("of other servers is the image's", () => {
    const infinity = {
      imageName: "michaelf34/infinity:0.0.76",
      dockerStartCmd: ["v2", "--model-id", "a/b"],
    };
    expect(cachePath(infinity)?.path).toBe("/app/.cache/huggingface/hub");
    const tei = {
      imageName: "ghcr.io/huggingface/text-embeddings-inference:1.8",
      dockerStartCmd: ["--model-id", "a/b"],
    };
    expect(cachePath(tei)).toEqual({ path: "/data", from: "the image's default" });
  });

  test("is unknown if no server is known to run", () => {
    expect(cachePath({ imageName: "nginx", env: { HF_HOME: "/w" } })).toBeNull();
  });
});

describe("A path under a mount", () => {
  test.each([
    ["/data", "/data", true],
    ["/data/hub", "/data", true],
    ["/data/hub", "/data/", true],
    ["/data//./hub/", "/data", true],
    ["/anything", "/", true],
    ["/data2", "/data", false],
    ["/data/../etc", "/data", false],
    ["/", "/data", false],
    ["", "/data", false],
  ])("%s in %s: %s", (path, mount, expected) => {
    expect(isUnder(path, mount)).toBe(expected);
  });

  test("is under the mount for any names, and under no sibling", () => {
    const name = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
    void fc.assert(
      fc.property(name, name, (mount, inner) => {
        expect(isUnder(`/${mount}/${inner}`, `/${mount}`)).toBe(true);
        expect(isUnder(`/${mount}${inner}`, `/${mount}`)).toBe(false);
      }),
    );
  });
});
