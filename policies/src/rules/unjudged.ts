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
  description: "Checks whether the command shows which model the container serves.",
  severity: "medium",
  level: "advisory",
  why: "The rules about disks, caches, GPU memory and ports check only a model server that they recognize. They cannot check a script, an encoded command or an unknown image, and their silence is not approval.",
  source: "docs/policies.md, Confidence levels",
  remediationSteps:
    "Write the server's command in dockerStartCmd, or configure which known image your own image behaves like.",
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

/** Why no rule about models applies to a container, as a clause; undefined if some apply. */
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

/** Whether this is the start script of RunPod's images: a shell, Jupyter and SSH. */
function isBaseStart(command: string, isKnownImage: boolean): boolean {
  return command === "/start.sh" && isKnownImage;
}

function withoutModel(serving: ReturnType<typeof servingOf>): Finding[] {
  if (!isKnown(serving) || serving.model !== undefined) {
    return [];
  }
  // Ollama often loads models later; the worker's model comes from its endpoint.
  if (/^(?:ollama|worker-vllm)$/.test(serving.command.server)) {
    return [];
  }
  return [
    notJudged(
      "dockerStartCmd",
      safe`dockerStartCmd cannot be checked: it starts ${serving.command.server}, but does not name a model.`,
      safe`Name the model in dockerStartCmd, or set its variable in env.`,
      safe`the command of ${serving.command.server} names no model`,
    ),
  ];
}

function hiddenCommand(command: string): Finding {
  return notJudged(
    "dockerStartCmd",
    safe`dockerStartCmd cannot be checked: it does not show what ${foreign(command, { most: 100 })} starts, so the rules about models, disks, GPU memory and ports do not apply.`,
    safe`Write the model server's command in dockerStartCmd, or check the script's needs yourself: npx -p @runpod-stack/policies runpod-policies size <model>.`,
    safe`what ${foreign(command, { most: 100 })} starts cannot be read`,
  );
}

function unknownImage(image: string): Finding {
  return notJudged(
    "imageName",
    safe`imageName ${foreign(image, { most: 200 })} cannot be checked: its name suggests a model server, but the image is unknown, so the rules about models, disks, GPU memory and ports do not apply.`,
    safe`Set the known image that it behaves like in the policy configuration: ${EXAMPLE_IMAGE}.`,
    noServer(image),
  );
}

function idleImage(image: string): Finding {
  return doubt(
    "dockerStartCmd",
    safe`dockerStartCmd is required: imageName ${foreign(image, { most: 200 })} does not start a model server on its own.`,
    safe`Set dockerStartCmd to the server's command.`,
  );
}
