import type { Worker } from "../../state/endpoint";
import { takesRequests } from "../occupancy";
import { healthPort, isExposed, servicePort } from "../worker-container";

/** Whether the container runs and the load balancer cannot reach it, because a port is not exposed. */
export function isMisconfigured({ container, settings }: Worker): boolean {
  const ports = [servicePort(settings), healthPort(settings)];
  return container?.status() === "running" && !ports.every((port) => isExposed(settings, port));
}

/**
 * Whether the worker takes requests: its health check answers 200. With 204 it is still starting, with
 * all else unhealthy: https://docs.runpod.io/serverless/load-balancing/overview#health-checks
 */
export async function isHealthy(worker: Worker): Promise<boolean> {
  const { container, settings } = worker;
  if (!takesRequests(worker) || container === null) {
    return false;
  }
  const path = settings.env["HEALTH_CHECK_PATH"] || "/ping";
  const url = `http://worker${path.startsWith("/") ? "" : "/"}${path}`;
  const answer = await container.handle(new Request(url), healthPort(settings));
  await answer.body?.cancel();
  return answer.status === 200;
}
