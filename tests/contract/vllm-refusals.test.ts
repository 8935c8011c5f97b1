import type { ContainerRuntime } from "../../emulator/src/containers/runtime";
import { advanced, container, post } from "../unit/emulator/containers/support";
import recording from "./recorded/vllm-0.24.0-refusals.json";

const [generating, embedding, scoring] = [
  "Qwen/Qwen3-0.6B",
  "BAAI/bge-m3",
  "BAAI/bge-reranker-v2-m3",
].map((model) => advanced(container({ image: "vllm/vllm-openai:v0.24.0", cmd: [model] }), 10));
const POOLING = /embeddings|score|rerank|pooling/;

function serverOf(path: string) {
  return path === "/classify" ? scoring : POOLING.test(path) ? embedding : generating;
}

describe("a pod of vLLM 0.24.0 refuses what its request classes refuse", () => {
  it.each(recording.refusals.map((one) => [one.path, JSON.stringify(one.body), one] as const))(
    "%s %s",
    async (path, _text, { body, param, errors }) => {
      const response = await post(serverOf(path) as ContainerRuntime, path, body);
      const { error } = (await response.json()) as { error: { message: string; param: string } };
      const [, ...lines] = error.message.split("\n\n")[0]?.split("\n  ") ?? [];
      expect([response.status, lines, error.param]).toEqual([400, errors, param]);
    },
  );
});
