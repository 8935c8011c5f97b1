import { ofPod, options } from "../scene";

const judged = (changes = {}, config = {}) => ofPod("unjudged", changes, config);
const script = (text: string, imageName = "vllm/vllm-openai:v0.20.0") => ({
  imageName,
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text],
});

describe("unjudged", () => {
  test("accepts a server that it can read, and a program that serves no model", () => {
    expect(judged()).toEqual([]);
    expect(judged({ imageName: "nginx:1.29", dockerStartCmd: [] })).toEqual([]);
    expect(judged(script("apt-get update && /usr/sbin/sshd -D"))).toEqual([]);
    expect(
      judged({
        imageName: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404",
        dockerStartCmd: ["/start.sh"],
      }),
    ).toEqual([]);
    expect(judged({ imageName: "acme/app:1", dockerStartCmd: ["python", "train.py"] })).toEqual([]);
  });

  test.each([
    "echo eA== | base64 -d | bash",
    "curl -s https://example.com | sh",
    "supervisord",
    "bash /run.sh",
  ])("reports what it cannot read: %s", (text) => {
    expect(judged(script(text))).toEqual([
      expect.stringMatching(/^advisory: dockerStartCmd cannot be checked: it does not show what /),
    ]);
  });

  test("reports an unknown image that sounds like a model server, and the remedy", () => {
    const changes = { imageName: "ghcr.io/acme/vllm-fork:1", dockerStartCmd: ["--model", "a/b"] };
    expect(judged(changes)[0]).toMatch(
      /^advisory: imageName ghcr.io\/acme\/vllm-fork:1 cannot be checked.*"images"/,
    );
    const images = { "ghcr.io/acme/vllm-fork": "vllm/vllm-openai:v0.20.0" };
    expect(judged(changes, options("container-disk-size", { images }))).toEqual([]);
  });

  test("reports a model that cannot be read, and a server that nothing starts", () => {
    expect(judged(script("vllm serve $MODEL"))[0]).toContain(
      "it starts vllm, but does not name a model",
    );
    expect(
      judged({ imageName: "lmsysorg/sglang:v0.5.23", dockerStartCmd: undefined })[0],
    ).toContain("does not start a model server on its own");
    expect(judged({ imageName: "ollama/ollama:0.12.6", dockerStartCmd: undefined })).toEqual([]);
  });
});
