import type { Endpoint as EndpointView, Template as TemplateView } from "@runpod-stack/openapi";
import { commandView } from "../state/container-command";
import type { Endpoint } from "../state/endpoint";
import { findCpuType } from "../stock/catalog";
import { hasIdleTimeout } from "./rules";

/**
 * As v2 answers.
 * @param origin where the emulator listens, as `http://127.0.0.1:8787`
 */
export function endpointView(endpoint: Endpoint, origin: string): EndpointView {
  const { min, max, idleTimeout } = endpoint.workers;
  return {
    id: endpoint.id,
    name: endpoint.name,
    type: endpoint.type,
    requestUrls: requestUrls(endpoint, origin),
    ...containerView(endpoint),
    ...computeView(endpoint),
    workers: { min, max, ...(hasIdleTimeout(endpoint) && { idleTimeout }) },
    scaling: endpoint.scaling,
    dataCenterIds: endpoint.dataCenterIds,
    networkVolumes: endpoint.networkVolumes,
    ...(endpoint.globalVolumes.length > 0 && { globalVolumes: endpoint.globalVolumes }),
    timeout: endpoint.timeout,
    flashboot: endpoint.flashboot,
    createdAt: new Date(endpoint.createdAt).toISOString(),
  };
}

/** The template that the platform made for the endpoint, as the list of templates shows it. */
export function boundTemplateView(endpoint: Endpoint): TemplateView {
  return {
    id: endpoint.template.id,
    name: endpoint.name,
    ...containerView(endpoint),
    mounts: {},
    serverless: true,
    public: false,
    category: endpoint.cpu ? "CPU" : "NVIDIA",
    startSsh: false,
    startJupyter: false,
    allowedCudaVersions: endpoint.gpu?.allowedCudaVersions ?? [],
  };
}

function containerView({ image, command, disk, ports, env, registry }: Endpoint) {
  return { image, ...commandView(command), disk, ports, env, registry };
}

function computeView({ gpu, cpu }: Endpoint): Pick<EndpointView, "gpu" | "cpu"> {
  return {
    gpu,
    ...(cpu && {
      cpu: cpu.map(({ id, vcpuCount }) => ({
        id,
        vcpuCount,
        memory: vcpuCount * (findCpuType(id)?.ramGbPerVcpu ?? 0),
      })),
    }),
  };
}

function requestUrls(
  { id, type, env }: Endpoint,
  origin: string,
): NonNullable<EndpointView["requestUrls"]> {
  if (type === "LOAD_BALANCER") {
    const base = `${origin}/lb/${id}`;
    return { base, health: base + (env["HEALTH_CHECK_PATH"] || "/ping") };
  }
  const base = `${origin}/serverless/v2/${id}`;
  return {
    run: `${base}/run`,
    runSync: `${base}/runsync`,
    status: `${base}/status`,
    stream: `${base}/stream`,
    cancel: `${base}/cancel`,
    retry: `${base}/retry`,
    purgeQueue: `${base}/purge-queue`,
    health: `${base}/health`,
  };
}
