import { diagnose } from "../../../../models/src";

test.each([
  ["RuntimeError: No HIP GPUs are available", "built for AMD GPUs"],
  ["Unexpected error from cudaGetDeviceCount(). Did you", "the line ends before the error code"],
  ["exec: a/b: stat a/b: no such file", "ENTRYPOINT is not a server"],
  ["bash: vllm serve a/b: No such file or directory", 'Put "-c" before the command'],
  ["The model requires a newer version of Ollama.", "needs a newer Ollama"],
  ["Error: pull model manifest: 412: ", "needs a newer Ollama"],
  ["data did not match any variant of untagged enum ModelWrapper", "tokenizers library is too old"],
  ["ImportError: libGL.so.1: cannot open shared object file", "lacks the library named"],
  ["usage: vllm [-h] [-v] {chat,serve} ...", "without a subcommand"],
  ["vllm: error: argument --compilation-config: Invalid JSON", "vLLM read a shell's -c"],
  ["vllm: error: argument -O/--compilation-config: Invalid JSON", "vLLM read a shell's -c"],
  ["vllm: error: argument --compilation-config/-cc: Invalid JSON", "vLLM read a shell's -c"],
  ["vllm: error: argument --compilation-config/-O: Invalid JSON", "vLLM read a shell's -c"],
  ["vllm: error: unrecognized arguments: vllm serve a/b", "Remove both words"],
  ["vllm: error: unrecognized arguments: /usr/local/bin/vllm serve a/b", "Remove both words"],
  ["vllm: error: unrecognized arguments: /bin/sh", "already starts its server"],
  ["error: unexpected argument 'bash' found", "already starts its server"],
  ["error: invalid argument: bash", "already starts its server"],
  ["vllm: error: argument x: invalid choice: 'sh'", "already starts its server"],
  ['Error: unknown command "bash" for "ollama"', 'begin dockerStartCmd with "serve"'],
  ["api_server.py: error: unrecognized arguments: a/b", 'Put "--model" before the model'],
  ["vllm serve: error: unrecognized arguments: x --port=80", "Split them into two items"],
  ["main.py: error: unrecognized arguments: --port", "does not have this option"],
  ["chat template /a.jinja failed to be opened", "--chat-template file is not in the container"],
])("the remedy for %s is its own", (line, part) => {
  expect(diagnose([line]).remedy).toContain(part);
});

test("a name that a program falls back from has its own remedy", () => {
  const line = "a/b is not a local folder and is not a valid model identifier";
  expect(diagnose([line, "Falling back to x"]).remedy).toContain("fell back to another one");
  expect(diagnose([line]).remedy).toContain("The hub has no model with this name, or");
});
