import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_ENDPOINT, LOAD_BALANCER, ofEndpoint, ofPod, options } from "../scene";

const judged = (changes: Record<string, unknown>, config = {}) =>
  ofEndpoint("worker-image", changes, config);
const VLLM_ON_QUEUE = { ...LOAD_BALANCER, type: "QUEUE" };

describe("worker-image", () => {
  test("accepts a worker behind a queue, a server behind a load balancer, and pods", () => {
    expect(judged({})).toEqual([]);
    expect(judged(LOAD_BALANCER)).toEqual([]);
    expect(ofPod("worker-image")).toEqual([]);
  });

  test("refuses a model server behind a queue, whose jobs nobody takes", () => {
    expect(judged(VLLM_ON_QUEUE)).toEqual([
      "mandatory: type QUEUE must be LOAD_BALANCER for vllm: it answers HTTP requests, and takes no jobs from RunPod's queue, so every job waits until it expires. Set type to LOAD_BALANCER, with scalerType REQUEST_COUNT. For a queue, use a worker image such as runpod/worker-v1-vllm.",
    ]);
  });

  test("only advises if the image is built from a known one, or the type is not set", () => {
    const images = { "acme/llm": "vllm/vllm-openai:v0.20.0" };
    const config = options("container-disk-size", { images });
    expect(judged({ ...VLLM_ON_QUEUE, imageName: "acme/llm:1" }, config)[0]).toMatch(/^advisory/);
    expect(judged({ ...VLLM_ON_QUEUE, type: undefined })[0]).toMatch(/^advisory/);
    expect(judged({ ...VLLM_ON_QUEUE, type: UNKNOWN })).toEqual([]);
  });

  test("accepts a server next to a program that takes the jobs", () => {
    const dockerStartCmd = ["-c", "vllm serve Qwen/Qwen3-8B & python3 handler.py"];
    expect(judged({ ...VLLM_ON_QUEUE, dockerEntrypoint: ["bash"], dockerStartCmd })).toEqual([]);
    const two = ["-c", "vllm serve a/b & vllm serve c/d --port 8001"];
    expect(judged({ ...VLLM_ON_QUEUE, dockerEntrypoint: ["bash"], dockerStartCmd: two })).toEqual(
      [],
    );
    expect(judged({ ...VLLM_ON_QUEUE, env: UNKNOWN })).toEqual([]);
    expect(judged({ ...VLLM_ON_QUEUE, imageName: UNKNOWN })).toEqual([]);
  });

  test("advises against RunPod's vLLM worker behind a load balancer", () => {
    expect(judged({ type: "LOAD_BALANCER" })).toEqual([
      "advisory: type LOAD_BALANCER should be QUEUE for RunPod's vLLM worker: it takes jobs from a queue, and its vLLM server listens on the loopback interface only. Set type to QUEUE, whose URL ends in /openai/v1 for OpenAI clients. For a load balancer, use vllm/vllm-openai.",
    ]);
  });

  test("advises if the vLLM worker has no model", () => {
    const env = { MAX_MODEL_LEN: "16384" };
    expect(judged({ env })).toEqual([
      `advisory: env MODEL_NAME should be set: RunPod's vLLM worker serves the model that it names, and the image contains none. Set env MODEL_NAME to a model's name, such as "Qwen/Qwen3-8B".`,
    ]);
    expect(judged({ env: { ...env, MODEL: "a/b" } })).toEqual([]);
    const images = { "acme/worker": "runpod/worker-v1-vllm:v2.25.2" };
    const own = options("container-disk-size", { images });
    expect(judged({ env, imageName: "acme/worker:1" }, own)).toEqual([]);
    expect(judged({ env: { ...env, MODEL_NAME: UNKNOWN } })).toEqual([]);
    expect(judged({ env: { ...env, VLLM_CONFIG_FILE: "/vllm.yaml" } })).toEqual([]);
    expect(judged({ env: UNKNOWN })).toEqual([]);
  });

  test("advises against BASE_PATH, which moves no cache of a published image", () => {
    const { env } = HAPPY_ENDPOINT;
    const withBase = (more: Record<string, unknown>) =>
      judged({ env: { ...(env as object), ...more } });
    expect(withBase({ BASE_PATH: "/workspace" })).toEqual([
      "advisory: env BASE_PATH should not be used to move the cache: the image sets HF_HOME to a folder in /runpod-volume when it is built, so BASE_PATH changes nothing when a worker starts. Remove BASE_PATH, or set env HF_HOME and HUGGINGFACE_HUB_CACHE.",
    ]);
    expect(withBase({ BASE_PATH: UNKNOWN })).toEqual([]);
    for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"]) {
      expect(withBase({ BASE_PATH: "/x", [name]: "/runpod-volume/x" })).toEqual([]);
    }
    expect(withBase({ BASE_PATH: "/runpod-volume" })).toEqual([]);
    expect(withBase({ BASE_PATH: "/x", HF_HOME: "/runpod-volume/x" })).toEqual([]);
  });
});
