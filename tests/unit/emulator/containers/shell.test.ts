import { advanced, container, text } from "./support";

/** What a script prints on an image whose contents are known. */
function printed(script: string, env: Record<string, string> = {}, image = "ubuntu"): string {
  const runtime = container({ image, env, cmd: ["bash", "-c", `${script}\nsleep infinity`] });
  return text(advanced(runtime, 5), "container");
}

describe("a shell script", () => {
  it.each([
    ["echo one; echo two", "one\ntwo"],
    ["echo one && echo two", "one\ntwo"],
    ["false && echo no || echo yes", "yes"],
    ["true || echo no; echo yes", "yes"],
    ["echo one # two", "one"],
    ["echo a#b", "a#b"],
    ["echo one \\\n  two", "one two"],
    ["echo 'a  b' \"c  d\" e\\ f", "a  b c  d e f"],
    ["echo out > /dev/null 2>&1", "out"],
    ["{ echo one; }; (echo two)", "one\ntwo"],
    ["(false) && echo no; { true; } && echo yes", "yes"],
    ["echo one | tee /tmp/log; echo $?", "one\n0"],
    ["false; echo $?", "1"],
    ["nothing-of-this-name; echo $?", "bash: line 1: nothing-of-this-name: command not found\n127"],
    ["/opt/none; echo $?", "bash: line 1: /opt/none: No such file or directory\n127"],
    ["bash -c 'exit 3'; echo $?", "3"],
    ['[ -n "$SET" ] && echo set', "set"],
    ['[ -z "$SET" ] || echo set', "set"],
    ["[ ! -f /none ] && echo absent", "absent"],
    ["[ -d /models ] || echo absent", "absent"],
    ["[[ $SET == 1 ]] && echo one", "one"],
    ["[ $SET != 1 ] || echo one", "one"],
    ["test && echo no || echo empty", "empty"],
    ["[ 3 -gt 2 ] && echo more", "more"],
    ["[ 1 -eq 2 ] || echo other", "other"],
    ["[ 1 -le 1 -a 2 -ne 3 ] && echo both", "both"],
    ['[ -n "" -o 1 -lt 2 ] && echo or', "or"],
    ["[[ 10 -ge 9 ]] && echo ten", "ten"],
    ["[ a -gt 1 ]; echo $?", "bash: line 1: [: a: integer expression expected\n2"],
    ["[ 1 -eq 1; echo $?", "bash: line 1: [: missing `]'\n2"],
    ["[[ abc == a* ]]", "bash: the emulator does not model `[[ abc == a* ]]`"],
    ["[ -d /tmp ] && [ ! -f /tmp ] && [ -e /etc ] && echo folders", "folders"],
    ["[ -d /nope ] || echo absent", "absent"],
    ["cd /nope && echo no; echo $?", "bash: line 1: cd: /nope: No such file or directory\n1"],
    ["mkdir -p /nope && cd /nope && echo made", "made"],
    ["cd /usr/lib && echo there", "there"],
    ["source /nope.sh && echo no; echo $?", "bash: line 1: /nope.sh: No such file or directory\n1"],
    ["ls /nope && echo no; echo $?", "ls: cannot access '/nope': No such file or directory\n2"],
    ["echo a > /nope/log; echo $?", "bash: line 1: /nope/log: No such file or directory\n1"],
    ["echo a > /tmp/log", "a"],
    ["set -u; echo $NONE; echo no", "bash: line 1: NONE: unbound variable"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
    ["set -o nounset; echo ${NONE:-a} ${NONE+b} $SET", "a 1"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
    ["echo ${NONE:?}; echo no", "bash: line 1: NONE: parameter null or not set"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
    ["echo ${NONE:?no model}; echo no", "bash: line 1: NONE: no model"],
    ['echo "a', "bash: -c: line 1: unexpected EOF while looking for matching `\"'"],
    ['echo $(echo a  b) "$(echo c  d)" `echo e`', "a b c d e"],
    ["PORT=$(echo 8000); echo $((PORT + 2 * 3)) $(( 2 ** 3 % 5 )) $((1 < 2))", "8006 3 1"],
    ["A=$(false); echo $?", "1"],
    ["A=$(nproc); echo [$A]", "[]"],
    ["echo $((1 + )); echo no", "bash: line 1: 1 + : syntax error in expression"],
    ["if [ -f /x ]; then echo a; fi", "bash: the emulator does not model `if`"],
  ])("%s", (script, output) => {
    expect(
      printed(script, { SET: "1" }).split("\n").slice(0, output.split("\n").length).join("\n"),
    ).toBe(output);
  });

  it.each([
    ["echo $A", "1 2"],
    ["echo '$A' \"$A\"", "$A 1 2"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
    ["echo ${A}x ${B:-no} ${A:-no} a${A:+:$A}b a${B:+:$B}b", "1 2x no 1 2 a:1 2b ab"],
    ["export B=3; echo $B", "3"],
    ['export B="$A:3" C=4; echo $B $C', "1 2:3 4"],
    ["B=5; echo $B", "5"],
    ["unset A; echo [$A]", "[]"],
    ["echo $(date) end", "end"],
    ["echo `date` end", "end"],
    ["env B=6 bash -c 'echo $B'", "6"],
    ["B=7 bash -c 'echo $B'", "7"],
    ["B=8; bash -c 'echo [$B]'", "[]"],
    ["export B; B=9; bash -c 'echo $B'", "9"],
  ])("expands %s", (script, output) => {
    expect(printed(script, { A: "1 2" })).toBe(output);
  });

  it.each([
    ["bash", "echo 'a", "bash: -c: line 1: unexpected EOF while looking for matching `''"],
    ["bash", "echo a &&", "bash: -c: line 2: syntax error: unexpected end of file"],
    ["bash", "&& echo a", "bash: -c: line 1: syntax error near unexpected token `&&'"],
    ["bash", "echo $(echo a", "bash: -c: line 1: unexpected EOF while looking for matching `)'"],
    ["sh", 'echo "a', "sh: 1: Syntax error: Unterminated quoted string"],
    ["sh", "echo a |", "sh: 1: Syntax error: end of file unexpected"],
    ["sh", "cd /nope && echo a", "sh: 1: cd: can't cd to /nope"],
  ])("%s cannot run %s", (shell, script, message) => {
    const runtime = advanced(container({ image: "ubuntu", cmd: [shell, "-c", script] }), 2);
    expect(text(runtime, "container").split("\n")[0]).toBe(message);
    expect(runtime.restarts).toBeGreaterThan(0);
  });

  it("runs the lines before one that it cannot read", () => {
    const cmd = ["bash", "-c", 'echo one\necho two &&\n  echo three\necho "four'];
    const lines = text(advanced(container({ image: "ubuntu", cmd }), 0.3), "container").split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "one",
      "two",
      "three",
      "bash: -c: line 4: unexpected EOF while looking for matching `\"'",
    ]);
  });

  it.each([["set -e"], ["set -euo pipefail"], ["set -o errexit"]])("stops after %s", (options) => {
    expect(printed(`${options}; false; echo after`)).not.toContain("after");
  });

  it("prints the release of vLLM", () => {
    const cmd = ["vllm --version; sleep infinity"];
    const image = "vllm/vllm-openai:v0.24.0";
    const runtime = container({ image, entrypoint: ["bash", "-c"], cmd });
    expect(text(advanced(runtime, 1), "container")).toBe("0.24.0");
  });

  it("stops at the first error with set -e", () => {
    const stopped = (script: string) => printed(script).split("\n").includes("after");
    expect(stopped("false; echo after")).toBe(true);
    expect(stopped("set -e; false; echo after")).toBe(false);
    expect(stopped("set -e; false || true; echo after")).toBe(true);
  });

  it("ends with exec", () => {
    expect(printed("exec echo one; echo two")).not.toContain("two");
  });

  it("runs programs in the background and waits for them", () => {
    const script = "nginx & python3 -m http.server 9000 & wait";
    const runtime = container({ image: "runpod/pytorch", cmd: ["bash", "-c", script] });
    advanced(runtime, 5);
    expect(runtime.listening(80)).toBe(true);
    expect(runtime.listening(9000)).toBe(true);
    expect(runtime.restarts).toBe(0);
  });

  it("continues once the background is done", () => {
    expect(printed("sleep 2 & sleep 3 & wait; echo done")).toBe("done");
  });

  it("outlives a server that failed in the background", () => {
    const script = "vllm serve acme/does-not-exist & sleep infinity";
    const runtime = advanced(container({ entrypoint: ["bash", "-c"], cmd: [script] }), 10);
    expect(runtime.restarts).toBe(0);
    expect(text(runtime)).toContain("RepositoryNotFoundError");
    expect(runtime.listening(8000)).toBe(false);
  });

  it("kills the background when it ends", () => {
    const script = "python3 -m http.server 9000 & sleep 20";
    const runtime = container({ image: "python:3.12", cmd: ["bash", "-c", script] });
    advanced(runtime, 0.3);
    expect(runtime.listening(9000)).toBe(true);
    advanced(runtime, 0.43);
    expect(runtime.listening(9000)).toBe(false);
  });

  it.each([
    ["a value that is doubled", `a0=x;${doubled()};echo "$a40"`],
    [
      "a value that is put in again and again",
      `a=${"x".repeat(1_000)};${'echo "$a";'.repeat(500)}`,
    ],
    ["variables that are handed to many commands", `${exported(5_000)};${"true;".repeat(500)}`],
  ])("refuses excessive %s", (_, script) => {
    expect(printed(script)).toContain(
      "does not model scripts that insert this much from variables",
    );
  });

  it("starts no program with an argument that Linux refuses, or nested too deeply", () => {
    const long = container({ image: "ubuntu", cmd: ["bash", "-c", "x".repeat(131_072)] });
    expect(text(advanced(long, 1))).toContain("argument list too long");
    expect(printed("env ".repeat(1_000))).toContain("fork: Resource temporarily unavailable");
    expect(printed('sh -c "$A"', { A: 'sh -c "$A"' })).toContain(
      "Resource temporarily unavailable",
    );
    expect(printed("sleep 1&".repeat(600))).toContain("fork: Resource temporarily unavailable");
  });

  it("does not read properties of JavaScript's objects as variables", () => {
    expect(printed("constructor=a; echo [$constructor] [$toString]")).toBe("[a] []");
    expect(printed("python3 -m constructor", {}, "python:3.12")).toContain("No module named");
  });

  it("loops forever with while", () => {
    const runtime = container({
      image: "ubuntu",
      cmd: ["sh", "-c", "while true; do sleep 1; done"],
    });
    expect(advanced(runtime, 5).restarts).toBe(0);
  });
});

function doubled(): string {
  return Array.from({ length: 40 }, (_, n) => `a${n + 1}=$a${n}$a${n}`).join(";");
}

function exported(count: number): string {
  return Array.from({ length: count }, (_, n) => `export a${n}=b`).join(";");
}
