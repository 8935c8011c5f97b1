import table from "@runpod-stack/models/data/models.json";
import { PUBLIC_FAMILIES } from "./public-families";
import { PUBLIC_NAMES } from "./public-names";
import { isOneEdit } from "./repository-names";

/**
 * Whether the hub has a repository, by the models that its organization is known for. Null if that is
 * not certain: the organization is not known, or the name resembles none of its models.
 */
export function isPublished(id: string): boolean | null {
  if (!id.includes("/")) {
    return isListed("openai-community", id.toLowerCase());
  }
  const [organization = "", name = ""] = id.toLowerCase().split("/");
  if (isListed(organization, name) || (REPUBLISHERS.has(organization) && isCopy(name))) {
    return true;
  }
  return COMPLETE.has(organization) && isVariant(organization, name) ? false : null;
}

/** Whether a name says that it is made up. */
export function soundsAbsent(name: string): boolean {
  return /does-?not-?exist|non-?existent|no-?such|not-found/i.test(name);
}

/** Whether a name is that of a listed model, of whatever organization, with a format added. */
function isCopy(name: string): boolean {
  const base = comparable(name);
  return (
    BASES.has(base) ||
    Object.values(PUBLIC_FAMILIES)
      .flat()
      .some((family) => family.test(base))
  );
}

/** Whether a name differs from that of a listed model by a number, by a format, or by one letter at its end. */
function isVariant(organization: string, name: string): boolean {
  const shapes = SHAPES.get(organization);
  if (shapes?.has(shapeOf(name)) || shapes?.has(shapeOf(name.split(FORMAT, 1)[0] ?? ""))) {
    return true;
  }
  const end = name.slice(name.lastIndexOf("-") + 1);
  const meant = ENDINGS.find((ending) => ending !== end && isOneEdit(ending, end));
  const begin = name.slice(0, name.lastIndexOf("-"));
  return (
    meant !== undefined &&
    (isListed(organization, begin) || isListed(organization, `${begin}-${meant}`))
  );
}

function isListed(organization: string, name: string): boolean {
  return (
    ORIGINALS.get(organization)?.has(name) === true ||
    PUBLIC_FAMILIES[organization]?.some((family) => family.test(name)) === true
  );
}

/** Organizations that publish other organizations' models in other formats. */
const REPUBLISHERS: ReadonlySet<string> = new Set(["nvidia", "redhatai", "unsloth"]);

/** Organizations whose sizes, versions and formats of a listed family are all listed. */
const COMPLETE: ReadonlySet<string> = new Set(
  "qwen meta-llama deepseek-ai openai google mistralai microsoft".split(" "),
);

const ENDINGS = ["instruct", "chat", "base", "thinking", "it", "hf"];

/** Begins what the name of a copy in another format adds. */
const FORMAT =
  /[-_.](?:(?:nv|mx)?fp[48]|int[248]|w\d{1,2}a\d{1,2}|[2-8]-?bit|awq|gptq|bnb|gguf|exl[23]|quantized|qat|mlx|bf16|float(?:8|16))(?![a-z])/;

/** Names that are listed one by one, in lower case, by organization. */
const ORIGINALS: ReadonlyMap<string, ReadonlySet<string>> = byOrganization();

/** The same, comparable with the names of copies. */
const BASES: ReadonlySet<string> = new Set(
  [...ORIGINALS.values()].flatMap((names) => [...names].map(comparable)),
);

/** The same with numbers left out. */
const SHAPES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...ORIGINALS].map(([organization, names]) => [organization, new Set([...names].map(shapeOf))]),
);

function byOrganization(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [organization, names] of Object.entries(PUBLIC_NAMES)) {
    found.set(organization, new Set(names.split(/\s+/)));
  }
  for (const { id } of table) {
    const [organization = "", name = ""] = id.toLowerCase().split("/");
    const names = found.get(organization) ?? new Set();
    found.set(organization, names.add(name));
  }
  return found;
}

/** Without the format, and without the owner that copies drop from it. */
function comparable(name: string): string {
  const [base = ""] = name.split(FORMAT, 1);
  return base
    .replace(/^(?:meta-|nvidia-)/, "")
    .replace(/-unsloth$/, "")
    .replaceAll("_", ".");
}

/** `qwen3-33b` and `qwen3-8b` have the same. */
function shapeOf(name: string): string {
  return name.replace(/\d+(?:\.\d+)?/g, "#");
}
