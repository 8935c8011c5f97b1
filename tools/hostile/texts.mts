// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import fc from "fast-check";
import {
  bodyWith,
  bodyWithScript,
  EVENTS,
  FILES,
  LOGS,
  MODELS,
  type Shapes,
  STACKS,
} from "./shapes.mts";

/** Words with a meaning for one of the readers, to be inserted elsewhere. */
const TOKENS = [
  ..."\"'`\\$(){}[]<>#;&|!*?~=:,-+@%/. \t\n\r\0",
  ...[
    "$a",
    "${a",
    "${a:-",
    '"$@"',
    "$(",
    "$((",
    "&&",
    "||",
    "<<E\n",
    "2>&1",
    "\\\n",
    "a=b",
    "a=$a$a;",
  ],
  ...[
    "export ",
    "exec ",
    "env ",
    "bash -c ",
    "sh",
    "for a in b;do ",
    "if ",
    "while ",
    "wait",
    "sleep 1",
  ],
  ...[
    "vllm serve ",
    "ollama serve",
    "ollama pull ",
    "python3 -m ",
    "--model",
    "--port=1",
    "-hf ",
    "$constructor",
  ],
  ...[
    "Qwen/Qwen3.8-27B",
    "a/b-8x7b",
    "q4_k_m",
    "v0.16.0",
    "cu129",
    "12.8",
    "999999999999999999999",
    "1e400",
  ],
  ...[
    "---\n",
    "- ",
    "? ",
    "&a ",
    "*a ",
    "<<: ",
    "!!str ",
    "!!binary ",
    "%YAML 1.1\n---\n",
    "|\n",
    ">\n",
    "  ",
    "\ufeff",
  ],
  ...[
    '{"',
    '":',
    "null",
    "[secret]",
    "__proto__",
    "constructor",
    "toString",
    "4dabf18193072939515e22adb298388d",
  ],
  ...[
    "imageName",
    "dockerStartCmd",
    "dockerEntrypoint",
    "env",
    "gpuTypeIds",
    "ports",
    "deployment",
    "resources",
  ],
  ...[
    "steps",
    "newState",
    "urn",
    "urn:pulumi:",
    "::",
    "project:///",
    "#1,",
    "../",
    "node_modules/",
    "sequence",
  ],
  ...[
    "Downloading [=> ] 1MB/",
    "Fetching 1 files: 1%|",
    'hostname: "',
    "No space left on device",
    "\u001b[1m",
  ],
  ...[
    "start container for ",
    "Uvicorn running on http://",
    "127.0.0.1:",
    "server_args=ServerArgs(",
    "ERROR ",
  ],
  ...["\u2028", "\u202e", "\ud800", "é", "𝒳", "\u0085"],
];

const LARGEST = 300_000;

const token = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TOKENS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

/** Tokens, some of them repeated. */
const soup = fc
  .array(
    fc.tuple(
      fc.array(token, { minLength: 1, maxLength: 4 }).map((words) => words.join("") || " "),
      fc.constantFrom(1, 1, 1, 1, 2, 5, 30, 300, 3_000, 30_000),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) =>
    pieces
      .map(([words, times]) => words.repeat(Math.min(times, LARGEST / words.length)))
      .join("")
      .slice(0, LARGEST),
  );

const VALID = [
  bodyWithScript(
    'export HF_HOME=/workspace && exec vllm serve "${MODEL:-a/b-8b}" --port 8000 2>&1',
  ),
  bodyWith({ env: { HF_TOKEN: "hf_a" }, ports: ["8000/http"], volumeInGb: 50 }),
  "name: a\nimage: vllm/vllm-openai:v0.20.0\ngpu: { id: NVIDIA L4, count: 1 }\ncmd: [a/b-8b]\ndisk: 50\n",
];

const shaped = (shapes: Shapes) =>
  fc
    .tuple(fc.constantFrom(...Object.values(shapes)), fc.integer({ min: 10, max: 5_000 }))
    .map(([make, size]) => make(size));

/** Inputs with pieces removed and others inserted. */
const mutated = fc
  .tuple(
    fc.oneof(fc.constantFrom(...VALID), ...[FILES, STACKS, EVENTS, LOGS, MODELS].map(shaped)),
    fc.array(fc.tuple(fc.nat(5_000), fc.nat(40), fc.oneof(token, soup)), { maxLength: 4 }),
  )
  .map(([start, cuts]) =>
    cuts.reduce((text, [at, length, put]) => {
      const from = at % (text.length + 1);
      return (text.slice(0, from) + put + text.slice(from + length)).slice(0, LARGEST);
    }, start),
  );

const fields = fc.constantFrom(
  ...[
    "imageName",
    "image",
    "dockerStartCmd",
    "dockerEntrypoint",
    "args",
    "cmd",
    "entrypoint",
    "env",
  ],
  ...[
    "gpuTypeIds",
    "gpuCount",
    "ports",
    "mounts",
    "persistent",
    "network",
    "templateId",
    "size",
    "path",
  ],
  ...[
    "volumeInGb",
    "volumeMountPath",
    "dataCenterId",
    "deployment",
    "resources",
    "inputs",
    "type",
    "urn",
  ],
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue({ maxDepth: 1 }),
    fc.oneof(token, soup),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fields, token), tie("value"), { maxKeys: 8 }),
  ),
}));

/** What strangers may write: noise, and almost valid inputs. At most a megabyte. */
export const texts: fc.Arbitrary<string> = fc
  .oneof(
    soup,
    mutated,
    soup.map(bodyWithScript),
    fc.array(soup, { maxLength: 4 }).map((dockerStartCmd) => bodyWith({ dockerStartCmd })),
    fc.tuple(fields, value).map(([name, held]) => bodyWith({ [name]: held })),
    value.map((held) => JSON.stringify(held)),
  )
  .map((text) => text.slice(0, 1_000_000));
