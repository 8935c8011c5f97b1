import { presetConfig, specOf } from "@runpod-stack/policies";
import {
  HAPPY_POD,
  HAPPY_VOLUME,
  item,
  ofPod,
  ofTemplate,
  options,
  said,
  WITHOUT_VOLUME,
} from "../scene";

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
    const [violation] = judged(WITHOUT_VOLUME);
    expect(violation).toMatch(/^mandatory: volumeMountPath must be \/root\/.cache\/huggingface/);
    expect(violation).toContain("no volume is mounted at all, so every restart wipes it");
    expect(violation).toContain("56 GB again");
    expect(violation).toContain("volumeInGb: 67");
  });

  test("refuses a volume that is mounted elsewhere, and reports how to move the cache to it", () => {
    const [violation] = judged({ volumeMountPath: "/workspace" });
    expect(violation).toContain("outside the volume at /workspace");
    expect(violation).toContain("env HF_HOME /workspace/huggingface");
    expect(judged({ volumeMountPath: undefined })[0]).toContain("at /workspace");
  });

  test("compares paths by segment", () => {
    const env = { HF_HOME: "/data2/hf" };
    expect(judged({ volumeMountPath: "/data", env })).toHaveLength(1);
    expect(judged({ volumeMountPath: "/data2", env })).toEqual([]);
  });

  test("prefers --download-dir to the environment", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--download-dir", "/tmp/weights"];
    expect(judged({ dockerStartCmd })[0]).toContain("/tmp/weights (--download-dir)");
    expect(judged({ dockerStartCmd })[0]).toContain("--download-dir /root/.cache/huggingface");
    expect(judged({ dockerStartCmd, volumeMountPath: "/tmp" })).toEqual([]);
  });

  test("recognizes the caches of other servers", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    expect(judged({ ...ollama, volumeMountPath: "/workspace" })[0]).toContain("env OLLAMA_MODELS");
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
    const [violation] = judged({ ...WITHOUT_VOLUME, dockerStartCmd: undefined });
    expect(violation).toMatch(/^mandatory: .*the model is downloaded.*all of it again/);
    expect(violation).toContain("and add networkVolumeId or volumeInGb.");
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
    expect(mounted("vllm serve a/b", { imageName: "acme/llm:1" })[0]).toContain(
      "the image's own settings",
    );
    expect(
      judged({
        ...WITHOUT_VOLUME,
        imageName: "acme/llm:1",
        dockerStartCmd: ["vllm", "serve", "a/b"],
      })[0],
    ).toMatch(/^advisory/);
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
    expect(judged({ ...WITHOUT_VOLUME, terminateAfter: "2027-01-01T00:00:00Z" })[0]).toMatch(
      /^advisory/,
    );
  });

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

describe("cache-volume-size", () => {
  const judged = (changes = {}, config = {}) => ofPod("cache-volume-size", changes, config);

  test("accepts a volume with room for the cache", () => {
    expect(judged()).toEqual([]);
    expect(judged({ volumeInGb: 67 })).toEqual([]);
  });

  test("refuses a volume that is too small for the weights", () => {
    expect(judged({ volumeInGb: 40 })[0]).toMatch(/^mandatory: volumeInGb 40 must be 67 or more/);
  });

  test("advises if only the weights fit", () => {
    expect(judged({ volumeInGb: 60 })[0]).toMatch(/^advisory: volumeInGb 60 must be 67 or more/);
  });

  test("allows for the margin of an estimate", () => {
    const dockerStartCmd = ["acme/llm-70b"];
    expect(judged({ dockerStartCmd, volumeInGb: 140 })[0]).toMatch(/^advisory: .*estimated/);
    expect(judged({ dockerStartCmd, volumeInGb: 60 })[0]).toMatch(/^mandatory: .*estimated/);
  });

  test("asks for an unknown size", () => {
    expect(judged({ dockerStartCmd: ["acme/secret-llm"] })[0]).toMatch(
      /^advisory: .*cannot be checked/,
    );
  });

  test("ignores a volume without the cache", () => {
    expect(judged({ volumeInGb: 10, volumeMountPath: "/workspace" })).toEqual([]);
    expect(judged({ dockerStartCmd: undefined, volumeInGb: 10 })).toEqual([]);
  });

  test("adds up everything that a command downloads to the volume", () => {
    const pull = "ollama serve & sleep 5; ollama pull llama3.3:70b; ollama pull qwen3:32b; wait";
    const changes = {
      imageName: "ollama/ollama:0.12.6",
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [pull],
      volumeMountPath: "/root/.ollama",
    };
    expect(judged({ ...changes, volumeInGb: 50 })[0]).toMatch(
      /downloads llama3.3:70b .* and qwen3/,
    );
    expect(judged({ ...changes, volumeInGb: 200 })).toEqual([]);
  });

  test("only advises on a template", () => {
    expect(ofTemplate("cache-volume-size", { volumeInGb: 40 })[0]).toMatch(/^advisory: /);
  });

  test("allows for the margin of each model that is downloaded, those of published parameters among them", () => {
    const pull = (...models: string[]) => ({
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [
        `${models.map((model) => `hf download ${model}`).join(" && ")} && vllm serve ${models[0]}`,
      ],
    });
    const published = pull("zai-org/GLM-4.6V", "zai-org/GLM-4.7-Flash");
    expect(judged({ ...published, volumeInGb: 250 })[0]).toMatch(
      /^advisory: volumeInGb 250 must be 307 or more: .*274 GB in total/,
    );
    expect(judged({ ...published, volumeInGb: 240 })[0]).toMatch(/^mandatory: /);
    const copies = pull("acme/Qwen3-32B", "acme/Qwen3-14B");
    expect(judged({ ...copies, volumeInGb: 80 })[0]).toMatch(/^advisory: .*95 GB in total/);
    expect(judged({ ...copies, volumeInGb: 70 })[0]).toMatch(/^mandatory: /);
    expect(judged({ ...pull("acme/a", "acme/b"), volumeInGb: 1 })).toEqual([]);
  });

  test("checks a network volume with the pod that mounts it", () => {
    const pod = item(
      "Pod",
      { ...HAPPY_POD, volumeInGb: undefined, networkVolumeId: "abc" },
      { id: "pod", dependencies: { networkVolumeId: ["volume"] } },
    );
    const volume = (size: number) => item("Volume", { ...HAPPY_VOLUME, size }, { id: "volume" });
    expect(said("cache-volume-size", [pod, volume(100)])).toEqual([]);
    expect(said("cache-volume-size", [pod, volume(40)])[0]).toMatch(
      /^mandatory: size 40 must be 67/,
    );
    const other = item("Volume", { ...HAPPY_VOLUME, size: 10 }, { id: "other" });
    expect(said("cache-volume-size", [pod, other])).toEqual([]);
  });
});
