import { readFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";

/** A block of code in a page. */
export interface Block {
  /** The words after the fence, such as `sh npm`. */
  readonly info: string;
  readonly code: string;
  /** The paragraph before it. */
  readonly before: string;
  /** The heading above it. */
  readonly under: string;
}

/** The blocks of code of a page of this repository, in order. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(path.join(__dirname, "../..", page), "utf8");
  let [before, under] = ["", ""];
  return new MarkdownIt().parse(text, {}).flatMap(({ type, content, info }, index, tokens) => {
    if (type === "fence") {
      return [{ info, code: content, before, under }];
    }
    if (type !== "inline") {
      return [];
    }
    if (tokens[index - 1]?.type === "heading_open") {
      under = content;
    } else {
      before = content;
    }
    return [];
  });
}
