import { foreign, type Safe, safe } from "@runpod-stack/kit";
import { type CommandFault, commandFaults } from "@runpod-stack/models";
import { suggestions } from "@runpod-stack/provider/schema";
import { isKnown } from "../known";
import { type Finding, ofContainers, refusalIf, rule } from "../rule";
import { serverSpecOf } from "../serving";

export const commandServes = rule({
  name: "command-serves",
  description: "Checks whether the command that the container runs can start its model server.",
  severity: "critical",
  level: "mandatory",
  why: "A server's ENTRYPOINT takes every word of dockerStartCmd as its own argument. A shell, a second server or an option that the release does not know ends it at each start, and RunPod starts it again and bills.",
  source:
    "Docker docs, ENTRYPOINT and CMD; vllm-project/vllm#22072, #37133, #32294; the servers' own argument parsers, release by release",
  remediationSteps: "Change the command as the message says. It shows the command line that runs.",
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
      return safe`must not follow the image's ENTRYPOINT: the server takes each word as its own argument`;
    case "entrypoint-repeated":
      return safe`must not be repeated: the image's ENTRYPOINT already starts the server`;
    case "words-in-one-item":
      return safe`must be separate items: the server takes one item as one word`;
    case "command-in-one-item":
      return safe`must be separate items: no program, model or option has that name`;
    case "script-in-many-items":
      return safe`must be one item: after -c a shell takes only the first as its script`;
    case "shell-without-c":
      return safe`must follow -c: without it a shell reads its script from a file of that name`;
    case "no-such-program":
      return safe`must be a program: this image starts no server by itself`;
    case "unknown-option":
      return safe`must be an option of ${release}, which does not know it`;
    case "missing-value":
      return safe`must have a value in ${release}`;
    case "wrong-value":
      return safe`must be a value that ${release} takes`;
    case "extra-word":
      return safe`must belong to an option: ${release} refuses it as an unrecognized argument`;
    case "model-needs-option":
      return safe`must follow an option: started as a module, ${release} takes no model without one`;
    case "starts-no-server":
      return safe`must begin with a command that serves: ${foreign(items[0], SHORT)} is none`;
    case "server-not-in-image":
      return isCertain
        ? safe`must be a server that the image has: this one has another`
        : safe`should be a server that the image has: this one is not known to have it`;
  }
}

function remedy(
  { kind, items, meant, known = [], field }: CommandFault,
  entrypoint: readonly string[] | undefined,
): Safe {
  switch (kind) {
    case "program-after-entrypoint":
      return safe`Set dockerEntrypoint to ${array(meant.slice(0, items.length))} and dockerStartCmd to ${array(meant.slice(items.length))}, or leave only the model and its options in dockerStartCmd.`;
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
        ? safe`Remove it, or pin a release of imageName that knows it.`
        : safe`Write ${close}, or pin a release of imageName that knows it.`;
    }
    case "missing-value":
      return safe`Give it a value, or remove it.`;
    case "wrong-value":
      return meant.length > 0 ? safe`Use one of: ${meant.join(", ")}.` : safe`Give it a number.`;
    case "extra-word":
      return safe`Remove it, or put the option before it that it belongs to.`;
    case "starts-no-server":
      return safe`Set dockerStartCmd to ${array(meant)}${meant[0] === "serve" ? ", and load models by a script of dockerEntrypoint or through the API" : ""}.`;
    case "server-not-in-image":
      return safe`Use the image of that server, or install it in the command.`;
  }
}

const SHORT = { most: 120 };
const LINE = { most: 300 };

/** Items as they stand in a body: `["bash", "-c"]`; one alone without the brackets. */
function list(items: readonly string[]): Safe {
  const shown = withoutKeys(items);
  const [only = ""] = shown;
  return foreign(shown.length === 1 && !/\s/.test(only) ? only : JSON.stringify(shown), LINE);
}

function array(items: readonly string[]): Safe {
  return foreign(JSON.stringify(withoutKeys(items)), LINE);
}

/** A command line as one would type it. */
function command(words: readonly string[]): Safe {
  const typed = withoutKeys(words).map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`,
  );
  return foreign(typed.join(" "), LINE);
}

/** Without the values of options that hold a key. */
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
