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
    [{ HF_HOME }, "env PORT must be 8000: .* to port 80 unless PORT is set"],
    [{ HF_HOME, PORT: "9000" }, "env PORT 9000 must be 8000: .* to port 9000, and vllm"],
  ])("refuses a server on another port: %j", (env, message) => {
    expect(judged({ env })).toEqual([
      expect.stringMatching(new RegExp(`^mandatory: ${message}.*Set env PORT to "8000"`)),
    ]);
  });

  test("refuses a server on the loopback interface", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--host", "127.0.0.1"];
    expect(judged({ dockerStartCmd })[0]).toMatch(
      /^mandatory: dockerStartCmd must start vllm on all addresses/,
    );
  });

  test("advises if the port is not exposed", () => {
    expect(judged({ ports: ["9000/http"] })[0]).toMatch(
      /^advisory: ports should include 8000\/http/,
    );
  });

  test("advises if the server has no route for the health check", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    const env = { PORT: "11434" };
    const ports = ["11434/http"];
    expect(judged({ ...ollama, env, ports })[0]).toContain("env HEALTH_CHECK_PATH should be /:");
    expect(judged({ ...ollama, env: { ...env, HEALTH_CHECK_PATH: "/" }, ports })).toEqual([]);
  });

  test.each([{ env: UNKNOWN }, { env: { PORT: UNKNOWN } }, { ports: UNKNOWN }, { type: UNKNOWN }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged(changes)).toEqual([]);
    },
  );
});
