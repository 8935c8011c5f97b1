import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, item, ofPod, ofTemplate, said } from "../scene";

const judged = (changes = {}) => ofPod("port-reachable", changes);
const command = (...options: string[]) => ({ dockerStartCmd: ["Qwen/Qwen3-8B", ...options] });
const script = (text: string) => ({ dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] });

describe("port-reachable", () => {
  test("accepts a server on an exposed port", () => {
    expect(judged()).toEqual([]);
    expect(judged({ ...command("--port", "9000"), ports: ["9000/tcp", "22/tcp"] })).toEqual([]);
    expect(judged({ ...command("--port", "9000"), ports: ["22/tcp"] })).toEqual([]);
  });

  test("refuses a port on which nothing answers", () => {
    expect(judged({ ports: ["8888/http"] })).toEqual([
      'mandatory: ports 8888/http must include 8000/http: vllm listens on port 8000, and nothing answers on 8888/http. Add "8000/http" to ports, or start the server with --port 8888.',
    ]);
  });

  test("refuses the loopback address, the server's own default included", () => {
    const finding = (port: number, more: string) =>
      `mandatory: dockerStartCmd must start vllm on all addresses: it listens on 127.0.0.1:${port}, which is unreachable from outside the container. Add --host 0.0.0.0 to the server's command${more}.`;
    expect(judged(command("--host", "127.0.0.1"))).toEqual([finding(8000, "")]);
    expect(judged(command("--host", "127.0.0.1", "--port", "9000"))).toEqual([
      finding(9000, ', and add "9000/http" to ports'),
    ]);
    const imageName = "lmsysorg/sglang:v0.5.23";
    const dockerStartCmd = ["python3", "-m", "sglang.launch_server", "--model-path", "a/b"];
    expect(judged({ imageName, dockerStartCmd, ports: ["30000/http"] })[0]).toMatch(
      /^mandatory: .*127.0.0.1:30000/,
    );
  });

  test.each([
    [
      "ghcr.io/huggingface/text-generation-inference:3.3.4",
      "--model-id a/b --hostname 127.0.0.1",
      "80",
      "Add --hostname 0.0.0.0 to the server's command.",
    ],
    [
      "ghcr.io/huggingface/text-embeddings-inference:1.8",
      "--model-id a/b --hostname 127.0.0.1",
      "80",
      "Add --hostname 0.0.0.0 to the server's command.",
    ],
    [
      "openmmlab/lmdeploy:v0.9.0",
      "lmdeploy serve api_server a/b --server-name 127.0.0.1",
      "23333",
      "Add --server-name 0.0.0.0 to the server's command.",
    ],
    [
      "openmmlab/lmdeploy:v0.9.0",
      "lmdeploy serve api_server a/b",
      "8000",
      'Add "23333/http" to ports, or start the server with --server-port 8000.',
    ],
    ["acme/x:1", "mlc_llm serve HF://a/b", "8000", "Add --host 0.0.0.0 to the server's command."],
    ["ollama/ollama:0.12.6", "serve", "8000", 'Add "11434/http" to ports.'],
  ])("names the option of %s (%s)", (imageName, started, port, remedy) => {
    const dockerStartCmd = started.split(" ");
    const [refusal = ""] = judged({ imageName, dockerStartCmd, ports: [`${port}/http`] });
    expect(refusal).toMatch(/^mandatory: /);
    expect(refusal.endsWith(`. ${remedy}`)).toBe(true);
  });

  test("names the variable that moves Ollama to all addresses", () => {
    const ollama = { imageName: "ollama/ollama:0.12.6", dockerStartCmd: undefined };
    const env = { OLLAMA_HOST: "127.0.0.1" };
    expect(judged({ ...ollama, env, ports: ["11434/http"] })[0]).toMatch(
      /container\. Set env OLLAMA_HOST to 0\.0\.0\.0\.$/,
    );
  });

  test("prefers the server that listens on all addresses", () => {
    const two = script("vllm serve a/b --host 127.0.0.1 & vllm serve c/d --port 8001");
    expect(judged({ ...two, ports: ["80/http"] })).toEqual([
      expect.stringMatching(/^advisory: ports 80\/http should include 8001\/http: /),
    ]);
  });

  test("names every port on which nothing answers, and suggests only one port to listen on", () => {
    expect(judged({ ports: ["80/http", "81/http", "22/tcp"] })).toEqual([
      'mandatory: ports 80/http, 81/http and 22/tcp must include 8000/http: vllm listens on port 8000, and nothing answers on 80/http and 81/http. Add "8000/http" to ports.',
    ]);
    expect(judged({ ports: [] })).toEqual([
      'advisory: ports (none) should include 8000/http: vllm listens on port 8000, and no port is exposed. Add "8000/http" to ports.',
    ]);
  });

  test("refuses a script that runs nothing else", () => {
    expect(judged(script("set -e; vllm serve a/b --host localhost"))[0]).toMatch(/^mandatory: /);
  });

  test("advises if something else may answer, or nothing is exposed", () => {
    expect(judged({ ...script("python app.py & vllm serve a/b"), ports: ["80/http"] })[0]).toMatch(
      /^advisory: /,
    );
    expect(judged({ ports: undefined })[0]).toMatch(
      /^advisory: ports \(none\) should include 8000\/http/,
    );
    expect(judged({ ...command("--host", "::1"), ports: undefined })[0]).toMatch(/^advisory: /);
    expect(ofTemplate("port-reachable", { ports: ["80/http"] })[0]).toMatch(/^advisory: /);
  });

  test("ignores a gateway, several servers of which one is reachable, and an unknown port", () => {
    expect(
      judged({ ...script("nginx && vllm serve a/b --host 127.0.0.1"), ports: ["80/http"] }),
    ).toEqual([]);
    expect(judged(script("vllm serve a/b & vllm serve c/d --port 8001"))).toEqual([]);
    expect(judged({ ...command("--port", "$PORT"), ports: ["80/http"] })).toEqual([]);
    expect(judged(command("--host", "$HOST"))).toEqual([]);
    expect(judged({ ...command(), ports: ["$PORT/http", "8000/http"] })).toEqual([]);
  });
});

describe("port-reachable, of an endpoint", () => {
  const asked = (endpoint: object, changes: Record<string, unknown> = {}) =>
    said("port-reachable", [
      item("Pod", { ...HAPPY_POD, ...changes }),
      item(
        "PodEndpoint",
        { port: 8000, path: "/v1/models", ...endpoint },
        { id: "urn:a::b::c::llm", dependencies: { podId: ["Pod"] } },
      ),
    ]);
  const both = { ports: ["8000/http", "9000/http"] };

  test("has nothing against the port on which the server listens", () => {
    expect(asked({})).toEqual([]);
    expect(asked({ path: "/health" }, both)).toEqual([]);
  });

  test("refuses a port that the pod does not expose, whatever runs there", () => {
    const message =
      'mandatory: ports 8000/http must include 9000/http: PodEndpoint llm asks that port. Add "9000/http" to ports, or set the endpoint\'s port to 8000.';
    expect(asked({ port: 9000 })).toEqual([message]);
    expect(asked({ port: 9000 }, { imageName: "acme/foo:1" })).toEqual([message]);
    expect(asked({ port: 9000 }, { ports: ["8000/http", "80/http"] })).toEqual([
      'mandatory: ports 8000/http and 80/http must include 9000/http: PodEndpoint llm asks that port. Add "9000/http" to ports.',
    ]);
    expect(asked({ port: 8000 }, { ports: ["8000/tcp"] })).toEqual([
      'mandatory: ports 8000/tcp must include 8000/http: PodEndpoint llm asks that port. Add "8000/http" to ports.',
    ]);
  });

  test("refuses an exposed port on which the only server does not listen", () => {
    expect(asked({ port: 9000 }, both)).toEqual([
      "mandatory: ports 9000/http must lead to a server: PodEndpoint llm asks that port, and vllm listens on port 8000. Set the endpoint's port to 8000.",
    ]);
    expect(asked({ port: 9000, path: undefined }, both)[0]).toMatch(/^mandatory: /);
    expect(asked({ port: 8000 }, { ...both, ...command("--port", "9000") })[0]).toMatch(
      /^mandatory: ports 8000\/http .*Set the endpoint's port to 9000\.$/,
    );
  });

  test("advises where something else may answer", () => {
    const advice =
      "advisory: ports 9000/http should lead to a server: PodEndpoint llm asks that port, and vllm listens on port 8000. Set the endpoint's port to 8000.";
    expect(asked({ port: 9000, path: "/metrics" }, both)).toEqual([advice]);
    expect(asked({ port: 9000, path: UNKNOWN }, both)).toEqual([advice]);
    expect(asked({ port: 9000 }, { ...both, ...script("./app & vllm serve a/b") })[0]).toMatch(
      /^advisory: ports 9000\/http should lead to a server/,
    );
    expect(asked({ port: 9000 }, { imageName: "acme/foo:1", ports: undefined })).toEqual([
      'advisory: ports (none) should include 9000/http: PodEndpoint llm asks that port. Add "9000/http" to ports.',
    ]);
  });

  test("says nothing of what it cannot know", () => {
    const app = script("./app & vllm serve a/b");
    expect(asked({ port: 9000, path: "/ready" }, { ...both, ...app })).toEqual([]);
    expect(asked({ port: 9000 }, { ...both, ...command("--port", "$PORT") })).toEqual([]);
    expect(asked({ port: 9000 }, { ...both, ...script("nginx && vllm serve a/b") })).toEqual([]);
    expect(asked({ port: 9000 }, { ports: ["$PORT/http", UNKNOWN] })).toEqual([]);
    expect(asked({ port: UNKNOWN })).toEqual([]);
    expect(asked({ port: undefined })).toEqual([]);
    const two = script("vllm serve a/b & vllm serve c/d --port 9000");
    expect(asked({ port: 9000 }, { ...both, ...two })).toEqual([]);
    const lone = item("PodEndpoint", { port: 9000 });
    expect(said("port-reachable", [item("Pod", HAPPY_POD), lone])).toEqual([]);
  });

  test("adds nothing to what is refused of the pod itself, and names the worse fault of a doubtful one", () => {
    expect(asked({ port: 9000 }, { ports: ["9000/http"] })).toEqual([
      expect.stringMatching(/^mandatory: ports 9000\/http must include 8000\/http: vllm/),
    ]);
    expect(asked({ port: 9000 }, { ports: undefined })).toEqual([
      expect.stringMatching(/^advisory: ports \(none\) should include 8000\/http: vllm/),
    ]);
    const local = { ...both, ...command("--host", "127.0.0.1") };
    expect(asked({ port: 9000, path: "/metrics" }, local)).toEqual([
      expect.stringMatching(/^mandatory: dockerStartCmd must start vllm on all addresses/),
    ]);
    const app = script("./app & vllm serve a/b");
    expect(asked({ port: 9000 }, { ...app, ports: ["80/http"] })).toEqual([
      expect.stringMatching(/^advisory: ports 80\/http should include 8000\/http: vllm/),
      expect.stringMatching(/^mandatory: ports 80\/http must include 9000\/http: PodEndpoint/),
    ]);
  });

  test("names the first of several servers, whose port may have to be exposed", () => {
    const two = script("vllm serve a/b & vllm serve c/d --port 8001");
    expect(asked({ port: 9000 }, { ...two, ports: ["8001/http", "9000/http"] })).toEqual([
      expect.stringMatching(
        /^advisory: .* Set the endpoint's port to 8000, and add "8000\/http" to ports\.$/,
      ),
    ]);
  });

  test("shortens a long name", () => {
    const endpoint = item("PodEndpoint", { port: 9000 }, { id: "x".repeat(500) });
    const asking = { ...endpoint, dependencies: { podId: ["Pod"] } };
    expect(said("port-reachable", [item("Pod", HAPPY_POD), asking])[0]).toMatch(
      / PodEndpoint x{150,200}… asks that port\./,
    );
  });

  test("does not guess which of several pods an endpoint asks", () => {
    const pods = ["a", "b"].map((id) => item("Pod", HAPPY_POD, { id }));
    const endpoint = item("PodEndpoint", { port: 9000 }, { dependencies: { podId: ["a", "b"] } });
    expect(said("port-reachable", [...pods, endpoint])).toEqual([]);
  });

  test("a waiver of the pod covers it", () => {
    const policyWaivers = [{ rule: "port-reachable", reason: "a tunnel", until: "2999-01-01" }];
    expect(asked({ port: 9000 }, { policyWaivers })).toEqual([]);
  });
});
