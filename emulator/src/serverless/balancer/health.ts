import { httpPorts } from "../../pods/pod-runtime";
import type { Worker } from "../../state/endpoint";

type Settings = Pick<Worker["settings"], "env" | "ports">;

interface BalancedPorts {
  /** Of the application. */
  port: number;
  /** Of its health check. */
  health: number;
  /** The path of the health check. */
  path: string;
}

const DEFAULT_PORT = 80;

/** Where a load balancer expects a worker's server, by the variables of its environment. */
export function balancedPorts({ env }: Settings): BalancedPorts {
  const port = Number(env["PORT"] || DEFAULT_PORT);
  return {
    port,
    health: Number(env["PORT_HEALTH"] || port),
    path: env["HEALTH_CHECK_PATH"] || "/ping",
  };
}

/** The HTTP ports of a worker: port 80 is exposed without being named if nothing sets another. */
export function exposedPorts({ env, ports }: Settings): number[] {
  const named = httpPorts(ports);
  return env["PORT"] || env["PORT_HEALTH"] ? named : [...new Set([...named, DEFAULT_PORT])];
}

/** Whether the container runs and the load balancer cannot reach it, because a port is not exposed. */
export function isMisconfigured({ container, settings }: Worker): boolean {
  const { port, health } = balancedPorts(settings);
  const exposed = exposedPorts(settings);
  const isReachable = exposed.includes(port) && exposed.includes(health);
  return !isReachable && container?.status() === "running";
}

/** Whether the worker takes requests: 200 is healthy, 204 is still starting, all else is unhealthy. */
export async function isHealthy({ phase, container, settings }: Worker): Promise<boolean> {
  const { health, path } = balancedPorts(settings);
  if (phase !== "ready" || !container?.listening(health)) {
    return false;
  }
  const answer = await container.handle(new Request(`http://worker${path}`), health);
  await answer.body?.cancel();
  return answer.status === 200;
}
