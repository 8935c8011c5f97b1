import table from "@runpod-stack/models/data/models.json";

/**
 * Whether the hub has a repository, by the models that its organization is known for: those of the
 * table, and copies of them in other formats. Null if the organization is not known.
 */
export function isPublished(id: string): boolean | null {
  const [organization = "", name = ""] = id.toLowerCase().split("/");
  const names = NAMES.get(organization);
  if (names === undefined) {
    return null;
  }
  const base = comparable(name);
  const isCopy = REPUBLISHERS.has(organization) && [...NAMES.values()].some((all) => all.has(base));
  return isCopy || names.has(base) || (MORE[organization]?.test(name) ?? false);
}

/** Whether a name says that it is made up. */
export function soundsAbsent(name: string): boolean {
  return /does-?not-?exist|non-?existent|no-?such|not-found/i.test(name);
}

/** Organizations that publish other organizations' models in other formats. */
const REPUBLISHERS: ReadonlySet<string> = new Set(["nvidia", "redhatai", "unsloth"]);

/** Public repositories that were not measured, by organization. Written in lower case. */
const MORE: Readonly<Record<string, RegExp>> = {
  qwen: /^qwen(?:1\.5-(?:0\.5|1\.8|4|7|14|32|72|110)b(?:-chat)?|2-(?:0\.5|1\.5|7|72)b(?:-instruct)?|2\.5-(?:(?:0\.5|1\.5|3|7|14|32|72)b|coder-(?:0\.5|1\.5|3|7|14|32)b|math-(?:1\.5|7|72)b)(?:-instruct)?(?:-(?:awq|gptq-int[48]|gguf))?|2\.5-(?:7|14)b-instruct-1m|2\.5-vl-(?:3|7|32|72)b-instruct(?:-awq)?|3-(?:0\.6|1\.7|4|8|14)b-base|3-embedding-(?:0\.6|4|8)b|3-reranker-(?:0\.6|4|8)b)$/,
  "meta-llama":
    /^(?:meta-)?llama-(?:2-(?:7|13|70)b(?:-chat)?(?:-hf)?|3-(?:8|70)b(?:-instruct)?|3\.1-(?:8|70|405)b(?:-instruct)?(?:-fp8)?|3\.2-(?:1|3)b(?:-instruct)?|3\.2-(?:11|90)b-vision(?:-instruct)?|4-(?:scout-17b-16e|maverick-17b-128e)(?:-instruct)?(?:-fp8)?)$/,
  mistralai: /^(?:mistral-7b-(?:instruct-)?v0\.[1-3]|mixtral-8x(?:7|22)b-(?:instruct-)?v0\.1)$/,
  google:
    /^(?:gemma-(?:2|7)b(?:-it)?|gemma-2-(?:2|9|27)b(?:-it)?|gemma-3-(?:270m|1b|4b|12b|27b)-(?:it|pt)|codegemma-(?:2|7)b(?:-it)?|flan-t5-(?:small|base|large|xl|xxl)|mt5-(?:small|base|large|xl|xxl)|vit-(?:base|large)-patch16-224(?:-in21k)?)$/,
  microsoft: /^(?:phi-2|phi-3(?:\.5)?-mini-(?:4k-|128k-)?instruct|phi-4|bitnet-b1\.58-2b-4t)$/,
  "deepseek-ai":
    /^(?:deepseek-r1-distill-(?:qwen-(?:1\.5|7|14|32)b|llama-(?:8|70)b)|deepseek-coder-(?:1\.3|6\.7|33)b-(?:base|instruct)|deepseek-llm-(?:7|67)b-(?:base|chat))$/,
  codellama: /^codellama-(?:7|13|34|70)b(?:-python|-instruct)?-hf$/,
  baai: /^bge-(?:(?:small|base|large)-(?:en|zh)(?:-v1\.5)?|reranker-(?:base|large))$/,
  intfloat: /^(?:multilingual-)?e5-(?:small|base|large)(?:-v2|-instruct)?$/,
  "black-forest-labs": /^flux\.1-(?:dev|schnell|kontext-dev|krea-dev|fill-dev)$/,
  systran: /^faster-(?:distil-)?whisper-[\w.-]+$/,
};

/** Begins what the name of a copy in another format adds. */
const FORMAT =
  /[-_.](?:(?:nv|mx)?fp[48]|int[248]|w\d{1,2}a\d{1,2}|[2-8]-?bit|awq|gptq|bnb|gguf|exl[23]|quantized|qat|mlx|bf16|float(?:8|16))(?![a-z])/;

/** Names of the table, comparable, by organization. */
const NAMES: ReadonlyMap<string, ReadonlySet<string>> = byOrganization();

function byOrganization(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { id } of table) {
    const [organization = "", name = ""] = id.toLowerCase().split("/");
    const names = found.get(organization) ?? new Set();
    found.set(organization, names.add(comparable(name)));
  }
  return found;
}

/** Without the format, and without the owner that copies drop from it. */
function comparable(name: string): string {
  const [base = ""] = name.toLowerCase().split(FORMAT, 1);
  return base.replace(/^(?:meta-|nvidia-)/, "").replaceAll("_", ".");
}
