import type { ServerSpec } from "../../../models/src";
import { commandFaults } from "../../../models/src/command-faults";

const OLLAMA = "ollama/ollama:0.12.6";
const INFINITY = "michaelf34/infinity:0.0.76";
const VLLM = "vllm/vllm-openai:v0.20.0";

const script = (imageName: string, text: string): ServerSpec => ({
  imageName,
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text],
});

describe("A command of the image's program that starts no server", () => {
  test.each<[string, string, readonly string[]]>([
    [OLLAMA, "pull", ["serve"]],
    [OLLAMA, "serves", ["serve"]],
    [OLLAMA, "reserve", ["serve"]],
    [OLLAMA, "run-x", ["serve"]],
    [INFINITY, "a/b", ["v2", "--model-id", "a/b"]],
    [INFINITY, "v22", ["v2", "--model-id", "v22"]],
    [INFINITY, "a-v2", ["v2", "--model-id", "a-v2"]],
  ])("%s: %s", (imageName, first, meant) => {
    const [program] = imageName === OLLAMA ? ["/bin/ollama"] : ["infinity_emb"];
    expect(commandFaults({ imageName, dockerStartCmd: [first, "x"] })).toEqual([
      {
        kind: "starts-no-server",
        field: "dockerStartCmd",
        items: [first],
        meant,
        line: [program, first, "x"],
        isCertain: true,
      },
    ]);
  });

  test.each<[string, string]>([
    ...["serve", "start", "--help", "$COMMAND", "`command`", ""].map(
      (first) => [OLLAMA, first] as [string, string],
    ),
    ...["v1", "v2", "cli", "--help", "$COMMAND"].map(
      (first) => [INFINITY, first] as [string, string],
    ),
    ["nginx:1.29", "pull"],
  ])("is none of: %s %s", (imageName, first) => {
    const kinds = commandFaults({ imageName, dockerStartCmd: [first] }).map(({ kind }) => kind);
    expect(kinds).not.toContain("starts-no-server");
  });

  test("is not reported with another mistake, or with one's own entrypoint", () => {
    const spec: ServerSpec = { imageName: OLLAMA, dockerStartCmd: ["pull", "--a b"] };
    expect(commandFaults(spec).map(({ kind }) => kind)).toEqual(["words-in-one-item"]);
    expect(commandFaults({ ...spec, dockerEntrypoint: ["x"], dockerStartCmd: ["pull"] })).toEqual(
      [],
    );
    expect(commandFaults({ imageName: OLLAMA })).toEqual([]);
    expect(commandFaults({ dockerStartCmd: ["pull"] })).toEqual([]);
    expect(commandFaults({ dockerStartCmd: ["vllm", "serve", "--prot"] })).toEqual([]);
    expect(commandFaults(script(VLLM, "x".repeat(200_000)))).toEqual([]);
  });
});

describe("A server that the image does not contain", () => {
  test.each<[string, string, string[], boolean]>([
    [OLLAMA, "vllm serve a/b --port 80", ["vllm", "serve"], true],
    [VLLM, "python3 -m sglang.launch_server", ["python3", "-m", "sglang.launch_server"], true],
    ["ubuntu:24.04", "exec vllm serve a/b", ["exec", "vllm", "serve"], false],
  ])("%s: %s", (image, text, items, isCertain) => {
    expect(commandFaults(script(image, text))).toEqual([
      {
        kind: "server-not-in-image",
        field: "dockerStartCmd",
        items,
        meant: [],
        line: text.split(" "),
        isCertain,
      },
    ]);
  });

  test.each([
    ["acme/llm:1", "vllm serve a/b"],
    [VLLM, "vllm serve a/b"],
    ["ubuntu:24.04", "pip install vllm; vllm serve a/b"],
    ["lmsysorg/sglang:v0.5.23", "vllm serve a/b"],
    ["runpod/worker-v1-vllm:v2.25.2", "vllm serve a/b"],
    ["ubuntu:24.04", "./src/handler.py"],
  ])("is not known: %s: %s", (image, text) => {
    expect(commandFaults(script(image, text))).toEqual([]);
  });
});

describe("The line of a fault", () => {
  test("is the one that runs, or the one that was meant if that differs", () => {
    const [repeated, unknown] = commandFaults({
      imageName: VLLM,
      dockerStartCmd: ["vllm", "serve", "a/b", "--prot"],
    });
    expect(repeated?.line).toEqual(["vllm", "serve", "vllm", "serve", "a/b", "--prot"]);
    expect(unknown?.line).toEqual(["vllm", "serve", "a/b", "--prot"]);
  });

  test("has the words before the server, unless a shell reads them", () => {
    const words = ["A=1", "vllm", "serve", "a/b", "--prot"];
    const direct: ServerSpec = { imageName: VLLM, dockerEntrypoint: words };
    expect(commandFaults(direct)).toMatchObject([{ field: "dockerEntrypoint", line: words }]);
    expect(commandFaults(script(VLLM, words.join(" ")))).toMatchObject([
      { field: "dockerStartCmd", line: words.slice(1) },
    ]);
  });
});
