import { commandFaults, readServers, type ServerCommand } from "@runpod-stack/models";
import type { Knowledge } from "./knowledge";
import { isKnown, wholeList } from "./known";
import { servingOf } from "./serving";
import type { ContainerSpec } from "./spec";

/** The model servers of a container that answer themselves, without those that cannot start. */
export function listeningServers(
  spec: ContainerSpec,
  knowledge: Knowledge,
): readonly ServerCommand[] {
  const serving = servingOf(spec, knowledge);
  if (!isKnown(serving) || commandFaults(serving.server).length > 0 || hasGateway(spec)) {
    return [];
  }
  return readServers(serving.server);
}

/** Whether nothing else in its container can be asked, and no other environment moves its port. */
export function isOnlyListener(server: ServerCommand, spec: ContainerSpec): boolean {
  return server.isAlone && spec.env.isWhole && !isOneOfMany(spec);
}

/** The ports that a container exposes; undefined if not all are known. */
export function exposedPorts({ ports }: ContainerSpec): readonly string[] | undefined {
  return ports === undefined ? [] : wholeList(ports);
}

/** Programs that pass requests on to a server, or answer on other ports. */
const GATEWAY =
  /\b(?:nginx|caddy|haproxy|traefik|envoy|socat|cloudflared|ngrok|tailscaled?|frpc|litellm|uvicorn|gunicorn|hypercorn|streamlit|gradio|chainlit|open-webui|jupyter|code-server|openresty|http\.server)\b|\bssh -[A-Za-z]*[LRD]/;

function hasGateway({ dockerEntrypoint, dockerStartCmd }: ContainerSpec): boolean {
  const words = [...(wholeList(dockerEntrypoint) ?? []), ...(wholeList(dockerStartCmd) ?? [])];
  return GATEWAY.test(words.join(" "));
}

/** Of several nodes only the first one serves. */
function isOneOfMany({ dockerStartCmd }: ContainerSpec): boolean {
  return (wholeList(dockerStartCmd) ?? []).some((word) =>
    /^(?:--?nnodes|--node-rank|-r|-n)\b/.test(word),
  );
}
