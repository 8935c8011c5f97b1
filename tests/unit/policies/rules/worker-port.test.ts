import { UNKNOWN } from "@runpod-stack/provider/schema";
import { LOAD_BALANCER, ofEndpoint } from "../scene";

const judged = (changes: Record<string, unknown>) =>
  ofEndpoint("port-reachable", { ...LOAD_BALANCER, ...changes });
const HF_HOME = "/runpod-volume/huggingface";

describe("port-reachable, on an endpoint", () => {
  test("accepts a server on the load balancer's port, and a queue, which needs no port", () => {
    expect(judged({})).toEqual([]);
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--port", "80"];
    expect(judged({ dockerStartCmd, env: { HF_HOME }, ports: [] })).toEqual([]);
    expect(ofEndpoint("port-reachable", { ports: [] })).toEqual([]);
  });

  test("knows that RunPod sets PORT", () => {
    const dockerEntrypoint = ["bash", "-c"];
    const dockerStartCmd = ['vllm serve Qwen/Qwen3.8-27B --port "$PORT"'];
    expect(judged({ dockerEntrypoint, dockerStartCmd, env: { HF_HOME }, ports: [] })).toEqual([]);
  });

  test.each([
    [{ HF_HOME }, "env PORT", "port 80 unless PORT is set"],
    [{ HF_HOME, PORT: "9000" }, "env PORT 9000", "port 9000"],
  ])("refuses a server on another port: %j", (env, field, port) => {
    expect(judged({ env })).toEqual([
      `mandatory: ${field} must be 8000: the load balancer sends requests and health checks to ${port}, and vllm listens on port 8000. Workers never become healthy. Set env PORT to "8000", and add "8000/http" to ports.`,
    ]);
  });

  test("only advises if another program, or a second server, may answer", () => {
    const started = (text: string) =>
      judged({ env: { HF_HOME }, dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] })[0];
    expect(started("./app & vllm serve a/b")).toMatch(/^advisory: env PORT should be 8000: /);
    expect(started("vllm serve a/b & vllm serve c/d --port 8001")).toMatch(/^advisory: /);
    const local = "vllm serve a/b --host ::1 & vllm serve c/d --port 8001 --host localhost";
    expect(started(local)).toMatch(/^advisory: dockerStartCmd should start vllm on all addresses/);
    expect(started("vllm serve a/b & vllm serve c/d --port 80")).toBeUndefined();
  });

  test("refuses a server on the loopback interface", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--host", "127.0.0.1"];
    expect(judged({ dockerStartCmd })).toEqual([
      "mandatory: dockerStartCmd must start vllm on all addresses: it listens on 127.0.0.1:8000, where the load balancer does not reach it. Let the server listen on 0.0.0.0:8000.",
    ]);
  });

  test("advises if the port is not exposed", () => {
    expect(judged({ ports: ["9000/http"] })).toEqual([
      'advisory: ports should include 8000/http: env PORT lets the load balancer send requests to that port, which is not exposed. Add "8000/http" to ports.',
    ]);
  });

  test("advises if the server has no route for the health check", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    const env = { PORT: "11434" };
    const ports = ["11434/http"];
    expect(judged({ ...ollama, env, ports })).toEqual([
      'advisory: env HEALTH_CHECK_PATH should be /: the load balancer asks /ping for the health of a worker, and ollama has no such route. Set env HEALTH_CHECK_PATH to "/".',
    ]);
    const llama = {
      imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda",
      dockerStartCmd: ["-hf", "a/b", "--port", "8080", "--host", "0.0.0.0"],
      ...{ env: { PORT: "8080" }, ports: ["8080/http"] },
    };
    expect(judged(llama)[0]).toContain("HEALTH_CHECK_PATH should be /health: ");
    expect(judged({ ...ollama, env: { ...env, HEALTH_CHECK_PATH: "/" }, ports })).toEqual([]);
  });

  test.each([
    { dockerStartCmd: ["a/b", "--port", "$OTHER"] },
    { dockerStartCmd: ["a/b", "--host", "$HOST"] },
  ])("says nothing about a server whose port or address is not known: %j", (changes) => {
    expect(judged(changes)).toEqual([]);
  });

  test.each([{ env: UNKNOWN }, { env: { PORT: UNKNOWN } }, { ports: UNKNOWN }, { type: UNKNOWN }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged(changes)).toEqual([]);
    },
  );
});
