import { safe } from "@runpod-stack/kit";
import { isLoopback, type ServerKind } from "@runpod-stack/models";
import type { Knowledge } from "../knowledge";
import { UNKNOWN } from "../known";
import { exposedPorts, isOnlyListener, listeningServers } from "../listening";
import { doubt, type Finding, refusalIf } from "../rule";
import type { ContainerSpec } from "../spec";
import { LOAD_BALANCER_PORT } from "../workers";

/** What keeps a load balancer from reaching the workers' server. */
export function unrouted(spec: ContainerSpec, knowledge: Knowledge): Finding[] {
  const servers = listeningServers(spec, knowledge).filter(({ port }) => port !== null);
  const ports = exposedPorts(spec);
  const { PORT: own } = spec.env.entries;
  const [server] = servers;
  if (server === undefined || ports === undefined || own === UNKNOWN || !spec.env.isWhole) {
    return [];
  }
  const port = own ?? LOAD_BALANCER_PORT;
  const open = servers.filter(({ host }) => host === null || !isLoopback(host));
  if (open.some((one) => `${one.port}` === port)) {
    return [...notExposed(own, ports), ...noHealth(server.server, spec)];
  }
  const isCertain = servers.length === 1 && isOnlyListener(server, spec);
  const must = isCertain ? "must" : "should";
  if (open.length === 0) {
    const message = safe`dockerStartCmd ${must} start ${server.server} on all addresses: it listens on ${server.host}:${server.port}, where the load balancer does not reach it.`;
    return [
      refusalIf(
        isCertain,
        "dockerStartCmd",
        message,
        safe`Let the server listen on 0.0.0.0:${port}.`,
      ),
    ];
  }
  const shown = own === undefined ? "env PORT" : `env PORT ${own}`;
  return [
    refusalIf(
      isCertain,
      "env",
      safe`${shown} ${must} be ${server.port}: the load balancer sends requests and health checks to port ${port}${own === undefined ? " unless PORT is set" : ""}, and ${server.server} listens on port ${server.port}. Workers never become healthy.`,
      safe`Set env PORT to "${server.port}", and add "${server.port}/http" to ports.`,
    ),
  ];
}

/** RunPod exposes its default port itself. */
function notExposed(own: string | undefined, ports: readonly string[]): Finding[] {
  if (own === undefined || ports.includes(`${own}/http`)) {
    return [];
  }
  const message = safe`ports should include ${own}/http: env PORT lets the load balancer send requests to that port, which is not exposed.`;
  return [doubt("ports", message, safe`Add "${own}/http" to ports.`)];
}

/** Servers without a route /ping, and the one that reports their health. */
const HEALTH: Readonly<Partial<Record<ServerKind, string>>> = {
  "llama.cpp": "/health",
  ollama: "/",
};

function noHealth(server: ServerKind, { env }: ContainerSpec): Finding[] {
  const path = HEALTH[server];
  if (path === undefined || env.entries["HEALTH_CHECK_PATH"] !== undefined) {
    return [];
  }
  const message = safe`env HEALTH_CHECK_PATH should be ${path}: the load balancer asks /ping for the health of a worker, and ${server} has no such route.`;
  return [doubt("env", message, safe`Set env HEALTH_CHECK_PATH to "${path}".`)];
}
