import { argumentFault } from "./argument-faults";
import type { CommandFault, WordFault } from "./command-fault";
import { commandLine, type ServerSpec } from "./command-line";
import { readContainer } from "./container";
import type { Launch } from "./launch";
import { isFromImage } from "./preparation";
import { knownImage } from "./server-image";

/**
 * Faults in a command that keep its container from serving: a program or shell passed to an
 * ENTRYPOINT that is already the server, several words in one item, an option that the release does
 * not have. Empty if no fault is known. Never throws.
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

/** First words that start a server, for an ENTRYPOINT that also has other commands. */
const SERVING_COMMANDS: Readonly<Record<string, RegExp>> = {
  ollama: /^(?:serve|start)$|^-|[$`]/,
  infinity: /^(?:v1|v2|cli)$|^-|[$`]/,
};

/** A command of the image's ENTRYPOINT that starts no server. */
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

/** A server started in another server's image. SGLang's older images also contain vLLM. */
function notInImage(spec: ServerSpec, launch: Launch): WordFault | null {
  const image = knownImage(spec.imageName ?? "");
  if (image === null || image.server === launch.server || !isFromImage(spec, launch)) {
    return null;
  }
  if (image.server === "sglang" || image.server === "worker-vllm") {
    return null;
  }
  if (launch.server === "worker-vllm") {
    return null;
  }
  return {
    kind: "server-not-in-image",
    items: launch.line.slice(0, launch.line.length - launch.args.length),
    meant: [],
    isCertain: image.server !== null,
  };
}
