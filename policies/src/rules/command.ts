import { foreign, type Safe, safe } from "@runpod-stack/kit";
import { type CommandFault, commandFaults } from "@runpod-stack/models";
import { suggestions } from "@runpod-stack/provider/schema";
import { isKnown } from "../known";
import { type Finding, ofContainers, refusalIf, rule } from "../rule";
import { serverSpecOf } from "../serving";

export const commandServes = rule({
  name: "command-serves",
  description: "Checks whether the container's command can start its model server.",
  severity: "critical",
  level: "mandatory",
  why: "The ENTRYPOINT of a server's image takes every word of dockerStartCmd as an argument. Given a shell, a second server or an unknown option, the server exits at every start, and RunPod keeps restarting and billing it.",
  source:
    "Docker docs, ENTRYPOINT and CMD; vllm-project/vllm#22072, #37133, #32294; the argument parsers of the servers' releases",
  remediationSteps: "Change the command as the message says.",
  options: {},
  hasDoubts: true,
  example:
    'imageName: "vllm/vllm-openai:v0.20.0", dockerStartCmd: ["bash", "-c", "vllm serve Qwen/Qwen3-8B"]',
  check: ofContainers((spec, _options, knowledge) => {
    const server = serverSpecOf(spec, knowledge);
    if (!isKnown(server)) {
      return [];
    }
    return commandFaults(server).map((fault) => finding(fault, server.dockerEntrypoint));
  }),
});

function finding(fault: CommandFault, entrypoint: readonly string[] | undefined): Finding {
  const { field, items, line } = fault;
  const what = safe`${field} ${list(items)} ${reason(fault)}. The container runs: ${command(line)}`;
  return refusalIf(fault.isCertain, field, safe`${what}.`, remedy(fault, entrypoint));
}

function reason({ kind, items, release = "the server", isCertain }: CommandFault): Safe {
  switch (kind) {
    case "program-after-entrypoint":
      return safe`must not follow the image's ENTRYPOINT: the server takes each word as an argument`;
    case "entrypoint-repeated":
      return safe`must not be repeated: the image's ENTRYPOINT already starts the server`;
    case "words-in-one-item":
      return safe`must be separate items: the server reads each item as one word`;
    case "command-in-one-item":
      return safe`must be separate items: no program, model or option has that name`;
    case "script-in-many-items":
      return safe`must be one item: after -c, a shell reads only the first item as its script`;
    case "shell-without-c":
      return safe`must follow -c: without -c, a shell reads its script from a file with that name`;
    case "no-such-program":
      return safe`must be a program: this image does not start a server on its own`;
    case "unknown-option":
      return safe`is not an option of ${release}`;
    case "missing-value":
      return safe`must have a value: ${release} requires one`;
    case "wrong-value":
      return safe`must be a value that ${release} accepts`;
    case "extra-word":
      return safe`must belong to an option: ${release} rejects it as an unrecognized argument`;
    case "model-needs-option":
      return safe`must follow an option: when started as a module, ${release} accepts a model only through an option`;
    case "starts-no-server":
      return safe`must begin with a command that starts a server: ${foreign(items[0], SHORT)} does not`;
    case "server-not-in-image":
      return isCertain
        ? safe`must be a server that the image contains: this image has a different one`
        : safe`should be a server that the image contains: this image is not known to contain it`;
  }
}

function remedy(
  { kind, items, meant, known = [], field }: CommandFault,
  entrypoint: readonly string[] | undefined,
): Safe {
  switch (kind) {
    case "program-after-entrypoint":
      return safe`Set dockerEntrypoint to ${array(meant.slice(0, items.length))} and dockerStartCmd to ${array(meant.slice(items.length))}, or keep only the model and its options in dockerStartCmd.`;
    case "entrypoint-repeated":
      return safe`Set dockerStartCmd to ${array(meant)}.`;
    case "words-in-one-item":
    case "command-in-one-item":
      return safe`Write ${list(meant)} instead.`;
    case "script-in-many-items":
      return safe`Set ${field} to ${array(meant)}, or remove the shell from ${entrypoint ? "dockerEntrypoint" : "dockerStartCmd"}.`;
    case "shell-without-c":
    case "model-needs-option":
      return safe`Write ${list(meant)} instead.`;
    case "no-such-program":
      return meant[0]?.startsWith("-")
        ? safe`Begin dockerStartCmd with the program that takes these options.`
        : safe`Set dockerStartCmd to ${array(meant)}.`;
    case "unknown-option": {
      const [close] = suggestions(items[0] ?? "", known);
      return close === undefined
        ? safe`Remove it, or pin imageName to a release that has this option.`
        : safe`Write ${close}, or pin imageName to a release that has this option.`;
    }
    case "missing-value":
      return safe`Add a value, or remove the option.`;
    case "wrong-value":
      return meant.length > 0 ? safe`Use one of: ${meant.join(", ")}.` : safe`Use a number.`;
    case "extra-word":
      return safe`Remove it, or put its option in front of it.`;
    case "starts-no-server":
      return safe`Set dockerStartCmd to ${array(meant)}${meant[0] === "serve" ? ", and load models through the API or with a script in dockerEntrypoint" : ""}.`;
    case "server-not-in-image":
      return safe`Use that server's image, or install the server in the command.`;
  }
}

const SHORT = { most: 120 };
const LINE = { most: 300 };

/** Items as in a request body: `["bash", "-c"]`. A single item has no brackets. */
function list(items: readonly string[]): Safe {
  const shown = withoutKeys(items);
  const [only = ""] = shown;
  return foreign(shown.length === 1 && !/\s/.test(only) ? only : JSON.stringify(shown), LINE);
}

function array(items: readonly string[]): Safe {
  return foreign(JSON.stringify(withoutKeys(items)), LINE);
}

/** A command line as typed in a shell. */
function command(words: readonly string[]): Safe {
  const typed = withoutKeys(words).map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`,
  );
  return foreign(typed.join(" "), LINE);
}

/** Hides the values of options that contain a key. */
function withoutKeys(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const before = words[at - 1] ?? "";
    const isValue = /^--?[\w-]*(?:key|token|secret|password)s?$/i.test(before);
    if (isValue && !word.startsWith("-")) {
      return "…";
    }
    return word.replace(/^(--?[\w-]*(?:key|token|secret|password)s?=).*/is, "$1…");
  });
}
