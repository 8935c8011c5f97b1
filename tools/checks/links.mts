import { readFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { repositoryFiles, root } from "./files.mts";

/** A page, as messages and comments name it. Data files name pages of other projects. */
const MENTION = /(?<![\w./-])docs\/[\w./-]+\.md(?:#[\w-]+)?/g;

type Read = (file: string) => string | undefined;

/** Links and mentions that lead to no file of this repository, or to no heading of a page. */
export function deadLinks(): string[] {
  const files = new Set(repositoryFiles());
  const read: Read = (file) => {
    const isKnown = files.has(file) || [...files].some((other) => other.startsWith(`${file}/`));
    if (!isKnown) {
      return undefined;
    }
    return file.endsWith(".md") ? readFileSync(path.join(root, file), "utf8") : "";
  };
  const links = repositoryFiles("*.md").flatMap((page) => deadLinksOf(page, read));
  const mentions = repositoryFiles("*.ts", "*.mts", "*.cjs", "*.yml").flatMap((source) =>
    (readFileSync(path.join(root, source), "utf8").match(MENTION) ?? [])
      .filter((target) => isDead(target, read))
      .map((target) => `${source} names ${target}, which does not exist`),
  );
  return [...links, ...mentions];
}

/** @param read a file's text, undefined if there is none */
export function deadLinksOf(page: string, read: Read): string[] {
  return linksIn(read(page) ?? "")
    .filter((link) => !/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(link))
    .filter((link) => {
      if (link.startsWith("#")) {
        return isDead(`${page}${link}`, read);
      }
      const target = path.posix.resolve("/", path.posix.dirname(page), link);
      return isDead(target.slice(1), read);
    })
    .map((link) => `${page} links to ${link}, which does not exist`);
}

function isDead(target: string, read: Read): boolean {
  const [file = "", anchor] = decodeURI(target).split("#");
  const text = read(file.replace(/\/$/, ""));
  return text === undefined || (anchor !== undefined && !anchorsIn(text).has(anchor));
}

/** Where a page's links and images lead. */
function linksIn(text: string): string[] {
  const inline = tokensOf(text).flatMap(({ children }) => children ?? []);
  const written = inline.map((token) => token.attrGet("href") ?? token.attrGet("src"));
  const html = [...text.matchAll(/<(?:a|img)\b[^>]*\b(?:href|src)="([^"]+)"/g)].map(([, to]) => to);
  return [...written, ...html].filter((link) => typeof link === "string");
}

/** The anchors that GitHub gives a page's headings. */
function anchorsIn(text: string): Set<string> {
  const anchors = new Set<string>();
  const tokens = tokensOf(text);
  for (const [index, { type }] of tokens.entries()) {
    if (type !== "heading_open") {
      continue;
    }
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    const slug = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const repeats = [slug, ...Array.from({ length: 20 }, (_, count) => `${slug}-${count + 1}`)];
    anchors.add(repeats.find((anchor) => !anchors.has(anchor)) ?? slug);
  }
  return anchors;
}

function tokensOf(text: string) {
  return new MarkdownIt({ html: true }).parse(text, {});
}
