import { safe } from "@runpod-stack/kit";
import { commandFaults, isLoopback, readServers, type ServerCommand } from "@runpod-stack/models";
import { isKnown, wholeList } from "../known";
import { asAdvice, type Finding, ofContainers, refusalIf, rule } from "../rule";
import { servingOf } from "../serving";
import type { ContainerSpec } from "../spec";
import { enumerate } from "../words";

export const portReachable = rule({
  name: "port-reachable",
  description: "Checks whether the model server listens on a port that the pod exposes.",
  severity: "high",
  level: "mandatory",
  why: "RunPod's proxy reaches only exposed ports, and only servers that listen on all addresses. Otherwise the proxy returns 502 while the server runs and is billed.",
  source: "RunPod docs, pods/configuration/expose-ports; vllm-project/vllm#34531",
  remediationSteps: "Start the server with --host 0.0.0.0, and expose its port as http.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3-8B", "--port", "8080"], ports: ["8000/http"]',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || commandFaults(serving.server).length > 0) {
      return [];
    }
    const servers = readServers(serving.server).filter(({ port }) => port !== null);
    const ports = spec.ports === undefined ? [] : wholeList(spec.ports);
    if (ports === undefined || servers.length === 0 || hasGateway(spec)) {
      return [];
    }
    const found = unreachable(servers, ports, spec);
    return spec.kind === "Template" ? asAdvice(found) : found;
  }),
});

function unreachable(
  servers: readonly ServerCommand[],
  ports: readonly string[],
  spec: ContainerSpec,
): Finding[] {
  const exposes = ({ port }: ServerCommand) =>
    ports.some((entry) => entry.split("/")[0] === `${port}`);
  const open = servers.filter(({ host }) => host === null || !isLoopback(host));
  if (open.some(exposes)) {
    return [];
  }
  const http = ports.filter((entry) => entry.endsWith("/http"));
  // With SSH as the only port, clients may use a tunnel.
  if (http.length === 0 && ports.length > 0) {
    return [];
  }
  const [server] = open.length > 0 ? open : servers;
  if (server === undefined) {
    return [];
  }
  const isLocal = open.length === 0;
  // Certain only for a single server in a container that exposes an HTTP port.
  const isCertain = server.isAlone && http.length > 0 && spec.env.isWhole && !isOneOfMany(spec);
  const must = isCertain ? "must" : "should";
  const { host, port } = server;
  if (isLocal) {
    return [
      refusalIf(
        isCertain,
        "dockerStartCmd",
        safe`dockerStartCmd ${must} start ${server.server} on all addresses: it listens on ${host}:${port}, which is unreachable from outside the container.`,
        safe`${server.server === "ollama" ? "Set env OLLAMA_HOST to 0.0.0.0" : `Add ${hostOption(server)} 0.0.0.0 to the server's command`}${exposes(server) ? "" : `, and add "${port}/http" to ports`}.`,
      ),
    ];
  }
  const others = http.length === 0 ? "no port is exposed" : `nothing answers on ${enumerate(http)}`;
  return [
    refusalIf(
      isCertain,
      "ports",
      safe`ports ${enumerate(ports) || "(none)"} ${must} include ${port}/http: ${server.server} listens on port ${port}, and ${others}.`,
      safe`Add "${port}/http" to ports${http.length === 1 && server.server !== "ollama" ? `, or start the server with ${portOption(server)} ${http[0]?.split("/")[0]}` : ""}.`,
    ),
  ];
}

/** Programs that pass requests on to a server, or answer on other ports. */
const GATEWAY =
  /\b(?:nginx|caddy|haproxy|traefik|envoy|socat|cloudflared|ngrok|tailscaled?|frpc|litellm|uvicorn|gunicorn|hypercorn|streamlit|gradio|chainlit|open-webui|jupyter|code-server|openresty|http\.server)\b|\bssh -[A-Za-z]*[LRD]/;

function hasGateway({ dockerEntrypoint, dockerStartCmd }: ContainerSpec): boolean {
  const words = [...(wholeList(dockerEntrypoint) ?? []), ...(wholeList(dockerStartCmd) ?? [])];
  return GATEWAY.test(words.join(" "));
}

/** Of several nodes, only the first serves. */
function isOneOfMany({ dockerStartCmd }: ContainerSpec): boolean {
  return (wholeList(dockerStartCmd) ?? []).some((word) =>
    /^(?:--?nnodes|--node-rank|-r|-n)\b/.test(word),
  );
}

function hostOption({ server }: ServerCommand): string {
  if (/^(?:tgi|lorax|tei)$/.test(server)) {
    return "--hostname";
  }
  return server === "lmdeploy" ? "--server-name" : "--host";
}

function portOption({ server }: ServerCommand): string {
  return server === "lmdeploy" ? "--server-port" : "--port";
}
