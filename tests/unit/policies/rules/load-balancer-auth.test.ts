import { item, LOAD_BALANCER, ofEndpoint, ofPod, said } from "../scene";

const judged = (changes: Record<string, unknown>) =>
  ofEndpoint("load-balancer-auth", { ...LOAD_BALANCER, ...changes });

describe("load-balancer-auth", () => {
  test("accepts HTTP ports, at whose URL RunPod asks for a key, and pods", () => {
    expect(judged({})).toEqual([]);
    expect(ofEndpoint("load-balancer-auth")).toEqual([]);
    expect(ofPod("load-balancer-auth", { ports: ["8000/tcp"], env: {} })).toEqual([]);
  });

  test("advises against a TCP port without a key, in endpoints and in their templates", () => {
    const ports = ["8000/tcp"];
    expect(judged({ ports })).toEqual([
      expect.stringMatching(
        /^advisory: ports 8000\/tcp must not be open without a key: a TCP port/,
      ),
    ]);
    const template = { ...LOAD_BALANCER, ports, isServerless: true };
    expect(said("load-balancer-auth", [item("Template", template)])).toHaveLength(1);
  });

  test("advises on a TCP port of something else", () => {
    expect(judged({ ports: ["8000/http", "9000/tcp"] })[0]).toContain(
      "ports 9000/tcp should ask for a key",
    );
    expect(judged({ ports: ["8000/http", "22/tcp"] })).toEqual([]);
  });

  test("advises against a second key in the same header", () => {
    const env = { PORT: "8000", VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" };
    expect(judged({ env })[0]).toMatch(/^advisory: env should not set the server's own key/);
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--api-key", "k"];
    expect(judged({ dockerStartCmd })[0]).toContain("dockerStartCmd should not set");
    expect(judged({ env, type: "QUEUE" })).toEqual([]);
  });
});

describe("public-endpoint-auth", () => {
  test("is about pods, because RunPod asks for a key at an endpoint's URL", () => {
    expect(ofEndpoint("public-endpoint-auth", LOAD_BALANCER)).toEqual([]);
    expect(ofPod("public-endpoint-auth", { env: {} })).toHaveLength(1);
  });
});
