import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_ENDPOINT, item, LOAD_BALANCER, ofEndpoint, said } from "../scene";

const WITHOUT_VOLUME = { networkVolumeIds: undefined };
const { HF_HOME: _, ...UNMOVED } = LOAD_BALANCER["env"] as Record<string, string>;

describe("persistent-hf-cache, on an endpoint", () => {
  const judged = (changes: Record<string, unknown>) => ofEndpoint("persistent-hf-cache", changes);

  test("accepts a cache on the volume that workers share, a global volume, too", () => {
    expect(judged({})).toEqual([]);
    expect(judged(LOAD_BALANCER)).toEqual([]);
    expect(judged({ ...WITHOUT_VOLUME, globalVolumeId: "gsb" })).toEqual([]);
    expect(judged({ networkVolumeIds: UNKNOWN })).toEqual([]);
    expect(judged({ networkVolumeIds: [UNKNOWN, UNKNOWN] })).toEqual([]);
  });

  test.each([undefined, []])("only advises if there is no volume: %p", (networkVolumeIds) => {
    expect(judged({ networkVolumeIds })).toEqual([
      "advisory: networkVolumeIds should have a network volume: Qwen/Qwen3.8-27B is downloaded to /runpod-volume/huggingface-cache/hub (the image's default) on each worker's own disk, so every new worker downloads 56 GB again while requests wait and the worker is billed. Add a network volume of 67 GB to networkVolumeIds. Without a volume, choose the model as a cached model in RunPod's console, or use an image that contains it.",
    ]);
  });

  test("reports what it can about an unknown model, and where the cache must be on the volume", () => {
    expect(judged({ ...WITHOUT_VOLUME, env: {} })[0]).toContain(
      "Add a network volume to networkVolumeIds. Without",
    );
    expect(judged({ ...WITHOUT_VOLUME, env: { MODEL_NAME: "acme/x" } })[0]).toMatch(
      / downloads all of it again while .* Add a network volume to networkVolumeIds\. Without/,
    );
    expect(judged({ ...LOAD_BALANCER, ...WITHOUT_VOLUME, env: UNMOVED })[0]).toContain(
      "Add a network volume of 67 GB to networkVolumeIds, and set env HF_HOME to /runpod-volume/huggingface. Without",
    );
    const dockerStartCmd = ["acme/x"];
    expect(judged({ ...LOAD_BALANCER, env: UNMOVED, dockerStartCmd })[0]).toContain(
      "so every new worker downloads all of it again. Set env",
    );
  });

  test("refuses a volume that is not used", () => {
    expect(judged({ ...LOAD_BALANCER, env: UNMOVED })).toEqual([
      "mandatory: env must move the cache to /runpod-volume, where workers have their network volume: Qwen/Qwen3.8-27B is downloaded to /root/.cache/huggingface/hub (the image's default) on each worker's own disk, so every new worker downloads 56 GB again. Set env HF_HOME to /runpod-volume/huggingface.",
    ]);
    const env = { ...(HAPPY_ENDPOINT["env"] as object), HUGGINGFACE_HUB_CACHE: "/workspace/hub" };
    expect(judged({ env })[0]).toContain(
      "Set env HUGGINGFACE_HUB_CACHE to a folder in /runpod-volume.",
    );
  });

  test.each([
    [
      { dockerStartCmd: ["Qwen/Qwen3.8-27B", "--download-dir", "/data"] },
      "--download-dir to /runpod-volume/huggingface",
    ],
    [
      { env: { ...UNMOVED, HF_HUB_CACHE: "/data" } },
      "env HF_HUB_CACHE to a folder in /runpod-volume",
    ],
    [{ env: { ...UNMOVED, XDG_CACHE_HOME: "/data" } }, "env HF_HOME to /runpod-volume/huggingface"],
    [
      { imageName: "ollama/ollama:0.12.6", dockerStartCmd: undefined },
      "env OLLAMA_MODELS to /runpod-volume/ollama",
    ],
    [
      {
        imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda",
        dockerStartCmd: ["-hf", "ggml-org/gemma-3-27b-it-GGUF"],
      },
      "env LLAMA_CACHE to /runpod-volume/llama.cpp",
    ],
  ])("names the setting that moves the cache of %j", (changes, setting) => {
    const [refusal] = judged({ ...LOAD_BALANCER, env: UNMOVED, ...changes });
    expect(refusal).toMatch(/^mandatory: env must move the cache to \/runpod-volume, /);
    expect(refusal?.endsWith(` again. Set ${setting}.`)).toBe(true);
  });

  test("only advises if the image may put the cache elsewhere", () => {
    const dockerStartCmd = ["vllm", "serve", "Qwen/Qwen3.8-27B"];
    const own = { ...LOAD_BALANCER, env: UNMOVED, imageName: "acme/vllm:1", dockerStartCmd };
    expect(judged(own)[0]).toMatch(
      /^advisory: env should move .* 56 GB again\. This is uncertain: the image's own settings are not known\. Set env/,
    );
  });

  test("only advises if it is not known whether there is a volume", () => {
    const changes = { ...LOAD_BALANCER, env: UNMOVED, networkVolumeIds: UNKNOWN };
    expect(judged(changes)[0]).toMatch(/^advisory: env should move/);
  });

  test("advises on a serverless template, whose endpoint may have a volume", () => {
    const template = { ...LOAD_BALANCER, env: UNMOVED, isServerless: true, volumeInGb: 100 };
    expect(said("persistent-hf-cache", [item("Template", template)])).toEqual([
      expect.stringMatching(/^advisory: env should move the cache to \/runpod-volume/),
    ]);
  });
});
