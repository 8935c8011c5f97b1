import { specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { NOTHING } from "../../../policies/src/knowledge";
import { exposedPorts, isOnlyListener, listeningServers } from "../../../policies/src/listening";
import type { ContainerSpec } from "../../../policies/src/spec";
import { HAPPY_POD } from "./scene";

const podOf = (inputs: Record<string, unknown>) =>
  specOf("Pod", { ...HAPPY_POD, ...inputs }) as ContainerSpec;
const ports = (inputs: Record<string, unknown>) =>
  listeningServers(podOf(inputs), NOTHING).map(({ port }) => port);
const script = (text: string) => ({ dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] });

describe("the servers that listen", () => {
  test("are those that the container starts", () => {
    expect(ports({})).toEqual([8000]);
    expect(ports(script("vllm serve a/b & vllm serve c/d --port 8001"))).toEqual([8000, 8001]);
    expect(ports({ imageName: "nginx:1.29", dockerStartCmd: [] })).toEqual([]);
    expect(ports({ imageName: UNKNOWN })).toEqual([]);
  });

  test("leave out those that cannot start", () => {
    expect(ports({ dockerStartCmd: ["vllm", "serve", "a/b"] })).toEqual([]);
  });

  test.each([
    ...["nginx", "caddy run", "haproxy", "traefik", "envoy", "socat", "cloudflared", "ngrok"],
    ...["tailscale up", "tailscaled", "frpc", "litellm", "uvicorn a:b", "gunicorn", "hypercorn"],
    ...["streamlit run a.py", "gradio", "chainlit", "open-webui", "jupyter lab", "code-server"],
    ...[
      "openresty",
      "python3 -m http.server",
      "ssh -R 80:a:80 b",
      "ssh -NL 80:a:80 b",
      "ssh -D 1 b",
    ],
  ])("are not asked directly next to a gateway: %s", (gateway) => {
    expect(ports(script(`${gateway} & vllm serve a/b`))).toEqual([]);
  });

  test.each(["nginxd", "mynginx", "ssh b", "ssh -i key b", "sshx -R 80"])(
    "are asked directly next to another program: %s",
    (program) => {
      expect(ports(script(`${program} & vllm serve a/b`))).toEqual([8000]);
    },
  );

  test("are not asked directly if a gateway is in the entry point", () => {
    const dockerEntrypoint = ["bash", "-c", "nginx & exec vllm serve a/b"];
    expect(ports({ dockerEntrypoint, dockerStartCmd: undefined })).toEqual([]);
  });
});

describe("a server is the only listener", () => {
  const isOnly = (inputs: Record<string, unknown>) => {
    const spec = podOf(inputs);
    const [server] = listeningServers(spec, NOTHING);
    return server && isOnlyListener(server, spec);
  };
  const serve = (...more: string[]) => ({ dockerStartCmd: ["a/b", ...more] });

  test("of a container that starts nothing else", () => {
    expect(isOnly({})).toBe(true);
    expect(isOnly(script("./app & vllm serve a/b"))).toBe(false);
  });

  test("unless env is not known, and may move its port", () => {
    expect(isOnly({ env: UNKNOWN })).toBe(false);
  });

  test.each([
    ["--nnodes", "2"],
    ["--node-rank", "1"],
    ["-n", "2"],
    ["-r", "1"],
  ])("unless there may be other nodes: %s", (...words) => {
    expect(isOnly(serve(...words))).toBe(false);
  });

  test("unless a short option for nodes is in a script", () => {
    const imageName = "acme/llm:1";
    const dockerStartCmd = ["vllm", "serve", "a/b", "-nnodes", "2"];
    expect(isOnly({ imageName, dockerStartCmd: dockerStartCmd.slice(0, 3) })).toBe(true);
    expect(isOnly({ imageName, dockerStartCmd })).toBe(false);
  });

  test("with a word that only looks like an option for nodes", () => {
    expect(isOnly(serve("--served-model-name", "x-n"))).toBe(true);
    expect(isOnly(serve("--served-model-name", "x --nnodes"))).toBe(true);
    expect(isOnly(script("vllm serve a/b"))).toBe(true);
  });
});

test("the exposed ports are known only together", () => {
  expect(exposedPorts(podOf({}))).toEqual(["8000/http"]);
  expect(exposedPorts(podOf({ ports: undefined }))).toEqual([]);
  expect(exposedPorts(podOf({ ports: ["8000/http", UNKNOWN] }))).toBeUndefined();
  expect(exposedPorts(podOf({ ports: UNKNOWN }))).toBeUndefined();
});
