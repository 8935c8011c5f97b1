/** Model servers recognized by the words that start them. */
export type ServerKind =
  | "vllm"
  | "sglang"
  | "tgi"
  | "llama.cpp"
  | "ollama"
  | "worker-vllm"
  | "lmdeploy"
  | "tei"
  | "infinity"
  | "trtllm"
  | "aphrodite"
  | "mlc"
  | "koboldcpp"
  | "lorax";

/** A server found at a position in a command. */
export interface ServerWords {
  readonly server: ServerKind;
  /** How many words name it; its arguments follow. */
  readonly length: number;
}

/** Programs that are servers, whatever follows them. */
const PROGRAMS: Readonly<Record<string, ServerKind>> = {
  "text-generation-launcher": "tgi",
  "tgi-entrypoint.sh": "tgi",
  "sagemaker-entrypoint.sh": "tgi",
  "lorax-launcher": "lorax",
  "llama-server": "llama.cpp",
  "text-embeddings-router": "tei",
  koboldcpp: "koboldcpp",
  "koboldcpp-linux-x64": "koboldcpp",
  "koboldcpp.py": "koboldcpp",
};

/** Programs that start a server if one of these words follows. */
const COMMANDS: Readonly<Record<string, readonly [ServerKind, RegExp]>> = {
  vllm: ["vllm", /^serve$/],
  sglang: ["sglang", /^serve$/],
  ollama: ["ollama", /^(?:serve|start)$/],
  "tools.sh": ["llama.cpp", /^(?:--server|-s)$/],
  aphrodite: ["aphrodite", /^(?:run|serve)$/],
  mlc_llm: ["mlc", /^serve$/],
  infinity_emb: ["infinity", /^v[12]$/],
  "trtllm-serve": ["trtllm", /^serve$/],
  "vllm.entrypoints.cli.main": ["vllm", /^serve$/],
};

/** Servers that are Python modules, started with `-m`. */
const MODULES: Readonly<Record<string, ServerKind>> = {
  "vllm.entrypoints.openai.api_server": "vllm",
  "vllm.entrypoints.api_server": "vllm",
  "sglang.launch_server": "sglang",
  "sglang.srt.entrypoints.http_server": "sglang",
  "aphrodite.endpoints.openai.api_server": "aphrodite",
  "lmdeploy.serve.openai.api_server": "lmdeploy",
  "mlc_llm.serve.server": "mlc",
};

/** Servers that are Python files. */
const FILES: readonly (readonly [RegExp, ServerKind])[] = [
  [/(?:^|\/)vllm\/entrypoints\/(?:openai\/)?api_server\.py$/, "vllm"],
  [/(?:^|\/)sglang\/launch_server\.py$/, "sglang"],
  [/\/src\/(?:main|handler)\.py$/, "worker-vllm"],
];

/** The server whose name begins at this word; null if there is none. */
export function serverAt(words: readonly string[], at: number): ServerWords | null {
  const word = words[at] ?? "";
  const name = baseName(word);
  const next = words[at + 1] ?? "";
  const program = own(PROGRAMS, name);
  if (program) {
    return { server: program, length: 1 };
  }
  const [server, follows] = own(COMMANDS, name) ?? [];
  if (server && follows?.test(next)) {
    return { server, length: 2 };
  }
  if (name === "trtllm-serve" && next !== "") {
    return { server: "trtllm", length: 1 };
  }
  if (name === "lmdeploy" && next === "serve" && words[at + 2] === "api_server") {
    return { server: "lmdeploy", length: 3 };
  }
  const module = words[at - 1] === "-m" ? own(MODULES, word) : undefined;
  if (module) {
    return { server: module, length: 1 };
  }
  const file = FILES.find(([pattern]) => pattern.test(word));
  return file ? { server: file[1], length: 1 } : null;
}

/** Whether a string contains a word that may start a server. */
export function mentionsServer(text: string): boolean {
  return MENTION.test(text);
}

const MENTION =
  /vllm|sglang|ollama|lmdeploy|aphrodite|mlc_llm|infinity_emb|trtllm|llama-server|tools\.sh|text-(?:generation|embeddings)|koboldcpp|lorax|tgi-entrypoint|sagemaker-entrypoint|\/src\//;

/** Whether a word is a program or a module of a server, whatever follows it. */
export function isServerProgram(word: string): boolean {
  const name = baseName(word);
  return (
    own(PROGRAMS, name) !== undefined || own(COMMANDS, name) !== undefined || name === "lmdeploy"
  );
}

/** Programs that start the program after their options and pass on their environment. */
const WRAPPERS =
  /^(?:exec|env|nohup|setsid|time|command|builtin|tini|dumb-init|catatonit|stdbuf|nice|ionice|chrt|taskset|numactl|timeout|setpriv|s6-setuidgid|chpst|xargs|unbuffer|script|uvx?|python[\d.]*|torchrun|nvidia_entrypoint\.sh|docker-entrypoint\.sh|opentelemetry-instrument|ddtrace-run|nsys|nvprof|cudabind|flock|catchsegv|sh|bash|dash|ash|zsh|ksh|tmux|screen|stdbuf|eval|conda|mamba|micromamba|poetry|pipenv|pdm|hatch|rye|pixi|accelerate|unshare|tee|if|then|else|elif|while|until|do|!|time)$/;
/** Programs that never start their arguments. */
const PASSIVE =
  /^(?:echo|printf|cat|tee|grep|egrep|rg|sed|awk|jq|yq|pkill|pgrep|killall|kill|which|type|whereis|man|alias|trap|export|test|\[|\[\[|ls|cp|mv|ln|rm|mkdir|touch|chmod|chown|find|git|apt|apt-get|apk|yum|dnf|pip|pip3|npm|docker|logger|read|curl|wget|tail|head|sleep|wait|ps|watch|hf|huggingface-cli|set|source|\.)$/;
const INSTALLS =
  /^(?:install|pip|add|sync|venv|create|update|remove|uninstall|lock|tool|config|env)$/;

/** Whether a command's program never starts its arguments. */
export function isPassive(words: readonly string[]): boolean {
  const name = baseName(words[0] ?? "");
  const managesPackages = /^(?:uv|conda|mamba|micromamba|poetry|pipenv|pdm|pixi)$/.test(name);
  return PASSIVE.test(name) || (managesPackages && INSTALLS.test(words[1] ?? ""));
}

/** Whether a program passes on the variables that decide cache paths. */
export function isTransparent(word: string): boolean {
  return WRAPPERS.test(baseName(word));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
