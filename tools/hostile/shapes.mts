// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's

/** An input of about the given number of characters that is hard to read. */
export type Shape = (size: number) => string;
export type Shapes = Readonly<Record<string, Shape>>;

/** A repeated piece of text. */
const again =
  (piece: string, before = "", after = ""): Shape =>
  (size) =>
    before + piece.repeat(Math.max(1, Math.floor(size / piece.length))) + after;

/** Numbered pieces of text. */
const numbered =
  (piece: (n: number) => string, before = "", after = ""): Shape =>
  (size) => {
    const length = piece(10_000).length;
    return (
      before +
      Array.from({ length: Math.floor(size / length) }, (_, n) => piece(n)).join("") +
      after
    );
  };

const doubled =
  (use: string): Shape =>
  (size) => {
    const links = Math.min(60, Math.floor(size / 16));
    return `a0=x;${Array.from({ length: links }, (_, n) => `a${n + 1}=$a${n}$a${n};`).join("")}${use.replace("LAST", `a${links}`)}`;
  };

/** Scripts for `bash -c`. */
export const SCRIPTS: Shapes = {
  "open defaults": again("${a-", 'x "'),
  "open defaults unquoted": again("${a:-"),
  "nested defaults": (size) => `x ${"${a:-".repeat(size / 6)}b${"}".repeat(size / 6)}`,
  "assignments and commands": (size) =>
    numbered((n) => `a${n}=x;`)(size / 2) + again("b;")(size / 2),
  "exports and commands": (size) =>
    numbered((n) => `export a${n}=x;`)(size / 2) + again("true;")(size / 2),
  "assignments before commands": (size) => numbered((n) => `a${n}=x b;`)(size),
  doubling: doubled('vllm serve "$LAST"'),
  "doubling without quotes": doubled("vllm serve $LAST"),
  "doubling by export": (size) => doubled("vllm serve $LAST")(size).replaceAll(";a", ";export a"),
  "one value many times": (size) => `a=${"x".repeat(1000)};echo ${"$a".repeat(size / 2)}`,
  "one value in many commands": (size) => `a=${"x".repeat(1000)};${"echo $a;".repeat(size / 8)}`,
  "arguments many times": again('"$@";'),
  "nested quotes": again("\"'"),
  "escaped quotes": again('\\"', 'x "'),
  "open quotes": again('"a'),
  "nested substitutions": again("$("),
  "nested substitutions in quotes": again('"$('),
  "back-quotes": again("`a"),
  "an open back-quote": again("a", "x `"),
  "here-documents": numbered((n) => `cat <<E${n}\n`),
  "nested braces": again("{ "),
  "braces without blanks": again("{"),
  "nested parentheses": again("(a "),
  "chains of and": again("a&&", "", "a"),
  "chains of pipes": again("a|", "", "a"),
  background: again("a&"),
  "sleepers in the background": again("sleep 1&", "", "wait"),
  "for loops": again("for a in b;do "),
  "while loops": again("while true;do "),
  conditions: again("if true;then "),
  redirections: again(">a "),
  "angle brackets": again("<"),
  "broken lines": again("\\\n"),
  backslashes: again("\\"),
  comments: again("#a\n"),
  dollars: again("$"),
  "open braces of variables": again("${"),
  "prototype names": again("$constructor $__proto__ ${toString:-a};"),
  wrappers: again("env ", "", "vllm serve a/b"),
  "wrapped assignments": numbered((n) => `env a${n}=b `, "", "vllm serve a/b"),
  "shells within shells": (size) =>
    Array.from({ length: Math.min(12, Math.log2(size)) }).reduce<string>(
      (inner) => `bash -c '${inner.replaceAll("'", "'\\''")}'`.slice(0, size),
      "vllm serve a/b",
    ),
  "a shell in a variable": (size) => `export a='sh -c "$a"';sh -c "$a"`.padEnd(size),
  servers: numbered((n) => `vllm serve a/b${n};`),
  "pulled models": numbered((n) => `ollama pull q${n};`, "ollama serve&"),
  "quantized names": again("q1", "ollama serve& ollama pull ", "-"),
  echo: (size) => `a=${"x".repeat(size / 2)};${'echo "$a";'.repeat(size / 20)}`,
  blanks: again(" ", "a", "b"),
  "one word": again("a"),
  "zero characters": again("\0a"),
};

const BODY = {
  imageName: "vllm/vllm-openai:v0.16.0",
  gpuTypeIds: ["NVIDIA L4"],
  containerDiskInGb: 100,
};
/** A pod's body with other fields added. */
export function bodyWith(inputs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...BODY, ...inputs });
}
export function bodyWithScript(script: string): string {
  return bodyWith({ dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [script, "sh", "b"] });
}

const list =
  (name: string, item: (n: number) => string): Shape =>
  (size) =>
    bodyWith({
      [name]: Array.from({ length: size / (item(10_000).length + 3) }, (_, n) => item(n)),
    });
const text =
  (name: string, shape: Shape): Shape =>
  (size) =>
    bodyWith({ [name]: shape(size) });
const map =
  (entry: (n: number) => [string, unknown]): Shape =>
  (size) =>
    bodyWith({ env: Object.fromEntries(Array.from({ length: size / 24 }, (_, n) => entry(n))) });

/** Request bodies in JSON. */
const BODIES: Shapes = {
  "many GPU types": list("gpuTypeIds", (n) => `NVIDIA L${n}`),
  "one GPU type again and again": list("gpuTypeIds", () => "NVIDIA L4"),
  "a long GPU type": (size) => bodyWith({ gpuTypeIds: ["NVIDIA ".repeat(size / 7)] }),
  "many ports": list("ports", (n) => `${n}/http`),
  "many data centers": list("dataCenterIds", (n) => `EU-${n}`),
  "many CUDA versions": list("allowedCudaVersions", (n) => `12.${n}`),
  "many arguments": list("dockerStartCmd", (n) => `--a${n}=b`),
  "one option again and again": list("dockerStartCmd", () => "--port=1"),
  "arguments for a shell": (size) =>
    bodyWith({
      dockerEntrypoint: ["bash", "-c", '"$@";'.repeat(size / 10), "sh"],
      dockerStartCmd: Array.from({ length: size / 8 }, () => "b"),
    }),
  "a large environment": map((n) => [`A${n}`, "b"]),
  "many secrets": map((n) => [`A${n}_TOKEN`, "b"]),
  "reserved variables": map((n) => [`RUNPOD_TCP_PORT_${n}`, "b"]),
  "a long value": (size) => bodyWith({ env: { HF_HOME: "/".repeat(size) } }),
  "a long variable": (size) => bodyWith({ env: { [`${"A".repeat(size)}_TOKEN`]: "b" } }),
  "a long image": text("imageName", again("a/")),
  "an image of colons": text("imageName", again(":")),
  "an image of at signs": text("imageName", again("@", "", "\n")),
  "a long tag": text("imageName", again("-cu1", "vllm/vllm-openai:v1")),
  "a tag of numbers": text("imageName", again("1", "a:v")),
  "a long name": text("name", again("a\n")),
  "a mount path": text("volumeMountPath", again("../")),
  "a reference to a secret": (size) => bodyWith({ env: { A_TOKEN: "{{ ".repeat(size / 3) } }),
  "a key in the command": (size) => bodyWith({ dockerStartCmd: ["--api-key ".repeat(size / 10)] }),
  "a model's name": (size) => bodyWith({ dockerStartCmd: ["--model", "a/q1".repeat(size / 4)] }),
  "a model of slashes": (size) => bodyWith({ dockerStartCmd: ["--model", "/".repeat(size)] }),
  "a model of digits": (size) =>
    bodyWith({ dockerStartCmd: ["--model", `a/${"1".repeat(size)}b`] }),
  "llama.cpp's quantization": (size) =>
    bodyWith({
      imageName: "ghcr.io/ggml-org/llama.cpp:server",
      dockerStartCmd: ["-hf", `${"q1".repeat(size / 2)}-`],
    }),
  "a command line": (size) => bodyWith({ args: `a "${'\\"'.repeat(size / 2)}` }),
  "a stored command": (size) => bodyWith({ args: `{"cmd":${"[".repeat(size)}` }),
  "nested lists": (size) =>
    `{"imageName":"a","env":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`,
  "nested objects": (size) => `${'{"env":'.repeat(size / 7)}1${"}".repeat(size / 7)}`,
  "open lists": again("["),
  "many bodies": (size) => `[${Array.from({ length: size / 80 }, () => bodyWith({})).join()}]`,
  "empty bodies": again("{},", "[", "{}]"),
  "nested secrets": (size) => {
    const mark = '{"4dabf18193072939515e22adb298388d":1,"value":';
    return `{"imageName":${mark.repeat(size / 50)}1${"}".repeat(size / 50)}}`;
  },
};

/** Files in YAML. */
const YAML: Shapes = {
  documents: again("--- {size: 1, dataCenterId: a}\n"),
  "documents of pods": again("---\nimageName: vllm/vllm-openai:v0.16.0\ngpuTypeIds: [NVIDIA L4]\n"),
  "empty documents": again("---\n"),
  "flow maps": again("{a: "),
  "flow lists": again("["),
  "lists in lists": again("- "),
  "keys in keys": again("? "),
  indentation: (size) =>
    Array.from({ length: Math.sqrt(size) }, (_, n) => `${" ".repeat(n)}a:\n`).join(""),
  anchors: numbered((n) => ` - &a${n} x\n`, "a:\n"),
  aliases: again("  - *a\n", "a: &a x\nb:\n"),
  merges: numbered((n) => `  k${n}: {<<: *a}\n`, "a: &a {x: 1}\nb:\n"),
  "merged again and again": again("  <<: *a\n", "a: &a {x: 1}\nb:\n"),
  "billion laughs": (size) =>
    `a0: &a0 [x]\n${Array.from({ length: Math.min(40, size / 30) }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join("")}`,
  comments: again("# a\n", "", "imageName: a"),
  "empty lines": again("\n", "", "imageName: a"),
  "closing brackets": again("]\n"),
  tags: again("!a "),
  "tag directives": again("%TAG ! a\n"),
  colons: again("a: "),
  "open quotes": again('"'),
  "quoted lines": again("a\n  ", 'imageName: "', '"'),
  "folded text": again("  a\n\n", "imageName: >\n"),
  "literal text": again("  a\n", "imageName: |\n"),
  "many keys": numbered((n) => `  A${n}: b\n`, "imageName: a\nenv:\n"),
  "the same key": again("  A: b\n", "imageName: a\nenv:\n"),
  "a long key": again("k", "", ": 1"),
  "keys of lists": again("[a]: "),
  "nested keys": again(`${"? ".repeat(300)}a\n---\n`),
  tabs: again("\t", "", "a: 1"),
  "zero characters": again("\0"),
  ampersands: again("&"),
  stars: again("*"),
};

/** Every file that `check` may be given. */
export const FILES: Shapes = {
  ...Object.fromEntries(
    Object.entries(SCRIPTS).map(([name, shape]) => [
      `script: ${name}`,
      (size: number) => bodyWithScript(shape(size)),
    ]),
  ),
  ...Object.fromEntries(Object.entries(BODIES).map(([name, shape]) => [`body: ${name}`, shape])),
  ...Object.fromEntries(Object.entries(YAML).map(([name, shape]) => [`YAML: ${name}`, shape])),
};

const POD = { type: "pulumi-nodejs:dynamic/runpod:Pod", inputs: BODY };
const urn = (n: number) => `urn:pulumi:dev::p::${POD.type}::pod${n}`;

/** What `pulumi stack export` and `pulumi preview --json` print. */
export const STACKS: Shapes = {
  "many pods": (size) => {
    const resources = Array.from({ length: size / 180 }, (_, n) => ({ ...POD, urn: urn(n) }));
    return JSON.stringify({ deployment: { resources } });
  },
  "pods on one volume": (size) => {
    const resources = Array.from({ length: size / 260 }, (_, n) => ({
      ...POD,
      urn: urn(n),
      propertyDependencies: { networkVolumeId: [urn(n + 1)] },
    }));
    return JSON.stringify({ deployment: { resources } });
  },
  "one pod on many volumes": (size) => {
    const networkVolumeId = Array.from({ length: size / 60 }, (_, n) => urn(n));
    const resources = [{ ...POD, urn: urn(0), propertyDependencies: { networkVolumeId } }];
    return JSON.stringify({ deployment: { resources } });
  },
  "a frame of hashes": (size) => {
    const sourcePosition = `project:///${"#1".repeat(size / 2)}`;
    return JSON.stringify({
      steps: [{ op: "create", newState: { ...POD, urn: urn(0), sourcePosition } }],
    });
  },
  "a frame of slashes": (size) => {
    const sourcePosition = `project:///${"/node_modules".repeat(size / 13)}#1,`;
    return JSON.stringify({
      steps: [{ op: "create", newState: { ...POD, urn: urn(0), sourcePosition } }],
    });
  },
  "a long URN": (size) =>
    JSON.stringify({
      deployment: { resources: [{ ...POD, urn: `urn:pulumi:${":u::".repeat(size / 4)}` }] },
    }),
  "nested steps": again('{"steps":['),
  "empty resources": again("{},", '{"deployment":{"resources":[', "{}]}}"),
};

/** The events of Pulumi's engine. */
export const EVENTS: Shapes = {
  "many violations": (size) =>
    Array.from({ length: size / 120 }, (_, n) =>
      JSON.stringify({
        sequence: n,
        policyEvent: { policyName: "a", resourceUrn: urn(n), message: "b" },
      }),
    ).join("\n"),
  "a long message": (size) =>
    JSON.stringify({
      sequence: 1,
      policyEvent: { policyName: "a", message: "\n".repeat(size / 2) },
    }),
  "many errors": again('{"sequence":1,"diagnosticEvent":{"severity":"error","message":"a"}}\n'),
  "empty lines": again("\n"),
  "nested lines": again('{"sequence":['),
  "open lists": again("["),
  "broken lines": again('{"\n'),
};

/** Logs of containers. */
export const LOGS: Shapes = {
  "one line": again("a"),
  slashes: again(`${"/".repeat(2000)}\n`),
  "paths of scripts": again(`${"/a.sh".repeat(400)}\n`),
  "empty lines": again("\n"),
  "carriage returns": again("\r"),
  colors: again("\u001b[1;"),
  digits: again(`${"1".repeat(2000)}\n`),
  percentages: again(`${".pt:0%|".repeat(280)}\n`),
  downloads: again("Downloading [=> ] 1.1 MB/"),
  "Fetching files": again("Fetching 1 files: 1%|"),
  "server arguments": again("server_args=ServerArgs(", "", "\n"),
  "lines of server arguments": again(`${"server_args=ServerArgs( ".repeat(80)}\n`),
  hostnames: again(`${'hostname: "a" '.repeat(140)}\n`),
  addresses: again(`${"Listening on a:".repeat(130)}\n`),
  "no space": again("No space left on device\n"),
  "no space, and downloads": again("No space left on device download\n"),
  "restarts of the container": again("start container for a\n"),
  "server starts": again("vLLM API server version 0.1.\nApplication startup complete\n"),
  "listening servers": again("Uvicorn running on http://127.0.0.1:8000\n"),
  "type errors": again("TypeError model_executor/models/\n"),
  "gaps of every sign": again(
    `${["unexpected status from ", "manifest for ", "error pulling ", "Repo id must ", "Model architectures ", "failed to extract layer", "request to access model ", "huggingface.co", "Failed to resolve", "serializ"].join("").repeat(14)}\n`,
  ),
  "RunPod's frames": again('data: {"line":"a"}\n'),
  "a deep frame": again("[", 'data: {"line":'),
};

/** Names of models for `size`. */
export const MODELS: Shapes = {
  slashes: again("/"),
  digits: again("1", "", "b"),
  quantizations: again("_q2", "a/b"),
  experts: again("1x1b"),
  "at signs": again("@", "", "\n"),
  blanks: again(" "),
  parts: again("-1b-a1b"),
};

/** What a message may quote. */
export const QUOTED: Shapes = {
  "a secret in itself": again("aaaa"),
  "a secret that is cut": again("aaaa", "", "…"),
  "letters of JSON": again("\\u0061"),
  "letters of a URL": again("%61"),
  "percent signs of a URL": again("%25"),
  backslashes: again("\\"),
  "broken lines": again("a\n"),
  accents: again("a\u0301"),
  "colors of Pulumi": again("<{%"),
  escapes: again("\u001b]"),
  variables: again("A_KEY="),
  bearers: again("Bearer "),
};
