import type { ServerSpec } from "../../../models/src";
import { findLaunch, readContainer, unreadable } from "../../../models/src/container";
import { MAX_COMMAND_LENGTH } from "../../../models/src/limits";

const script = (text: string, ...rest: string[]): ServerSpec => ({
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text, ...rest],
});
const read = (text: string) => readContainer(script(text));
const launch = (text: string) => findLaunch(script(text));

describe("A launch", () => {
  test("has its arguments, and what came before it", () => {
    const text = "cd /w; mkdir /m; A=1 env B=2 nice vllm serve a/b --port 80";
    expect(launch(text)).toEqual({
      server: "vllm",
      args: ["a/b", "--port", "80"],
      variables: { A: "1", B: "2" },
      imageVariables: {},
      before: [
        ["cd", "/w"],
        ["mkdir", "/m"],
      ],
      folder: "/w",
      within: [],
      line: ["env", "B=2", "nice", "vllm", "serve", "a/b", "--port", "80"],
      isDirect: false,
    });
    expect(findLaunch({ dockerStartCmd: ["vllm", "serve"] })).toMatchObject({
      imageVariables: null,
      folder: null,
      isDirect: true,
    });
  });

  test.each<[string, string[]]>([
    ["vllm serve a/b", []],
    ["nohup env vllm serve a/b", []],
    ["doppler run -- vllm serve a/b", ["doppler"]],
    ["/usr/bin/doppler run -- vllm serve a/b", ["doppler"]],
    ["doppler run -- gosu app vllm serve a/b", ["doppler"]],
    ["doppler run -- bash -c 'gosu app vllm serve a/b'", ["doppler", "gosu"]],
    ["doppler run -- bash -c 'vllm serve a/b'", ["doppler"]],
    ["doppler run -- true; vllm serve a/b", []],
  ])("%s is within %j", (text, within) => {
    expect(launch(text)?.within).toEqual(within);
  });

  test.each<[string, string | undefined, string | null]>([
    ["A=1; vllm serve", "1", null],
    ["A=1 true; vllm serve", undefined, null],
    ["export A=1; vllm serve", "1", null],
    ["declare -x A=1; vllm serve", "1", null],
    ["readonly A=1; vllm serve", "1", null],
    ["typeset A=1; vllm serve", "1", null],
    ["local A=1; vllm serve", "1", null],
    ["reexport A=1; vllm serve", undefined, null],
    ["exports A=1; vllm serve", undefined, null],
    ["xdo A=1; vllm serve", undefined, null],
    ["A=1; unset A; vllm serve", undefined, null],
    ["A=1; unset B A; vllm serve", undefined, null],
    ["A=1; reset A; vllm serve", "1", null],
    ["A=; vllm serve", "", null],
    ["if A=1; then vllm serve; fi", "1", null],
    ["bash -c 'A=1'; vllm serve", undefined, null],
    ["f() { A=1; }; f; vllm serve", "1", null],
    ["A='1\n2'; vllm serve", "1\n2", null],
    ["env A=1 nice vllm serve", "1", null],
    ["vllm serve A=1", undefined, null],
    ["eval A=1; vllm serve", "1", null],
    ["cd; vllm serve", undefined, "~"],
    ["pushd /w; vllm serve", undefined, "/w"],
    ["popd /w; vllm serve", undefined, null],
    ["cd /w && vllm serve", undefined, "/w"],
  ])("follows variables and folders: %s", (text, value, folder) => {
    const found = launch(text);
    expect(found?.variables["A"]).toBe(value);
    expect(found?.folder).toBe(folder);
  });

  test.each<[string, string[]]>([
    ['set -- a b; vllm serve "$@"', ["a", "b"]],
    ["set -o pipefail; vllm serve $1", ["$1"]],
    ["echo -- a; vllm serve $1", ["$1"]],
    ["bash -lc 'vllm serve $1' x a", ["a"]],
    ["set -- a; f() { true; }; f b; vllm serve $1", ["a"]],
    ["set -- a; f() { vllm serve $1 $2; }; f b c", ["b", "c"]],
    ["f() { true; }; f b; vllm serve $1", ["$1"]],
    ["f() { f; }; f; vllm serve a", ["a"]],
    ["bash -c 'vllm serve $1' x a", ["a"]],
    ["bash -x -c 'vllm serve $1' x a", ["a"]],
    ["eval vllm serve a", ["a"]],
  ])("follows arguments: %s", (text, args) => {
    expect(launch(text)?.args).toEqual(args);
  });

  test.each<[string, string[][]]>([
    [
      "echo a; f() { echo b; }; f; vllm serve",
      [
        ["echo", "a"],
        ["echo", "b"],
      ],
    ],
    ["hf download a/b; vllm serve", []],
    ["A=1; export B=2; vllm serve", []],
    ["while true; do vllm serve; done", [["true"]]],
    ["else; vllm serve", []],
    ["vllm serve & vllm serve", []],
  ])("comes after: %s", (text, before) => {
    expect(launch(text)?.before).toEqual(before);
  });
});

describe("A command that may start something else", () => {
  test.each<[string, string[], boolean]>([
    ["vllm serve a/b", [], false],
    ["/opt/agent & vllm serve a/b", [], true],
    ["echo x; /opt/agent; echo y", [], true],
    ["bash", ["bash"], true],
    ["bash x", ["bash x"], true],
    ["echo x | sh", ["echo x | sh"], true],
    ["sh", ["sh"], true],
    ["/bin/dash -x", ["/bin/dash -x"], true],
    ["fish x", [], true],
    ["shx x", [], true],
    ["/x/y.sh z", ["/x/y.sh z"], true],
    ["y.bash", ["y.bash"], true],
    ["y.shx", [], true],
    ["echo y.sh", [], false],
    ["ray y.sh", [], false],
    ["ray sh sh", ["ray sh sh"], false],
    ["ray -c bash x", ["ray -c bash x"], false],
    ["bash x-c y", ["bash x-c y"], true],
    ["bash -cx y", ["bash -cx y"], true],
    ["ray bash -c", [], false],
    ["bash y; ray 'echo vllm'", ["bash y"], true],
    ["x$(cat /y)", [], true],
    ["/usr/bin/supervisord -n", ["/usr/bin/supervisord -n"], true],
    ["s6-svscan /x", ["s6-svscan /x"], true],
    ["init", ["init"], true],
    ["xinit", [], true],
    ["initx", [], true],
    ["ray init", [], false],
    ["$(cat /x)", ["$(cat /x)"], false],
    ["`cat /x` y", ["`cat /x` y"], false],
    ["ray $(cat /x)", [], false],
    ["$X", [], false],
    ["ray start 'cd /x; /opt/agent vllm'; vllm serve", [], false],
    ["ray start 'bash vllm.sh'", [], false],
    ["/opt/agent; ray start 'echo vllm'", [], true],
  ])("%s", (text, opaque, hasOthers) => {
    expect(read(text)).toMatchObject({ opaque, hasOthers });
  });

  test("leaves no trace of an argument that turned out to be no script", () => {
    const text = "echo x; cd /w; ray start 'cd /y; echo vllm; bash vllm'; vllm serve";
    expect(launch(text)).toMatchObject({
      folder: "/w",
      before: [["echo", "x"], ["cd", "/w"], { length: 3 }],
    });
  });

  test.each<[string, number]>([
    ["su app -c 'vllm serve a/b'", 1],
    ["pm2 start 'vllm serve a/b'", 1],
    ["su app -c 'vllm serve a/b; vllm serve c/d'", 2],
    ['x \'{"a": "vllm serve a/b"}\'', 0],
    ["x '[ vllm serve a/b ]'", 0],
    ["x 'vllm:serve'", 0],
    ["'vllm serve a/b' x", 0],
    ["x 'echo hello'", 0],
    ["x 'echo vllm' 'vllm serve a/b'", 1],
    ["x 'vllm serve a/b' 'vllm serve c/d'", 1],
    ["vllm serve a/b; x 'echo vllm' 'vllm serve c/d'", 2],
    ["echo vllm serve a/b", 0],
  ])("may be an argument: %s", (text, count) => {
    expect(read(text)?.launches).toHaveLength(count);
  });
});

test("A download has the variables at its point", () => {
  expect(read("A=1; hf download $A/b; A=2 hf download $A/b --local-dir /m")?.downloads).toEqual([
    { name: "1/b", path: null, from: "--local-dir", isPart: false, variables: { A: "1" } },
    { name: "1/b", path: "/m", from: "--local-dir", isPart: false, variables: { A: "2" } },
  ]);
});

describe("Limits", () => {
  test("are on what is found", () => {
    expect(read("vllm serve;".repeat(12))?.launches).toHaveLength(10);
    expect(read("hf download a/b;".repeat(52))?.downloads).toHaveLength(50);
    expect(read("x.sh;".repeat(52))?.opaque).toHaveLength(50);
  });

  test("are on a command's length", () => {
    const most = MAX_COMMAND_LENGTH - "bash -c ".length - 1;
    expect(unreadable(script("x".repeat(most)))).toBeNull();
    expect(unreadable(script("x".repeat(most + 1)))).toBe(
      "it has more than 102400 characters, the most that RunPod accepts",
    );
    expect(readContainer(script("x".repeat(most + 1)))).toBeNull();
    expect(findLaunch(script("x".repeat(most + 1)))).toBeNull();
  });

  test("are on nested shells", () => {
    const inner = (depth: number, text: string): string =>
      depth === 0 ? text : `bash -c '${inner(depth - 1, text).replaceAll("'", "'\\''")}'`;
    expect(launch(inner(3, "vllm serve"))?.server).toBe("vllm");
    expect(unreadable(script(inner(4, "vllm serve")))).toBe("it nests shells more than 4 deep");
    expect(unreadable(script(inner(3, "x 'y vllm'")))).toBeNull();
    expect(unreadable(script("eval eval eval eval eval a"))).toBe(
      "it nests shells more than 4 deep",
    );
  });

  test("are on what functions repeat", () => {
    const text = `f() { ${"x".repeat(60_000)}; }; f`;
    expect(unreadable(script(text))).toBeNull();
    expect(unreadable(script(`${text}; f`))).toBe(
      "its variables expand to more than 102400 characters, the most that RunPod accepts for a pod",
    );
  });
});

test("An image's variables are known to its command, and the pod's before them", () => {
  const spec: ServerSpec = {
    imageName: "ghcr.io/huggingface/text-generation-inference:3.3.7",
    env: { PORT: "1" },
  };
  expect(findLaunch(spec)).toMatchObject({
    variables: { HF_HOME: "/data", PORT: "1" },
    imageVariables: { HF_HOME: "/data", PORT: "80" },
  });
});

test("A spec is read once", () => {
  const spec = script("vllm serve");
  expect(readContainer(spec)).toBe(readContainer(spec));
});
