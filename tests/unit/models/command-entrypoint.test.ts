import type { ServerSpec } from "../../../models/src";
import { commandLine, type Misplacement } from "../../../models/src/command-line";

const VLLM = "vllm/vllm-openai:v0.20.0";
const SGLANG = "lmsysorg/sglang:v0.5.23";

const inImage = (imageName: string, ...dockerStartCmd: string[]): ServerSpec => ({
  imageName,
  dockerStartCmd,
});
const own = (...dockerEntrypoint: string[]): ServerSpec => ({ imageName: VLLM, dockerEntrypoint });

/** A mistake, and the whole line that was meant. */
interface Expected extends Misplacement {
  readonly line: readonly string[];
}
const only = ({ line, ...mistake }: Expected) => ({ meant: line, mistakes: [mistake] });
const inCommand = (kind: Misplacement["kind"], items: string[], meant: string[], line: string[]) =>
  only({ kind, field: "dockerStartCmd", items, meant, line });
const inEntrypoint = (
  kind: Misplacement["kind"],
  items: string[],
  meant: string[],
  line: string[],
) => only({ kind, field: "dockerEntrypoint", items, meant, line });

describe("A command that its image runs unchanged", () => {
  const SERVE = ["python3", "-m", "sglang.launch_server"];
  test.each<[string, string[], string[]]>([
    [SGLANG, ["--model-path", "a/b"], [...SERVE, "--model-path", "a/b"]],
    [SGLANG, ["--model-path a/b"], [...SERVE, "--model-path", "a/b"]],
    [SGLANG, ["a/b", "--port", "1"], [...SERVE, "--model-path", "a/b", "--port", "1"]],
    [SGLANG, ["Qwen/b.pyx"], [...SERVE, "--model-path", "Qwen/b.pyx"]],
    [SGLANG, ["a/Qwen"], [...SERVE, "--model-path", "a/Qwen"]],
    ["ubuntu", ["--port", "1"], ["--port", "1"]],
  ])("needs a program: %s %j", (image, cmd, line) => {
    expect(commandLine(inImage(image, ...cmd))).toMatchObject(
      inCommand("no-such-program", cmd.slice(0, 1), line, line),
    );
  });

  test.each<[string, string[]]>([
    [SGLANG, ["a/b.sh"]],
    [SGLANG, ["a/b.py"]],
    [SGLANG, ["/a/b"]],
    [SGLANG, ["a/b/c"]],
    [SGLANG, ["sglang", "serve", "a/b"]],
    ["ubuntu", ["a/b"]],
  ])("may have one: %s %j", (image, cmd) => {
    expect(commandLine(inImage(image, ...cmd))).toEqual({ words: cmd, meant: cmd, mistakes: [] });
  });

  test("is repaired in its own field", () => {
    const meant = ["vllm", "serve", "a/b"];
    expect(commandLine(inImage("rocm/vllm", "vllm serve", "a/b"))).toMatchObject(
      inCommand("command-in-one-item", ["vllm serve"], ["vllm", "serve"], meant),
    );
    expect(commandLine(inImage("rocm/vllm", "bash", "vllm serve a/b"))).toMatchObject(
      inCommand(
        "shell-without-c",
        ["vllm serve a/b"],
        ["bash", "-c", "vllm serve a/b"],
        ["bash", "-c", "vllm serve a/b"],
      ),
    );
  });
});

describe("One's own ENTRYPOINT", () => {
  test.each<[string, string[], string[]]>([
    ["vllm serve", ["a/b"], ["vllm", "serve", "a/b"]],
    ["/bin/bash -c", ["x y"], ["/bin/bash", "-c", "x y"]],
    ["my server", ["a"], ["my", "server", "a"]],
    [` vllm serve "a b" 'c d' `, [], ["vllm", "serve", "a b", "c d"]],
  ])("must not have several words in one item: %j", (program, cmd, line) => {
    const meant = line.slice(0, line.length - cmd.length);
    expect(commandLine({ dockerEntrypoint: [program], dockerStartCmd: cmd })).toMatchObject(
      inEntrypoint("command-in-one-item", [program], meant, line),
    );
  });

  test.each<[string[], string[], string]>([
    [["bash", "-c"], ["vllm", "serve", "a/b"], "vllm serve a/b"],
    [["/bin/sh", "-lc"], ["vllm", "serve", "a/b"], "vllm serve a/b"],
    [["sh", "-c"], ["/x/vllm", "serve", "a b"], "/x/vllm serve 'a b'"],
    [["sh", "-c"], ["exec", "it's"], `exec 'it'\\''s'`],
    [["sh", "-c"], ["exec", ""], "exec ''"],
    [["sh", "-c"], ["python3.12", "a@b%c+d=e:f,g.h-i"], "python3.12 a@b%c+d=e:f,g.h-i"],
  ])("with a shell takes a script in one item: %j %j", (start, script, meant) => {
    expect(commandLine(own(...start, ...script))).toMatchObject(
      inCommand("script-in-many-items", script, [meant], [...start, meant]),
    );
  });

  test("may have two mistakes", () => {
    const { mistakes, meant } = commandLine({
      dockerEntrypoint: ["bash -c"],
      dockerStartCmd: ["vllm", "serve", "a/b"],
    });
    expect(mistakes.map(({ kind }) => kind)).toEqual([
      "command-in-one-item",
      "script-in-many-items",
    ]);
    expect(meant).toEqual(["bash", "-c", "vllm serve a/b"]);
    const split = commandLine({
      dockerEntrypoint: ["vllm serve"],
      dockerStartCmd: ["a/b", "--port 80"],
    });
    expect(split.mistakes.map(({ kind, field }) => [kind, field])).toEqual([
      ["command-in-one-item", "dockerEntrypoint"],
      ["words-in-one-item", "dockerStartCmd"],
    ]);
    expect(split.meant).toEqual(["vllm", "serve", "a/b", "--port", "80"]);
    const shell = commandLine(own("bash -l", "x"));
    expect(shell.mistakes).toHaveLength(1);
    const without = commandLine(own("bash vllm", "serve"));
    expect(without.mistakes.map(({ kind }) => kind)).toEqual([
      "command-in-one-item",
      "shell-without-c",
    ]);
  });

  test.each<[string[], string[], string]>([
    [["bash"], ["vllm serve a/b"], "vllm serve a/b"],
    [["/bin/bash"], ["vllm", "serve", "a b"], "vllm serve 'a b'"],
    [["sh"], ["/x/vllm"], "/x/vllm"],
    [["sh"], ["sleep  infinity"], "sleep  infinity"],
  ])("with a shell needs -c: %j %j", (shell, items, script) => {
    const meant = [...shell, "-c", script];
    expect(commandLine(own(...shell, ...items))).toMatchObject(
      inEntrypoint("shell-without-c", items, meant, meant),
    );
  });

  test.each<[string[]]>([
    [["vllm", "serve", "a/b"]],
    [["bash"]],
    [["bash", "/start.sh", "x y"]],
    [["bash", "start "]],
    [["bash", "-c", "vllm serve a/b"]],
    [["bash", "-c", "vllm serve a/b", "x"]],
    [["bash", "-c", "vllm"]],
    [["bash", "-c", "echo", "x"]],
    [["bash", "-c", 'exec "$@"', "sh", "vllm"]],
    [["bash", "-c", "/a b/vllm", "serve"]],
    [["bash", "-c", "$HOME/vllm", "serve"]],
    [["bash", "-c", "vllmx", "serve"]],
    [["bash", "-c", "xvllm", "serve"]],
    [["bash", "-c", "vllm serve", "--x y"]],
    [["bash", "-c", "x", "vllm", "--a b"]],
    [["fish", "-c", "vllm", "serve"]],
    [["shx", "-c", "vllm", "serve"]],
    [["bash", "-C", "vllm", "serve"]],
    [["bash", "-cx", "vllm", "serve"]],
    [["bash", "x-c", "vllm", "serve"]],
    [["/my program/x", "a"]],
    [[" vllm", "serve"]],
    [["echo", "--a b"]],
    [["a", "b", "c", "d", "vllm", "--a b"]],
    [["fish", "vllm serve a/b"]],
  ])("is kept otherwise: %j", (words) => {
    expect(commandLine(own(...words))).toEqual({ words, meant: words, mistakes: [] });
  });

  test("that starts a server has each word in an item", () => {
    for (const start of [
      ["a", "b", "c", "vllm"],
      ["python3", "-m", "x"],
    ]) {
      expect(commandLine(own(...start, "--port 80"))).toMatchObject(
        inCommand("words-in-one-item", ["--port 80"], ["--port", "80"], [...start, "--port", "80"]),
      );
    }
  });
});
