import { foreign, safe } from "@runpod-stack/kit";
import type { Knowledge } from "../knowledge";
import { isKnown } from "../known";
import { exposedPorts, isOnlyListener, listeningServers } from "../listening";
import { type Finding, type Item, refusalIf } from "../rule";
import type { ContainerSpec } from "../spec";
import { enumerate } from "../words";

/** What is wrong with a pod in view of the port that an endpoint asks. */
export function unanswered(endpoint: Item, pod: ContainerSpec, knowledge: Knowledge): Finding[] {
  const { spec, id } = endpoint;
  const ports = exposedPorts(pod);
  if (spec.kind !== "PodEndpoint" || !isKnown(spec.port) || ports === undefined) {
    return [];
  }
  const { port, path } = spec;
  const who = safe`PodEndpoint ${foreign(id.split("::").at(-1) ?? "", { most: 200 })} asks that port`;
  const http = ports.filter((entry) => entry.endsWith("/http"));
  if (!http.includes(`${port}/http`)) {
    const isCertain = pod.ports !== undefined;
    const other =
      http.length === 1 ? safe`, or set the endpoint's port to ${http[0]?.split("/")[0]}` : safe``;
    return [
      refusalIf(
        isCertain,
        "ports",
        safe`ports ${enumerate(ports) || "(none)"} ${isCertain ? "must" : "should"} include ${port}/http: ${who}.`,
        safe`Add "${port}/http" to ports${other}.`,
      ),
    ];
  }
  const servers = listeningServers(pod, knowledge);
  const [server] = servers;
  const listens = servers.some((one) => one.port === null || one.port === port);
  // Something else in the container may answer what is no model server's route, such as metrics.
  const isApi = path === undefined || (isKnown(path) && path.startsWith("/v1/"));
  if (server === undefined || listens || !(isApi || server.isAlone)) {
    return [];
  }
  const isCertain = isApi && isOnlyListener(server, pod);
  const missing = http.includes(`${server.port}/http`)
    ? safe``
    : safe`, and add "${server.port}/http" to ports`;
  return [
    refusalIf(
      isCertain,
      "ports",
      safe`ports ${port}/http ${isCertain ? "must" : "should"} lead to a server: ${who}, and ${server.server} listens on port ${server.port}.`,
      safe`Set the endpoint's port to ${server.port}${missing}.`,
    ),
  ];
}
