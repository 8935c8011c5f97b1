import { advanced, container, post } from "../unit/emulator/containers/support";
import recording from "./recorded/vllm-0.24.0-refusals.json";

const server = advanced(
  container({ image: "vllm/vllm-openai:v0.24.0", cmd: ["Qwen/Qwen3-0.6B"] }),
  10,
);

describe("a pod of vLLM 0.24.0 refuses what its request classes refuse", () => {
  it.each(recording.refusals.map((one) => [one.path, JSON.stringify(one.body), one] as const))(
    "%s %s",
    async (path, _text, { body, param, errors }) => {
      const response = await post(server, path, body);
      const { error } = (await response.json()) as { error: { message: string; param: string } };
      const [, ...lines] = error.message.split("\n\n")[0]?.split("\n  ") ?? [];
      expect([response.status, lines, error.param]).toEqual([400, errors, param]);
    },
  );
});
