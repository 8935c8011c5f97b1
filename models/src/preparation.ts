import type { ServerSpec } from "./command-line";
import type { Launch } from "./launch";
import { knownImage } from "./server-image";
import { baseName } from "./server-words";

/** Commands that neither move weights or caches nor change a server's settings. */
const HARMLESS =
  /^(?:set|shopt|echo|printf|sleep|wait|true|false|:|test|\[|\[\[|date|printenv|ls|cat|head|tail|tee|grep|mkdir|chmod|chown|touch|rm|kill|pkill|trap|ulimit|umask|unset|hash|which|type|command|id|whoami|hostname|uname|df|du|free|nproc|ps|seq|read|exit|return|break|continue|shift|case|esac|for|in|do|done|fi|select|apt|apt-get|apk|yum|dnf|dpkg|pip|pip3|uv|npm|ldconfig|nvidia-smi|nvcc|ray|nginx|caddy|sshd|service|ssh-keygen|jupyter|jupyter-lab|curl|wget|aria2c|hf|huggingface-cli|ollama|start\.sh|sysctl|login|pushd|popd|cd|disown|jobs|bg|git-lfs|tmux|screen|mc|update-ca-certificates|deactivate|conda)$/;

/** Whether a command may put weights somewhere, link a cache elsewhere, or change a server's environment. */
export function mayTouch(words: readonly string[]): boolean {
  const [program = "", first = "", second = ""] = words;
  const name = baseName(program);
  if (/^(?:source|\.)$/.test(name)) {
    return !/(?:^|\/)(?:activate|rp_environment)$/.test(first);
  }
  if (/^python[\d.]*$/.test(name)) {
    return first !== "-m" || !/^(?:pip|http\.server|venv|ensurepip)$/.test(second);
  }
  return !HARMLESS.test(name) && /^[\w./[:]/.test(program);
}

/** Commands that may install a server, or replace the image's server. */
const INSTALLS =
  /^(?:pip3?|uvx?|conda|mamba|micromamba|poetry|pipenv|pdm|pixi|apt|apt-get|apk|yum|dnf|dpkg|npm|curl|wget|git|tar|unzip|cp|ln|mv|make|cmake|bash|sh|source|\.|eval|python[\d.]*)$/;
const OWN_PATH = ["PATH", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_PRELOAD"];

/** Whether the command starts the image's own server, as far as the command shows. */
export function isFromImage(spec: ServerSpec, { line, args, before, within }: Launch): boolean {
  const given = OWN_PATH.some((name) => spec.env?.[name] !== undefined);
  const start = line.slice(0, line.length - args.length);
  const own = knownImage(spec.imageName ?? "")?.entrypoint ?? [];
  const isOther = [...before.map((words) => words.slice(0, 3)), start].some(installs);
  const isElsewhere = start.some((word) => /^\/(?!usr\/|bin\/)/.test(word) && !own.includes(word));
  return !given && !isOther && within.length === 0 && !isElsewhere;
}

function installs(words: readonly string[]): boolean {
  // `python3 -m module` runs a module of the image.
  const module = /^python[\d.]*$/.test(baseName(words[0] ?? "")) ? words.indexOf("-m") : -1;
  if (module > 0) {
    return INSTALLS.test(words[module + 1] ?? "");
  }
  return words.some((word) => INSTALLS.test(baseName(word)));
}
