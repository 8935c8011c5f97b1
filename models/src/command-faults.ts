import { argumentFault } from "./argument-faults";
import type { CommandFault, WordFault } from "./command-fault";
import { commandLine, type ServerSpec } from "./command-line";
import { readContainer } from "./container";
import type { Launch } from "./launch";
import { isFromImage } from "./preparation";
import { knownImage } from "./server-image";

/**
 * What is wrong with a command so that its container never serves: a program or a shell behind an
 * ENTRYPOINT that is the server, several words in one item, an option that the release does not
 * know. Empty where nothing is known to be wrong. Never throws.
 *
 * @example
 * commandFaults({ imageName: "vllm/vllm-openai:v0.20.0", dockerStartCmd: ["bash", "-c", "…"] })
 * // [{ kind: "program-after-entrypoint", line: ["vllm", "serve", "bash", "-c", "…"], … }]
 */
export function commandFaults(spec: ServerSpec): CommandFault[] {
  const { words, mistakes } = commandLine(spec);
  const field = spec.dockerStartCmd?.length ? "dockerStartCmd" : "dockerEntrypoint";
  const found = mistakes.map((mistake) => ({ ...mistake, line: words, isCertain: true }));
  const idle = mistakes.length === 0 ? startsNothing(spec, words) : null;
  const launches = readContainer(spec)?.launches ?? [];
  const more = launches.flatMap((launch): CommandFault[] => {
    const fault = notInImage(spec, launch) ?? argumentFault(spec, launch);
    if (fault === null) {
      return [];
    }
    const line = launch.isDirect && mistakes.length === 0 ? words : launch.line;
    return [{ ...fault, field, line }];
  });
  return [...found, ...(idle ? [idle] : []), ...more];
}

/** Words that begin a server behind an ENTRYPOINT that has other commands as well. */
const SERVING_COMMANDS: Readonly<Record<string, RegExp>> = {
  ollama: /^(?:serve|start)$|^-|[$`]/,
  infinity: /^(?:v1|v2|cli)$|^-|[$`]/,
};

/** Of an image whose ENTRYPOINT has commands: one that does not serve. */
function startsNothing(spec: ServerSpec, words: readonly string[]): CommandFault | null {
  const image = knownImage(spec.imageName ?? "");
  const serves = SERVING_COMMANDS[image?.server ?? ""];
  const [first = ""] = spec.dockerStartCmd ?? [];
  if (!image || !serves || spec.dockerEntrypoint?.length || first === "" || serves.test(first)) {
    return null;
  }
  const meant = image.server === "ollama" ? ["serve"] : ["v2", "--model-id", first];
  return {
    kind: "starts-no-server",
    field: "dockerStartCmd",
    items: [first],
    meant,
    line: words,
    isCertain: true,
  };
}

/** A server in the image of another one. SGLang's older images held vLLM as well. */
function notInImage(spec: ServerSpec, launch: Launch): WordFault | null {
  const image = knownImage(spec.imageName ?? "");
  if (image === null || image.server === launch.server || !isFromImage(spec, launch)) {
    return null;
  }
  if (image.server === "sglang" || image.server === "worker-vllm") {
    return null;
  }
  if (/worker-vllm/.test(launch.server)) {
    return null;
  }
  return {
    kind: "server-not-in-image",
    items: launch.line.slice(0, launch.line.length - launch.args.length),
    meant: [],
    isCertain: image.server !== null,
  };
}
