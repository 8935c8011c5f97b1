import { safe } from "@runpod-stack/kit";
import { isLoopback, type ServerCommand } from "@runpod-stack/models";
import type { Knowledge } from "../knowledge";
import { exposedPorts, isOnlyListener, listeningServers } from "../listening";
import { asAdvice, type Finding, ofContainers, refusalIf, rule, type StackFinding } from "../rule";
import type { ContainerSpec } from "../spec";
import { podOf } from "../stack";
import { enumerate } from "../words";
import { isLoadBalancer } from "../workers";
import { unanswered } from "./asked-port";
import { unrouted } from "./worker-port";

export const portReachable = rule({
  name: "port-reachable",
  description:
    "Checks whether the model server listens on a port that the pod exposes and its PodEndpoints ask, or that the endpoint's load balancer uses.",
  severity: "high",
  level: "mandatory",
  why: "RunPod's proxy reaches only exposed ports, and only servers that listen on all addresses. Otherwise the proxy returns 502 while the server runs and is billed. A serverless load balancer uses the port in env PORT, or port 80.",
  source:
    "RunPod docs, pods/configuration/expose-ports and serverless/load-balancing/overview; vllm-project/vllm#34531",
  remediationSteps:
    "Start the server with --host 0.0.0.0, and expose its port as http. Set the port of a PodEndpoint to that port.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3-8B", "--port", "8080"], ports: ["8000/http"]',
  check: ofContainers((spec, _options, knowledge) => {
    if (spec.isServerless) {
      return isLoadBalancer(spec) ? unrouted(spec, knowledge) : [];
    }
    const found = unreachable(spec, knowledge);
    return spec.kind === "Template" ? asAdvice(found) : found;
  }),
  checkStack(items, _options, knowledge) {
    return items.flatMap((endpoint): StackFinding[] => {
      const pod = podOf(endpoint, items);
      if (pod === undefined) {
        return [];
      }
      const own = unreachable(pod.spec, knowledge);
      const isNews = (finding: Finding) =>
        !own.some(({ certainty }) => certainty === "certain" || certainty === finding.certainty);
      return unanswered(endpoint, pod.spec, knowledge)
        .filter(isNews)
        .map((finding) => ({ ...finding, item: pod.item }));
    });
  },
});

function unreachable(spec: ContainerSpec, knowledge: Knowledge): Finding[] {
  const servers = listeningServers(spec, knowledge).filter(({ port }) => port !== null);
  const ports = exposedPorts(spec);
  if (ports === undefined) {
    return [];
  }
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
  const isCertain = http.length > 0 && isOnlyListener(server, spec);
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

function hostOption({ server }: ServerCommand): string {
  if (/^(?:tgi|lorax|tei)$/.test(server)) {
    return "--hostname";
  }
  return server === "lmdeploy" ? "--server-name" : "--host";
}

function portOption({ server }: ServerCommand): string {
  return server === "lmdeploy" ? "--server-port" : "--port";
}
