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
      expect.stringMatching(
        /^mandatory: type QUEUE must be LOAD_BALANCER for vllm: .* takes no jobs .* scalerType REQUEST_COUNT/,
      ),
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
  });

  test("advises against RunPod's vLLM worker behind a load balancer", () => {
    expect(judged({ type: "LOAD_BALANCER" })[0]).toMatch(
      /^advisory: type LOAD_BALANCER should be QUEUE for RunPod's vLLM worker/,
    );
  });

  test("advises if the vLLM worker has no model", () => {
    const env = { MAX_MODEL_LEN: "16384" };
    expect(judged({ env })[0]).toMatch(/^advisory: env MODEL_NAME should be set/);
    expect(judged({ env: { ...env, MODEL_NAME: UNKNOWN } })).toEqual([]);
    expect(judged({ env: { ...env, VLLM_CONFIG_FILE: "/vllm.yaml" } })).toEqual([]);
    expect(judged({ env: UNKNOWN })).toEqual([]);
  });

  test("advises against BASE_PATH, which moves no cache of a published image", () => {
    const { env } = HAPPY_ENDPOINT;
    const withBase = (more: Record<string, unknown>) =>
      judged({ env: { ...(env as object), ...more } });
    expect(withBase({ BASE_PATH: "/workspace" })[0]).toMatch(/^advisory: env BASE_PATH should not/);
    expect(withBase({ BASE_PATH: "/runpod-volume" })).toEqual([]);
    expect(withBase({ BASE_PATH: "/x", HF_HOME: "/runpod-volume/x" })).toEqual([]);
  });
});
