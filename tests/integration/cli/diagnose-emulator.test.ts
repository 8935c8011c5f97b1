import type { ContainerInput } from "../../../emulator/src/containers/runtime";
import { diagnose } from "../../../models/src";
import { advanced, container, H100 } from "../../unit/emulator/containers/support";

const QWEN = "Qwen/Qwen3.8-27B";

/** The log of a container, RunPod's system lines and its own, some minutes after its start. */
function log(changes: Partial<ContainerInput>, minutes: number): string[] {
  return advanced(container(changes), minutes).logs.map(({ line }) => line);
}

describe("the emulator's containers, read by the provider's diagnosis", () => {
  test.each<[string, Partial<ContainerInput>]>([
    ["disk-full-download", { diskGb: 20 }],
    ["cuda-803-driver-library-conflict", { image: "vllm/vllm-openai:v0.16.0-cu130" }],
    ["gpu-oom-load", { gpu: { ...H100, id: "NVIDIA L4", memoryGb: 24, computeCapability: "8.9" } }],
    ["model-not-found", { cmd: ["acme/does-not-exist"] }],
    ["model-gated-no-token", { cmd: ["meta-llama/Llama-3.1-8B-Instruct"] }],
    ["bad-server-argument", { cmd: [QWEN, "--no-such-option"] }],
    ["bad-server-argument", { cmd: ["serve", QWEN] }],
    ["ray-not-enough-gpus", { cmd: [QWEN, "--tensor-parallel-size", "2"] }],
    ["image-tag-not-found", { image: "vllm/vllm-openai:v9.9.9", imageCached: false }],
    ["entrypoint-not-found", { entrypoint: ["no-such-program"] }],
    ["image-needs-newer-cuda", { hostCudaVersion: "12.4" }],
    ["gpu-arch-unsupported", { gpu: { ...H100, id: "NVIDIA V100", computeCapability: "7.0" } }],
  ])("%s", (cause, changes) => {
    expect(diagnose(log(changes, 30))).toMatchObject({ cause });
  });

  test("a successful deployment never has a cause of failure", () => {
    for (let minutes = 0; minutes <= 30; minutes += 0.5) {
      expect(diagnose(log({ imageCached: false }, minutes)).cause).toBeNull();
    }
  });
});
