import { safe } from "@runpod-stack/kit";
import { isKnown, knownItems } from "../known";
import { listeningServers } from "../listening";
import { doubt, type Finding, ofContainers, refusal, rule } from "../rule";
import { servingOf } from "../serving";
import type { ContainerSpec } from "../spec";
import { enumerate } from "../words";
import { isLoadBalancer } from "../workers";

export const loadBalancerAuth = rule({
  name: "load-balancer-auth",
  description: "Checks whether requests reach serverless workers only with the key that they need.",
  severity: "high",
  level: "advisory",
  why: "At an endpoint's own URL, of a queue or a load balancer, RunPod asks for an API key of the account, on every path. A TCP port of a worker is different: it is reached at the worker's public address, without RunPod's key. And a server's own key does not go well with a load balancer, because a request has one Authorization header for both keys.",
  source:
    "RunPod docs, serverless/load-balancing/overview and serverless/endpoints/endpoint-configurations (expose HTTP/TCP ports); vLLM docs, usage/security",
  remediationSteps:
    "Expose HTTP ports instead of TCP ports, and let RunPod check the key. Give each client a restricted API key.",
  options: {},
  hasDoubts: true,
  example: 'type: "LOAD_BALANCER", ports: ["8000/tcp"]',
  check: ofContainers((spec, _options, knowledge) => {
    if (!spec.isServerless) {
      return [];
    }
    const serving = servingOf(spec, knowledge);
    const asked = isKnown(serving) ? serving.command.asksForKey : null;
    const asksForKey = asked === false && !spec.env.isWhole ? null : asked;
    const ports = listeningServers(spec, knowledge).map(({ port }) => port);
    return [
      ...openPorts(spec, ports, asksForKey),
      ...(asksForKey === true && isLoadBalancer(spec) ? [secondKey(spec)] : []),
    ];
  }),
});

function openPorts(
  { ports }: ContainerSpec,
  listening: readonly (number | null)[],
  asksForKey: boolean | null,
): Finding[] {
  const tcp = knownItems(ports).filter((port) => /^\d+\/tcp$/i.test(port) && port !== "22/tcp");
  const served = tcp.filter((entry) => listening.includes(Number.parseInt(entry, 10)));
  if (served.length > 0 && asksForKey === false) {
    return [
      refusal(
        "ports",
        safe`ports ${enumerate(served)} must not be open without a key: a TCP port is reached at the worker's public address, and RunPod asks for no API key there.`,
        safe`Expose it as http, and send requests to the endpoint's URL.`,
      ),
    ];
  }
  const others = asksForKey === true ? tcp.filter((entry) => !served.includes(entry)) : tcp;
  return others.length === 0
    ? []
    : [
        doubt(
          "ports",
          safe`ports ${enumerate(others)} should ask for a key: a TCP port is reached at the worker's public address, and RunPod asks for no API key there.`,
          safe`Expose it as http, or let the program that listens there ask for a key.`,
        ),
      ];
}

/** What the load balancer does with the header on the way is not documented. */
function secondKey(spec: ContainerSpec): Finding {
  const isInEnv = Object.keys(spec.env.entries).some((name) => /API_?KEY$/i.test(name));
  const field = isInEnv ? "env" : "dockerStartCmd";
  return doubt(
    field,
    safe`${field} should not set the server's own key behind a load balancer: RunPod asks for its API key in the Authorization header, and the server expects another key in the same header.`,
    safe`Remove the server's key, and let RunPod check the key at the endpoint's URL. Keep it only if your clients have shown that both are accepted.`,
  );
}
