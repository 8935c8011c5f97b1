import { foreign, type Safe, safe } from "@runpod-stack/kit";
import { knownImage, readContainer, soundsLikeServer } from "@runpod-stack/models";
import type { Knowledge } from "../knowledge";
import { isKnown } from "../known";
import { doubt, type Finding, notJudged, ofContainers, rule } from "../rule";
import { serverSpecOf, servingOf } from "../serving";
import { isContainer, type Spec } from "../spec";

const EXAMPLE_IMAGE =
  '{"container-disk-size": {"images": {"<image>": "vllm/vllm-openai:v0.20.0"}}}';

export const unjudged = rule({
  name: "unjudged",
  description: "Checks whether it can be read which model the container serves.",
  severity: "medium",
  level: "advisory",
  why: "The rules about disks, caches, GPU memory and ports judge the model server that they find. Of a script, an encoded command or an image that they do not know they say nothing, which must not pass for consent.",
  source: "docs/policies.md, Confidence levels",
  remediationSteps:
    "Write the server's command in dockerStartCmd, or name in the configuration the known image that your own behaves like.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["bash", "-c", "curl -s https://example.com/start.sh | bash"]',
  check: ofContainers((spec, _options, knowledge) => {
    const server = serverSpecOf(spec, knowledge);
    const container = isKnown(server) ? readContainer(server) : null;
    if (!isKnown(server) || container === null) {
      return [];
    }
    if (container.launches.length > 0) {
      return withoutModel(servingOf(spec, knowledge));
    }
    const image = server.imageName ?? "";
    const known = knownImage(image);
    const isOwn = (server.dockerEntrypoint ?? server.dockerStartCmd ?? []).length > 0;
    const [hidden] = container.opaque;
    if (hidden !== undefined && !isBaseStart(hidden, known !== null)) {
      return [hiddenCommand(hidden)];
    }
    if (known === null && soundsLikeServer(image)) {
      return [unknownImage(image)];
    }
    return known?.server && !isOwn ? [idleImage(image)] : [];
  }),
});

/** Why no rule about models applies to a container that may serve one, as a clause; undefined if some may. */
export function unrecognized(spec: Spec, knowledge: Knowledge): Safe | undefined {
  const server = isContainer(spec) ? serverSpecOf(spec, knowledge) : undefined;
  if (!isKnown(server) || readContainer(server)?.launches.length !== 0) {
    return undefined;
  }
  const image = server.imageName ?? "";
  return knownImage(image) === null ? noServer(image) : undefined;
}

function noServer(image: string): Safe {
  return safe`no model server recognized in image ${foreign(image, { most: 200 })}`;
}

/** What RunPod's own images start: a shell, Jupyter and SSH. */
function isBaseStart(command: string, isKnownImage: boolean): boolean {
  return command === "/start.sh" && isKnownImage;
}

function withoutModel(serving: ReturnType<typeof servingOf>): Finding[] {
  if (!isKnown(serving) || serving.model !== undefined) {
    return [];
  }
  // Ollama is often given its models later; the worker's come with its endpoint.
  if (/^(?:ollama|worker-vllm)$/.test(serving.command.server)) {
    return [];
  }
  return [
    notJudged(
      "dockerStartCmd",
      safe`dockerStartCmd cannot be judged for its model: it starts ${serving.command.server}, and which model is not written in it.`,
      safe`Write the model in dockerStartCmd, or give its variable in env.`,
      safe`the command of ${serving.command.server} names no model`,
    ),
  ];
}

function hiddenCommand(command: string): Finding {
  return notJudged(
    "dockerStartCmd",
    safe`dockerStartCmd cannot be judged: what ${foreign(command, { most: 100 })} starts is not written in it, so no rule about models, disks, GPU memory and ports applies.`,
    safe`Write the model server's command in dockerStartCmd, or check that script's needs yourself: npx -p @runpod-stack/policies runpod-policies size <model>.`,
    safe`what ${foreign(command, { most: 100 })} starts cannot be read`,
  );
}

function unknownImage(image: string): Finding {
  return notJudged(
    "imageName",
    safe`imageName ${foreign(image, { most: 200 })} cannot be judged: it is named as a model server's and is not known, so no rule about models, disks, GPU memory and ports applies.`,
    safe`Name the known image that it behaves like in the policies' configuration: ${EXAMPLE_IMAGE}.`,
    noServer(image),
  );
}

function idleImage(image: string): Finding {
  return doubt(
    "dockerStartCmd",
    safe`dockerStartCmd is not set, and imageName ${foreign(image, { most: 200 })} starts no model server by itself.`,
    safe`Set dockerStartCmd to the server's command.`,
  );
}
