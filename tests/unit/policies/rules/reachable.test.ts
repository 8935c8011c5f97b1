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
    expect(judged(command("--host", "127.0.0.1"))[0]).toMatch(
      /^mandatory: dockerStartCmd must start vllm on all addresses: it listens on 127.0.0.1:8000/,
    );
    const imageName = "lmsysorg/sglang:v0.5.23";
    const dockerStartCmd = ["python3", "-m", "sglang.launch_server", "--model-path", "a/b"];
    expect(judged({ imageName, dockerStartCmd, ports: ["30000/http"] })[0]).toMatch(
      /^mandatory: .*127.0.0.1:30000/,
    );
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
    expect(asked({ port: 9000, path: "/metrics" }, both)[0]).toMatch(/^advisory: /);
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
    const lone = item("PodEndpoint", { port: 9000 });
    expect(said("port-reachable", [item("Pod", HAPPY_POD), lone])).toEqual([]);
  });

  test("adds nothing to what is refused of the pod itself, and names the worse fault of a doubtful one", () => {
    expect(asked({ port: 9000 }, { ports: ["9000/http"] })).toEqual([
      expect.stringMatching(/^mandatory: ports 9000\/http must include 8000\/http: vllm/),
    ]);
    const app = script("./app & vllm serve a/b");
    expect(asked({ port: 9000 }, { ...app, ports: ["80/http"] })).toEqual([
      expect.stringMatching(/^advisory: ports 80\/http should include 8000\/http: vllm/),
      expect.stringMatching(/^mandatory: ports 80\/http must include 9000\/http: PodEndpoint/),
    ]);
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
