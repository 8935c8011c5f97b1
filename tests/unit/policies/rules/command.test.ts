import { ofPod, options } from "../scene";

const judged = (changes = {}, config = {}) => ofPod("command-serves", changes, config);
const command = (...dockerStartCmd: string[]) => judged({ dockerStartCmd });

describe("command-serves", () => {
  test("accepts the image's own start command", () => {
    expect(judged()).toEqual([]);
    expect(command("Qwen/Qwen3-8B", "--port", "8000")).toEqual([]);
  });

  test("shows the command line that runs, and what to set instead", () => {
    expect(command("bash", "-lc", "exec vllm serve a/b")).toEqual([
      `mandatory: dockerStartCmd ["bash","-lc"] must not follow the image's ENTRYPOINT: the server takes each word as an argument. The container runs: vllm serve bash -lc 'exec vllm serve a/b'. Set dockerEntrypoint to ["bash","-lc"] and dockerStartCmd to ["exec vllm serve a/b"], or keep only the model and its options in dockerStartCmd.`,
    ]);
    expect(command("vllm", "serve", "a/b")[0]).toContain('Set dockerStartCmd to ["a/b"].');
    expect(command("a/b", "--port 80")[0]).toContain('Write ["--port","80"] instead.');
  });

  test("suggests the intended option, and names the release", () => {
    const [found] = command("a/b", "--max-model-length", "8192");
    expect(found).toContain("is not an option of vLLM 0.20.0");
    expect(found).toContain("Write --max-model-len, or pin imageName to a release");
    expect(command("a/b", "--dtype", "fp8")[0]).toMatch(/Use one of: auto, bfloat16/);
  });

  test("shows no key", () => {
    const [found] = command("vllm", "serve", "a/b", "--api-key", "secretword");
    expect(found).not.toContain("secretword");
    expect(command("vllm", "serve", "a/b", "--api-key=word")[0]).not.toContain("=word");
  });

  test("also reports what it finds about the intended model", () => {
    expect(
      ofPod("gpu-memory", {
        dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3-32B"],
        gpuTypeIds: ["NVIDIA L4"],
      })[0],
    ).toContain("Qwen/Qwen3-32B");
  });

  test("advises if the image is not known to have the server", () => {
    const imageName = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
    expect(judged({ imageName, dockerStartCmd: ["vllm", "serve", "a/b"] })[0]).toMatch(
      /^advisory: /,
    );
    const dockerStartCmd = ["bash", "-c", "pip install vllm && vllm serve a/b"];
    expect(judged({ imageName, dockerStartCmd })).toEqual([]);
  });

  test("treats a custom image like the known image that it behaves like", () => {
    const changes = { imageName: "acme/llm:1", dockerStartCmd: ["bash", "-c", "vllm serve a/b"] };
    expect(judged(changes)).toEqual([]);
    const images = options("container-disk-size", {
      images: { "acme/llm": "vllm/vllm-openai:v0.20.0" },
    });
    expect(judged(changes, images)[0]).toMatch(/^mandatory: /);
  });
});
