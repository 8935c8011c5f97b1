import { UNKNOWN } from "@runpod-stack/provider/schema";
import { ofEndpoint, ofPod, ofTemplate } from "../scene";

describe("tensor-parallel", () => {
  const judged = (parts: number | undefined, gpuCount: unknown, ...more: string[]) => {
    const size = parts === undefined ? [] : ["--tensor-parallel-size", String(parts)];
    return ofPod("tensor-parallel", {
      dockerStartCmd: ["Qwen/Qwen3.8-27B", ...size, ...more],
      gpuCount,
    });
  };

  test("accepts as many parts as GPUs", () => {
    expect(judged(undefined, 1)).toEqual([]);
    expect(judged(2, 2)).toEqual([]);
  });

  test("refuses more parts than GPUs", () => {
    expect(judged(4, 2)).toEqual([
      "mandatory: gpuCount 2 must be 4 or more: the server spreads Qwen/Qwen3.8-27B over 4 GPUs and exits if it finds fewer. Set gpuCount to 4, or the tensor-parallel size to 2.",
    ]);
    expect(judged(4, undefined)[0]).toMatch(/^mandatory: gpuCount 1 must be 4 or more/);
  });

  test("refuses a number that does not divide the attention heads", () => {
    expect(judged(5, 5)).toEqual([
      "mandatory: dockerStartCmd must spread Qwen/Qwen3.8-27B over a number of GPUs that divides its 24 attention heads, not over 5. Use a tensor-parallel size that divides 24.",
    ]);
  });

  test("advises if GPUs would be idle", () => {
    expect(judged(2, 4)).toEqual([
      "advisory: dockerStartCmd should spread Qwen/Qwen3.8-27B over all 4 GPUs of the pod: it uses 2, and the others are billed but idle. Set the tensor-parallel size to 4, or gpuCount to 2.",
    ]);
    expect(judged(undefined, 4)[0]).toMatch(/^advisory: .*it uses 1, and/);
    const worker = { type: "LOAD_BALANCER", imageName: "vllm/vllm-openai:v0.20.0", gpuCount: 2 };
    expect(
      ofEndpoint("tensor-parallel", { ...worker, dockerStartCmd: ["Qwen/Qwen3.8-27B"] })[0],
    ).toContain("over all 2 GPUs of the worker");
  });

  test("counts stages as well", () => {
    expect(judged(2, 2, "--pipeline-parallel-size", "2")[0]).toMatch(
      /^mandatory: gpuCount 2 must be 4 or more/,
    );
  });

  test("counts the GPUs of other machines", () => {
    expect(judged(4, 2, "--nnodes", "2")).toEqual([]);
    expect(judged(8, 2, "--nnodes", "2")[0]).toMatch(/^mandatory: /);
    expect(judged(4, 2, "--distributed-executor-backend", "ray")).toEqual([]);
  });

  test("ignores GPUs that are used in another way", () => {
    expect(judged(2, 4, "--pipeline-parallel-size", "2")).toEqual([]);
    expect(judged(2, 4, "-dp", "2")).toEqual([]);
    expect(judged(2, 4, "-pp", "1")).toEqual([]);
    expect(judged(2, 4, "--config", "vllm.yaml")).toEqual([]);
    expect(judged(2, 4, "--nnodes", "2")).toEqual([]);
    expect(judged(2, 4, "--data-parallel-size", "1")).toEqual([]);
    expect(judged(2, 4, "--enable-dp-attention")).toEqual([]);
    expect(judged(2, 4, "--port", "8000")).toHaveLength(1);
    expect(judged(2, 4, "--served-model-name", "a-dp-b")).toHaveLength(1);
    const script = "vllm serve Qwen/Qwen3.8-27B -tp 2";
    const entrypoint = { dockerEntrypoint: ["bash", "-c"], gpuCount: 4 };
    const inScript = (text: string) =>
      ofPod("tensor-parallel", { ...entrypoint, dockerStartCmd: [text] });
    expect(inScript(script)).toHaveLength(1);
    expect(inScript(`${script} -dp 2`)).toEqual([]);
  });

  test("ignores CPU pods, templates, and numbers that are not known", () => {
    expect(judged(4, UNKNOWN)).toEqual([]);
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--tensor-parallel-size", "4"];
    const pod = { dockerStartCmd, gpuCount: 2 };
    expect(ofPod("tensor-parallel", { ...pod, gpuTypeIds: undefined })).toEqual([]);
    expect(ofTemplate("tensor-parallel", pod)).toEqual([]);
    const open = { dockerStartCmd: ["Qwen/Qwen3.8-27B"], gpuCount: 2, env: UNKNOWN };
    expect(ofPod("tensor-parallel", open)).toEqual([]);
  });
});
