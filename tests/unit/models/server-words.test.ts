import {
  baseName,
  isPassive,
  isServerProgram,
  isTransparent,
  mentionsServer,
  serverAt,
} from "../../../models/src/server-words";

/** The server that a command names, and where its arguments begin. */
function found(command: string) {
  const words = command.split(" ");
  const at = words.findIndex((_, index) => serverAt(words, index));
  const { server, length } = serverAt(words, at) ?? {};
  return [server, words.slice(at + (length ?? 0)).join(" ")];
}

describe("A server is found by the words that start it", () => {
  test.each([
    ["text-generation-launcher x", "tgi"],
    ["/tgi-entrypoint.sh x", "tgi"],
    ["./sagemaker-entrypoint.sh x", "tgi"],
    ["lorax-launcher x", "lorax"],
    ["llama-server x", "llama.cpp"],
    ["/app/tools.sh --server x", "llama.cpp"],
    ["/app/tools.sh -s x", "llama.cpp"],
    ["text-embeddings-router x", "tei"],
    ["koboldcpp x", "koboldcpp"],
    ["koboldcpp-linux-x64 x", "koboldcpp"],
    ["python3 koboldcpp.py x", "koboldcpp"],
    ["vllm serve x", "vllm"],
    ["sglang serve x", "sglang"],
    ["ollama serve x", "ollama"],
    ["ollama start x", "ollama"],
    ["aphrodite run x", "aphrodite"],
    ["aphrodite serve x", "aphrodite"],
    ["mlc_llm serve x", "mlc"],
    ["infinity_emb v1 x", "infinity"],
    ["infinity_emb v2 x", "infinity"],
    ["trtllm-serve serve x", "trtllm"],
    ["trtllm-serve reserve", "trtllm"],
    ["trtllm-serve serves", "trtllm"],
    ["trtllm-serve x", "trtllm"],
    ["lmdeploy serve api_server x", "lmdeploy"],
    ["python3 -m vllm.entrypoints.cli.main serve x", "vllm"],
    ["python3 -m vllm.entrypoints.openai.api_server x", "vllm"],
    ["python3 -m vllm.entrypoints.api_server x", "vllm"],
    ["python3 -m sglang.launch_server x", "sglang"],
    ["python3 -m sglang.srt.entrypoints.http_server x", "sglang"],
    ["python3 -m aphrodite.endpoints.openai.api_server x", "aphrodite"],
    ["python3 -m lmdeploy.serve.openai.api_server x", "lmdeploy"],
    ["python3 -m mlc_llm.serve.server x", "mlc"],
    ["python3 vllm/entrypoints/openai/api_server.py x", "vllm"],
    ["python3 /opt/vllm/entrypoints/api_server.py x", "vllm"],
    ["python3 sglang/launch_server.py x", "sglang"],
    ["python3 /x/sglang/launch_server.py x", "sglang"],
    ["python3 /src/main.py x", "worker-vllm"],
    ["python3 /src/handler.py x", "worker-vllm"],
  ])("%s", (command, server) => {
    const args = command.split(" ").at(-1);
    expect(found(command)).toEqual([server, args]);
  });

  test.each([
    "vllm serves x",
    "vllm preserve x",
    "sglang serves x",
    "sglang preserve x",
    "ollama restart x",
    "ollama starts x",
    "tools.sh x--server",
    "tools.sh --servers",
    "aphrodite rerun",
    "aphrodite runs",
    "mlc_llm serves",
    "mlc_llm preserve",
    "infinity_emb v3",
    "infinity_emb xv2",
    "infinity_emb v22",
    "trtllm-serve",
    "lmdeploy serve",
    "lmdeploy serve gradio",
    "lmdeploy chat api_server",
    "x serve api_server",
    "vllm.entrypoints.cli.main serves",
    "vllm.entrypoints.cli.main preserve",
    "vllm.entrypoints.openai.api_server",
    "python3 xvllm/entrypoints/api_server.py",
    "python3 vllm/entrypoints/api_server.py.py",
    "python3 xsglang/launch_server.py",
    "python3 sglang/launch_server.py.py",
    "python3 /src/main.py.py",
    "python3 src/main.py",
    "cat /src/main.pyc",
    "constructor x",
    "python3 -m constructor",
    "vllm",
    "",
  ])("but not by: %s", (command) => {
    expect(found(command)[0]).toBeUndefined();
  });
});

test.each([
  ["vllm", true],
  ["/usr/bin/sglang", true],
  ["llama-server", true],
  ["lmdeploy", true],
  ["trtllm-serve", true],
  ["python3", false],
  ["constructor", false],
])("%s is a server's program: %s", (word, isOne) => {
  expect(isServerProgram(word)).toBe(isOne);
});

test.each([
  ["exec vllm", true],
  ["text-generation-launcher", true],
  ["text-embeddings-router", true],
  ["python3 /src/main.py", true],
  ["text-x", false],
  ["sleep infinity", false],
])("%s mentions a server: %s", (text, mentions) => {
  expect(mentionsServer(text)).toBe(mentions);
});

test.each([
  ["echo vllm serve", true],
  ["/bin/echo x", true],
  ["[ -d /x ]", true],
  ["uv pip install", true],
  ["uv venv", true],
  ["/opt/conda install x", true],
  ["poetry add x", true],
  ["uv run vllm", false],
  ["uv", false],
  ["uv reinstall", false],
  ["uv installs", false],
  ["xuv install", false],
  ["uvx install", false],
  ["xecho x", false],
  ["echox x", false],
  ["vllm install", false],
  ["", false],
])("%s never starts its arguments: %s", (command, is) => {
  expect(isPassive(command.split(" "))).toBe(is);
});

test("No words start nothing", () => {
  expect(isPassive([])).toBe(false);
});

test.each([
  ["exec", true],
  ["/usr/bin/env", true],
  ["python3.12", true],
  ["python", true],
  ["uv", true],
  ["uvx", true],
  ["nvidia_entrypoint.sh", true],
  ["!", true],
  ["doppler", false],
  ["xexec", false],
  ["execx", false],
])("%s passes on the environment: %s", (word, is) => {
  expect(isTransparent(word)).toBe(is);
});

test.each([
  ["/usr/bin/env", "env"],
  ["env", "env"],
  ["/", ""],
])("%s ends in %s", (path, name) => {
  expect(baseName(path)).toBe(name);
});
