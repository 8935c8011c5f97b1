import type { ServerSpec } from "../../../models/src";
import { commandLine, type Misplacement } from "../../../models/src/command-line";

const VLLM = "vllm/vllm-openai:v0.20.0";
const MODULE = "vllm/vllm-openai:v0.8.5";
const LLAMA = "ghcr.io/ggml-org/llama.cpp:server";
const START = ["python3", "-m", "vllm.entrypoints.openai.api_server"];

const inImage = (imageName: string, ...dockerStartCmd: string[]): ServerSpec => ({
  imageName,
  dockerStartCmd,
});
const vllm = (...cmd: string[]) => inImage(VLLM, ...cmd);

/** A mistake, and the whole line that was meant. */
interface Expected extends Misplacement {
  readonly line: readonly string[];
}
const only = ({ line, ...mistake }: Expected) => ({ meant: line, mistakes: [mistake] });
const inCommand = (kind: Misplacement["kind"], items: string[], meant: string[], line: string[]) =>
  only({ kind, field: "dockerStartCmd", items, meant, line });

describe("The command line combines ENTRYPOINT and CMD", () => {
  test.each<[ServerSpec, string[]]>([
    [{}, []],
    [{ dockerStartCmd: ["a", "b"] }, ["a", "b"]],
    [{ dockerEntrypoint: ["a"], dockerStartCmd: ["b"] }, ["a", "b"]],
    [{ imageName: "ollama/ollama" }, ["/bin/ollama", "serve"]],
    [
      { imageName: "ollama/ollama", dockerEntrypoint: [], dockerStartCmd: [] },
      ["/bin/ollama", "serve"],
    ],
    [{ imageName: "ollama/ollama", dockerEntrypoint: ["bash"] }, ["bash"]],
    [inImage("ollama/ollama", "start"), ["/bin/ollama", "start"]],
    [inImage("runpod/worker-v1-vllm:v2.25.2", "vllm"), ["python3", "/src/main.py", "vllm"]],
    [{ imageName: "runpod/base:1.0.2-cuda1281" }, ["/start.sh"]],
    [inImage("acme/llm:1", "--x y"), ["--x y"]],
  ])("%j", (spec, words) => {
    expect(commandLine(spec)).toEqual({ words, meant: words, mistakes: [] });
  });
});

describe("Arguments to a server's ENTRYPOINT", () => {
  test.each<[string, string[], string[], string[]]>([
    [VLLM, ["vllm", "serve"], ["a/b"], ["vllm", "serve", "a/b"]],
    [VLLM, ["/usr/bin/vllm", "serve"], ["a/b"], ["vllm", "serve", "a/b"]],
    [VLLM, ["exec", "vllm", "serve"], ["a/b"], ["vllm", "serve", "a/b"]],
    [VLLM, ["serve"], ["a/b"], ["vllm", "serve", "a/b"]],
    [VLLM, ["vllm"], ["a/b"], ["vllm", "serve", "a/b"]],
    [VLLM, START, ["--model", "a/b"], ["vllm", "serve", "--model", "a/b"]],
    [VLLM, ["python3.12", "-u", "-O", ...START.slice(1)], ["a"], ["vllm", "serve", "a"]],
    [MODULE, ["vllm", "serve"], ["--port", "1"], [...START, "--port", "1"]],
    [MODULE, ["vllm", "serve"], [], START],
    [LLAMA, ["/app/llama-server"], ["-m", "x"], ["/app/llama-server", "-m", "x"]],
    ["ghcr.io/ggml-org/llama.cpp:light", ["llama-cli"], ["-m", "x"], ["/app/llama-cli", "-m", "x"]],
    ["ollama/ollama", ["ollama"], ["list"], ["/bin/ollama", "list"]],
  ])("must not repeat it: %s %j", (image, repeated, rest, line) => {
    expect(commandLine(inImage(image, ...repeated, ...rest))).toMatchObject(
      inCommand("entrypoint-repeated", repeated, rest, line),
    );
  });

  test("name a repeated model with its option if the ENTRYPOINT is a module", () => {
    const { meant, mistakes } = commandLine(inImage(MODULE, "vllm", "serve", "a-b/c"));
    expect(meant).toEqual([...START, "--model", "a-b/c"]);
    expect(mistakes).toMatchObject([{ items: ["vllm", "serve"], meant: ["--model", "a-b/c"] }]);
  });

  test.each<[string[], string[], string[]]>([
    [["sleep", "infinity"], ["sleep"], ["sleep", "infinity"]],
    [["exec"], ["exec"], ["exec"]],
    [
      ["bash", "-c", "x y"],
      ["bash", "-c"],
      ["bash", "-c", "x y"],
    ],
    [
      ["/bin/bash", "-c", "x y"],
      ["/bin/bash", "-c"],
      ["/bin/bash", "-c", "x y"],
    ],
    [["sglang", "serve", "a"], ["sglang"], ["sglang", "serve", "a"]],
    [
      ["bash", "vllm"],
      ["bash", "vllm"],
      ["bash", "-c", "vllm"],
    ],
  ])("must not start with a program: %j", (cmd, items, line) => {
    expect(commandLine(vllm(...cmd))).toMatchObject(
      inCommand("program-after-entrypoint", items, cmd, line),
    );
  });

  test("are no program of the image's interpreter", () => {
    expect(commandLine(inImage(MODULE, "python3", "x.py")).mistakes).toMatchObject([
      { kind: "program-after-entrypoint", items: ["python3"] },
    ]);
    expect(commandLine(inImage(MODULE, "/usr/bin/python3", "x.py")).mistakes).toMatchObject([
      { kind: "program-after-entrypoint", items: ["/usr/bin/python3"] },
    ]);
    expect(commandLine(inImage("ollama/ollama", "serve")).mistakes).toEqual([]);
    expect(commandLine(vllm("xexec", "vllm", "serve")).mistakes).toEqual([]);
    expect(commandLine(vllm("executor", "vllm", "serve")).mistakes).toEqual([]);
  });

  test.each([
    ..."/bin/x|/sbin/x|/usr/bin/x|/usr/sbin/x|/usr/local/bin/x|/opt/v/bin/x|/opt/venv/bin/x|/x/start.sh|/x.py".split(
      "|",
    ),
    ..."env|/x/nohup|python3.12|python|uv|uvx|pip|pip3|dash|zsh|sh|torchrun|lmdeploy|llama-server".split(
      "|",
    ),
  ])("must not be the program %s", (program) => {
    expect(commandLine(vllm(program, "x")).mistakes).toMatchObject([
      { kind: "program-after-entrypoint" },
    ]);
  });

  test.each(
    "/models/x|/srv/bin/x|/opt/bin/x|start.sh|x.py|a/start.sh|/x.sh.d|/x.pyc|x/bin/y|environment|myenv|fish|bash5|a/b".split(
      "|",
    ),
  )("may be the model %s", (model) => {
    const words = ["vllm", "serve", model];
    expect(commandLine(vllm(model))).toEqual({ words, meant: words, mistakes: [] });
  });
});

describe("An item with several words", () => {
  test.each<[string[], Misplacement["kind"], number]>([
    [["a/b", "--port 80"], "words-in-one-item", 1],
    [["a/b", "-q awq"], "words-in-one-item", 1],
    [["a-b", "-q awq"], "words-in-one-item", 1],
    [["a/b --x=y"], "words-in-one-item", 0],
    [["a/b", "--chat-template", "--port 80"], "words-in-one-item", 2],
    [["a/b", "--dtype=auto", "-q awq"], "words-in-one-item", 2],
    [["a/b", "--dtype auto x"], "words-in-one-item", 1],
    [["--port 80"], "words-in-one-item", 0],
    [["a/b --port 80"], "command-in-one-item", 0],
    [["--port 80 -q awq"], "command-in-one-item", 0],
    [["a/b -q awq"], "command-in-one-item", 0],
  ])("is split: %j", (cmd, kind, at) => {
    const parts = (cmd[at] ?? "").split(" ");
    expect(commandLine(vllm(...cmd))).toMatchObject(
      inCommand(kind, [cmd[at] ?? ""], parts, [
        "vllm",
        "serve",
        ...cmd.slice(0, at),
        ...parts,
        ...cmd.slice(at + 1),
      ]),
    );
  });

  test("is split where two follow each other, without their quotes", () => {
    const cmd = ["a/b", "--port 80", "-q awq", `--chat-template "{{ x }}" --served-model-name 'y'`];
    const meant = "vllm serve a/b --port 80 -q awq --chat-template".split(" ");
    expect(commandLine(vllm(...cmd)).meant).toEqual([
      ...meant,
      "{{ x }}",
      "--served-model-name",
      "y",
    ]);
    expect(commandLine(vllm(...cmd)).mistakes).toHaveLength(3);
    const blanks = commandLine(vllm("a/b", "--port  80", '-q x"y"'));
    expect(blanks.meant).toEqual(["vllm", "serve", "a/b", "--port", "80", "-q", 'x"y"']);
    expect(commandLine(vllm(" sleep infinity")).mistakes.map(({ kind }) => kind)).toEqual([
      "program-after-entrypoint",
      "words-in-one-item",
    ]);
  });

  test.each<[string[]]>([
    [["a/b", "--hf-overrides", '{"a": 1}']],
    [["a/b", "--chat-template", "-x y"]],
    [["a/b", "--chat-template", "-x y--z"]],
    [["a/b", "-q", "-x y"]],
    [["-x=a -q b"]],
    [["a/b", "--chat-template=a -q"]],
    [["--chat-template=a -q b"]],
    [["a/b", "x y"]],
    [["a/b", "x -q"]],
    [["a/b", "--port "]],
    [["a/b", "-1 x"]],
    [["my model"]],
  ])("is kept if it may be a value: %j", (cmd) => {
    expect(commandLine(vllm(...cmd))).toMatchObject({
      meant: ["vllm", "serve", ...cmd],
      mistakes: [],
    });
  });
});
