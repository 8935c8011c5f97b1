import { presetConfig, specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, ofPod, ofTemplate, options, said, WITHOUT_VOLUME } from "../scene";

describe("persistent-hf-cache", () => {
  const judged = (changes = {}, config = {}) => ofPod("persistent-hf-cache", changes, config);

  test("accepts a cache on a persistent or a network volume", () => {
    expect(judged()).toEqual([]);
    const network = { networkVolumeId: "abc", volumeInGb: undefined };
    expect(judged(network)).toEqual([]);
    const moved = { volumeMountPath: "/workspace", env: { HF_HOME: "/workspace/hf" } };
    expect(judged(moved)).toEqual([]);
  });

  test("refuses a cache on the container disk, and reports what to mount where", () => {
    expect(judged(WITHOUT_VOLUME)).toEqual([
      "mandatory: volumeMountPath must be /root/.cache/huggingface or a folder above it: Qwen/Qwen3.8-27B is downloaded to /root/.cache/huggingface/hub (the image's default), and no volume is mounted at all, so every restart wipes it and downloads 56 GB again. Set volumeMountPath to /root/.cache/huggingface, and add networkVolumeId or volumeInGb: 67.",
    ]);
  });

  test("refuses a volume that is mounted elsewhere, and reports how to move the cache to it", () => {
    expect(judged({ volumeMountPath: "/workspace" })).toEqual([
      "mandatory: volumeMountPath /workspace must be /root/.cache/huggingface or a folder above it: Qwen/Qwen3.8-27B is downloaded to /root/.cache/huggingface/hub (the image's default), outside the volume at /workspace, so every restart wipes it and downloads 56 GB again. Set volumeMountPath to /root/.cache/huggingface, or move the cache to the volume with env HF_HOME /workspace/huggingface.",
    ]);
    expect(judged({ volumeMountPath: undefined })[0]).toContain("at /workspace");
  });

  test("compares paths by segment", () => {
    const env = { HF_HOME: "/data2/hf" };
    expect(judged({ volumeMountPath: "/data", env })).toHaveLength(1);
    expect(judged({ volumeMountPath: "/data2", env })).toEqual([]);
  });

  test("names the folder that a variable sets, and only its parent for a hub folder", () => {
    const place = (name: string, path: string) =>
      judged({ volumeMountPath: "/workspace", env: { [name]: path } })[0];
    expect(place("HF_HUB_CACHE", "/hub/weights")).toContain("Set volumeMountPath to /hub/weights,");
    expect(place("HF_HUB_CACHE", "/data/hub")).toContain("Set volumeMountPath to /data,");
  });

  test("prefers --download-dir to the environment", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--download-dir", "/tmp/weights"];
    expect(judged({ dockerStartCmd })[0]).toContain("/tmp/weights (--download-dir)");
    expect(judged({ dockerStartCmd })[0]).toContain("--download-dir /root/.cache/huggingface");
    expect(judged({ dockerStartCmd, volumeMountPath: "/tmp" })).toEqual([]);
  });

  test("recognizes the caches of other servers", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    expect(judged({ ...ollama, volumeMountPath: "/workspace" })[0]).toContain(
      "Set volumeMountPath to /root/.ollama/models, or move the cache to the volume with env OLLAMA_MODELS /workspace/ollama.",
    );
    expect(judged({ ...ollama, volumeMountPath: "/root/.ollama" })).toEqual([]);
    const llama = {
      imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda",
      dockerStartCmd: ["-hf", "ggml-org/gemma-3-27b-it-GGUF"],
      volumeMountPath: "/workspace",
    };
    expect(judged(llama)[0]).toContain("env LLAMA_CACHE /workspace/llama.cpp");
  });

  test("requires no cache if nothing is downloaded, or no model is served", () => {
    expect(judged({ ...WITHOUT_VOLUME, dockerStartCmd: ["/models/llm"] })).toEqual([]);
    expect(judged({ ...WITHOUT_VOLUME, imageName: "nginx:1.29", dockerStartCmd: [] })).toEqual([]);
  });

  test("reports what it can about an unknown model", () => {
    expect(judged({ ...WITHOUT_VOLUME, dockerStartCmd: undefined })).toEqual([
      expect.stringMatching(
        /^mandatory: .*: the model is downloaded to .* wipes it and downloads all of it again\. .*, and add networkVolumeId or volumeInGb\.$/,
      ),
    ]);
  });

  test("advises if the command or the image may put the cache elsewhere", () => {
    const mounted = (text: string, more = {}) =>
      judged({
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: [text],
        volumeMountPath: "/workspace",
        ...more,
      });
    for (const before of [
      "ln -sfn /workspace/hf /root/.cache/huggingface",
      "source /workspace/.env",
      "python prepare.py",
      "bash /workspace/setup.sh",
    ]) {
      expect(mounted(`${before}; vllm serve a/b`)).toEqual([
        expect.stringMatching(/^advisory: .*This is uncertain: the command first runs: /),
      ]);
    }
    expect(mounted("doppler run -- vllm serve a/b")[0]).toContain("doppler may change");
    expect(mounted("cd /workspace && vllm serve models/b")[0]).toMatch(/^advisory: .*a folder of/);
    expect(mounted("pip install x; source /v/bin/activate; vllm serve a/b")[0]).toMatch(
      /^mandatory/,
    );
    expect(mounted("vllm serve a/b", { imageName: "acme/llm:1" })).toEqual([
      "advisory: volumeMountPath /workspace should be /root/.cache/huggingface or a folder above it: a/b is probably downloaded to /root/.cache/huggingface/hub (the image's default), outside the volume at /workspace, so every restart would wipe it. This is uncertain: the image's own settings are not known. Set volumeMountPath to /root/.cache/huggingface, or move the cache to the volume with env HF_HOME /workspace/huggingface.",
    ]);
    const own = { imageName: "acme/llm:1", dockerStartCmd: ["vllm", "serve", "a/b"] };
    expect(judged({ ...WITHOUT_VOLUME, ...own })[0]).toMatch(
      /^advisory: .* probably .*, and no volume is mounted at all, so every restart would wipe it\./,
    );
  });

  test("is certain without a volume, whatever the command does", () => {
    const dockerStartCmd = ["source /x.env; vllm serve a/b"];
    const dockerEntrypoint = ["bash", "-c"];
    expect(judged({ ...WITHOUT_VOLUME, dockerEntrypoint, dockerStartCmd })[0]).toMatch(
      /^mandatory/,
    );
  });

  test("requires nothing of a server that downloads nothing", () => {
    const streams = ["s3://bucket/m", "--load-format", "runai_streamer"];
    expect(judged({ ...WITHOUT_VOLUME, dockerStartCmd: streams })).toEqual([]);
    expect(judged({ ...WITHOUT_VOLUME, env: { HF_HUB_OFFLINE: "1" } })).toEqual([]);
    const env = { VLLM_USE_MODELSCOPE: "True", MODELSCOPE_CACHE: "/workspace/ms" };
    expect(judged({ volumeMountPath: "/workspace", env })).toEqual([]);
  });

  test("recognizes the variables of images, and which ones have no effect", () => {
    const imageName = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
    const dockerStartCmd = ["bash", "-c", "pip install vllm && vllm serve a/b"];
    const volumeMountPath = "/workspace";
    expect(judged({ imageName, dockerStartCmd, volumeMountPath })).toEqual([]);
    const older = "runpod/pytorch:2.4.0-py3.11-cuda12.4.1-devel-ubuntu22.04";
    expect(judged({ imageName: older, dockerStartCmd, volumeMountPath })[0]).toMatch(/^advisory/);
    const env = { TRANSFORMERS_CACHE: "/workspace/models" };
    expect(judged({ volumeMountPath, env })[0]).toMatch(/^mandatory/);
  });

  test("requires nothing of a pod that ends soon", () => {
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: "1h30m" })).toEqual([]);
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: "5h" })[0]).toMatch(/^mandatory/);
    const longer = options("persistent-hf-cache", { ephemeralHours: 12 });
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: "12h" }, longer)).toEqual([]);
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: "12h1m" }, longer)).toHaveLength(1);
    for (const terminateAfter of ["2027-01-01T00:00:00Z", UNKNOWN]) {
      expect(judged({ ...WITHOUT_VOLUME, terminateAfter })[0]).toMatch(/^advisory/);
    }
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: undefined })[0]).toMatch(/^mandatory/);
  });

  test.each([{ volumeMountPath: UNKNOWN }, { env: UNKNOWN }, { imageName: UNKNOWN }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged({ volumeMountPath: "/workspace", ...changes })).toEqual([]);
    },
  );

  test("does not check what a template outside the program may set", () => {
    const spec = specOf(
      "Pod",
      { ...HAPPY_POD, ...WITHOUT_VOLUME, templateId: "tpl" },
      { templateMaySet: true },
    );
    expect(said("persistent-hf-cache", [{ id: "pod", spec, dependencies: {} }])).toEqual([]);
  });

  test("only advises on a template, which cannot hold a network volume", () => {
    for (const preset of ["default", "strict"] as const) {
      const judged = ofTemplate("persistent-hf-cache", WITHOUT_VOLUME, presetConfig(preset));
      expect(judged).toEqual([expect.stringMatching(/^advisory: /)]);
    }
  });
});
