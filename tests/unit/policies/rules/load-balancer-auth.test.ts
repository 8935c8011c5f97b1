import { UNKNOWN } from "@runpod-stack/provider/schema";
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
      "advisory: ports 8000/tcp must not be open without a key: a TCP port is reached at the worker's public address, and RunPod asks for no API key there. Expose it as http, and send requests to the endpoint's URL.",
    ]);
    const template = { ...LOAD_BALANCER, ports, isServerless: true };
    expect(said("load-balancer-auth", [item("Template", template)])).toHaveLength(1);
  });

  test("advises on a TCP port of something else", () => {
    expect(judged({ ports: ["8000/http", "9000/tcp", "9001/TCP"] })).toEqual([
      "advisory: ports 9000/tcp and 9001/TCP should ask for a key: a TCP port is reached at the worker's public address, and RunPod asks for no API key there. Expose it as http, or let the program that listens there ask for a key.",
    ]);
    expect(judged({ ports: ["8000/http", "22/tcp", "x9000/tcp", "9000/tcpx"] })).toEqual([]);
  });

  test("advises on the server's own port if it is not known whether it asks for a key", () => {
    const ports = ["8000/tcp"];
    const [advice] = judged({ ports, env: UNKNOWN });
    expect(advice).toMatch(/^advisory: ports 8000\/tcp should ask for a key/);
    expect(judged({ ports, imageName: "acme/app:1" })).toEqual([advice]);
  });

  test("accepts a TCP port of a server with a key, and checks the others", () => {
    const env = { VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" };
    const queue = { type: "QUEUE", env };
    expect(judged({ ...queue, ports: ["8000/tcp"] })).toEqual([]);
    expect(judged({ ...queue, ports: ["8000/tcp", "9000/tcp"] })).toEqual([
      expect.stringMatching(/^advisory: ports 9000\/tcp should ask for a key/),
    ]);
  });

  test("advises against a second key in the same header", () => {
    const env = { PORT: "8000", VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" };
    expect(judged({ env })).toEqual([
      "advisory: env should not set the server's own key behind a load balancer: RunPod asks for its API key in the Authorization header, and the server expects another key in the same header. Remove the server's key, and let RunPod check the key at the endpoint's URL. Keep it only if your clients have shown that both are accepted.",
    ]);
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--api-key", "k"];
    const others = { PORT: "8000", API_KEY_FILE: "/run/key" };
    expect(judged({ dockerStartCmd, env: others })[0]).toContain("dockerStartCmd should not set");
    expect(judged({ env, type: "QUEUE" })).toEqual([]);
    expect(judged({ dockerStartCmd, env: UNKNOWN })[0]).toContain("dockerStartCmd should not set");
  });
});

describe("public-endpoint-auth", () => {
  test("is about pods, because RunPod asks for a key at an endpoint's URL", () => {
    expect(ofEndpoint("public-endpoint-auth", LOAD_BALANCER)).toEqual([]);
    expect(ofPod("public-endpoint-auth", { env: {} })).toHaveLength(1);
  });
});
