import { baseName } from "./server-words";

/** Commands that neither move weights or caches nor change what a server is told. */
const HARMLESS =
  /^(?:set|shopt|echo|printf|sleep|wait|true|false|:|test|\[|\[\[|date|printenv|ls|cat|head|tail|tee|grep|mkdir|chmod|chown|touch|rm|kill|pkill|trap|ulimit|umask|unset|hash|which|type|command|id|whoami|hostname|uname|df|du|free|nproc|ps|seq|read|exit|return|break|continue|shift|case|esac|for|in|do|done|fi|select|apt|apt-get|apk|yum|dnf|dpkg|pip|pip3|uv|npm|ldconfig|nvidia-smi|nvcc|ray|nginx|caddy|sshd|service|ssh-keygen|jupyter|jupyter-lab|curl|wget|aria2c|hf|huggingface-cli|ollama|start\.sh|sysctl|login|pushd|popd|cd|disown|jobs|bg|git-lfs|tmux|screen|mc|update-ca-certificates|deactivate|conda)$/;

/** Whether a command may put weights somewhere, link a cache elsewhere, or change a server's environment. */
export function mayTouch(words: readonly string[]): boolean {
  const [program = "", first = "", second = ""] = words;
  const name = baseName(program);
  if (/^(?:source|\.)$/.test(name)) return !/(?:^|\/)(?:activate|rp_environment)$/.test(first);
  if (/^python[\d.]*$/.test(name))
    return first !== "-m" || !/^(?:pip|http\.server|venv|ensurepip)$/.test(second);
  return !HARMLESS.test(name) && /^[\w./[:]/.test(program);
}
