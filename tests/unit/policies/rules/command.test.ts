import { UNKNOWN } from "@runpod-stack/provider/schema";
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
  });

  test.each<[Record<string, unknown>, string]>([
    [
      { dockerStartCmd: ["vllm", "serve", "a/b"] },
      `dockerStartCmd ["vllm","serve"] must not be repeated: the image's ENTRYPOINT already starts the server. The container runs: vllm serve vllm serve a/b. Set dockerStartCmd to ["a/b"].`,
    ],
    [
      { dockerStartCmd: ["a/b", "--port 80"] },
      `dockerStartCmd ["--port 80"] must be separate items: the server reads each item as one word. The container runs: vllm serve a/b '--port 80'. Write ["--port","80"] instead.`,
    ],
    [
      { dockerEntrypoint: ["vllm serve a/b"], dockerStartCmd: undefined },
      `dockerEntrypoint ["vllm serve a/b"] must be separate items: no program, model or option has that name. The container runs: 'vllm serve a/b'. Write ["vllm","serve","a/b"] instead.`,
    ],
    [
      { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: ["vllm", "serve", "a/b"] },
      `dockerStartCmd ["vllm","serve","a/b"] must be one item: after -c, a shell reads only the first item as its script. The container runs: bash -c vllm serve a/b. Set dockerStartCmd to ["vllm serve a/b"], or remove the shell from dockerEntrypoint.`,
    ],
    [
      { dockerEntrypoint: ["bash"], dockerStartCmd: ["vllm serve a/b"] },
      `dockerEntrypoint ["vllm serve a/b"] must follow -c: without -c, a shell reads its script from a file with that name. The container runs: bash 'vllm serve a/b'. Write ["bash","-c","vllm serve a/b"] instead.`,
    ],
    [
      { dockerStartCmd: ["a/b", "--zzzzzzz", "1"] },
      "dockerStartCmd --zzzzzzz is not an option of vLLM 0.20.0. The container runs: vllm serve a/b --zzzzzzz 1. Remove it, or pin imageName to a release that has this option.",
    ],
    [
      { dockerStartCmd: ["a/b", "--max-model-length", "8192"] },
      "dockerStartCmd --max-model-length is not an option of vLLM 0.20.0. The container runs: vllm serve a/b --max-model-length 8192. Write --max-model-len, or pin imageName to a release that has this option.",
    ],
    [
      { dockerStartCmd: ["a/b", "--dtype"] },
      "dockerStartCmd --dtype must have a value: vLLM 0.20.0 requires one. The container runs: vllm serve a/b --dtype. Add a value, or remove the option.",
    ],
    [
      { dockerStartCmd: ["a/b", "--dtype", "fp8"] },
      'dockerStartCmd ["--dtype","fp8"] must be a value that vLLM 0.20.0 accepts. The container runs: vllm serve a/b --dtype fp8. Use one of: auto, bfloat16, float, float16, float32, half.',
    ],
    [
      { dockerStartCmd: ["a/b", "--port", "x"] },
      'dockerStartCmd ["--port","x"] must be a value that vLLM 0.20.0 accepts. The container runs: vllm serve a/b --port x. Use a number.',
    ],
    [
      { dockerStartCmd: ["a/b", "--port", "80", "c/d"] },
      "dockerStartCmd c/d must belong to an option: vLLM 0.20.0 rejects it as an unrecognized argument. The container runs: vllm serve a/b --port 80 c/d. Remove it, or put its option in front of it.",
    ],
    [
      { dockerEntrypoint: ["python3", "-m", "vllm.entrypoints.openai.api_server"] },
      'dockerStartCmd a/b must follow an option: when started as a module, vLLM 0.20.0 accepts a model only through an option. The container runs: python3 -m vllm.entrypoints.openai.api_server a/b. Write ["--model","a/b"] instead.',
    ],
    [
      { imageName: "lmsysorg/sglang:v0.5.23" },
      'dockerStartCmd a/b must be a program: this image does not start a server on its own. The container runs: a/b. Set dockerStartCmd to ["python3","-m","sglang.launch_server","--model-path","a/b"].',
    ],
    [
      { imageName: "ollama/ollama:0.12.6", dockerStartCmd: ["run", "llama3"] },
      'dockerStartCmd run must begin with a command that starts a server: run does not. The container runs: /bin/ollama run llama3. Set dockerStartCmd to ["serve"], and load models through the API or with a script in dockerEntrypoint.',
    ],
  ])("explains what is wrong with %j, and what to write", (changes, finding) => {
    expect(judged({ dockerStartCmd: ["a/b"], ...changes })).toEqual([`mandatory: ${finding}`]);
  });

  test.each<[Record<string, unknown>, string]>([
    [
      { imageName: "michaelf34/infinity:0.0.76", dockerStartCmd: ["help"] },
      'dockerStartCmd help must begin with a command that starts a server: help does not. The container runs: infinity_emb help. Set dockerStartCmd to ["v2","--model-id","help"].',
    ],
    [
      { imageName: "openmmlab/lmdeploy:v0.9.0", dockerStartCmd: ["--server-port", "80"] },
      "dockerStartCmd --server-port must be a program: this image does not start a server on its own. The container runs: --server-port 80. Begin dockerStartCmd with the program that takes these options.",
    ],
    [
      { imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda" },
      "dockerStartCmd a/b must belong to an option: the server rejects it as an unrecognized argument. The container runs: /app/llama-server a/b. Remove it, or put its option in front of it.",
    ],
    [
      { dockerEntrypoint: ["ollama"], dockerStartCmd: ["serve"] },
      `dockerStartCmd ["ollama","serve"] must be a server that the image contains: this image has a different one. The container runs: ollama serve. Use that server's image, or install the server in the command.`,
    ],
  ])("explains what is wrong with the command of another image: %j", (changes, finding) => {
    expect(judged({ dockerStartCmd: ["a/b"], ...changes })).toEqual([`mandatory: ${finding}`]);
  });

  test("shortens a long command", () => {
    const [found = ""] = judged({
      ...{ imageName: "ollama/ollama:0.12.6", dockerStartCmd: ["r".repeat(2_000)] },
    });
    expect(found).toMatch(
      / a server: r{100,130}… does not\. The container runs: .{250,310}…\. Set/,
    );
  });

  test("names the field in which the shell is", () => {
    const dockerStartCmd = ["bash", "-c", "vllm", "serve", "a/b"];
    const imageName = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
    expect(judged({ imageName, dockerStartCmd })[0]).toContain(
      "or remove the shell from dockerStartCmd.",
    );
  });

  test.each([{ imageName: UNKNOWN }, { dockerStartCmd: ["vllm", UNKNOWN] }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged({ dockerStartCmd: ["vllm", "serve", "a/b"], ...changes })).toEqual([]);
    },
  );

  test.each([
    ["--api-key secretword", "--api-key '…'"],
    ["--api-key=secretword", "'--api-key=…'"],
    ["--ssl_token secretword", "--ssl_token '…'"],
    ["--my-secret secretword", "--my-secret '…'"],
    ["--PASSWORD secretword", "--PASSWORD '…'"],
    ["--api-keys secretword", "--api-keys '…'"],
    ["--api-key secretword-", "--api-key '…'"],
    ["-key=secretword", "'-key=…'"],
    ["-key secretword", "-key '…'"],
  ])("shows no key: %s", (given, shown) => {
    const [found = ""] = command("vllm", "serve", "a/b", ...given.split(" "), "--port", "80");
    expect(found).not.toContain("secretword");
    expect(found).toContain(`The container runs: vllm serve vllm serve a/b ${shown} --port 80. `);
  });

  test("shows the file of a key, and what follows an option without a value", () => {
    expect(command("vllm", "serve", "a/b", "--ssl-keyfile", "/key.pem")[0]).toContain(
      "--ssl-keyfile /key.pem.",
    );
    expect(command("vllm", "serve", "a/b", "--seed", "1", "--api-key=a\nb")[0]).not.toContain("b'");
    for (const words of [["x--api-key=word"], ["x--api-key", "word"]]) {
      expect(command("vllm", "serve", "a/b", ...words)[0]).toContain(`a/b ${words.join(" ")}. `);
    }
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
    expect(judged({ imageName, dockerStartCmd: ["vllm", "serve", "a/b"] })).toEqual([
      `advisory: dockerStartCmd ["vllm","serve"] should be a server that the image contains: this image is not known to contain it. The container runs: vllm serve a/b. Use that server's image, or install the server in the command.`,
    ]);
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
