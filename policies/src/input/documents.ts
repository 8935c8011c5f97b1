import { Lexer } from "yaml";
import { MAX_TOKENS } from "../limits";
import { jsonDocuments } from "./json-documents";
import type { ParsedDocument } from "./parsed-document";
import { UnreadableInput } from "./unreadable";
import { yamlDocuments } from "./yaml-documents";

/**
 * The documents in a file's text: JSON, JSON with comments, one JSON value after another, or YAML.
 * @throws {UnreadableInput} with the place, but no quote: the file may be the wrong one and contain
 * secrets
 */
export function documentsIn(file: string, text: string): ParsedDocument[] {
  limitTokens(file, text);
  return jsonDocuments(file, text) ?? yamlDocuments(file, text);
}

/** Counts before parsing, because each token takes a hundred bytes of memory. */
function limitTokens(file: string, text: string): void {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    if (++count <= MAX_TOKENS) {
      continue;
    }
    const limit = `it has more than ${MAX_TOKENS} tokens of YAML or JSON`;
    throw new UnreadableInput(`${file} cannot be checked: ${limit}. Split it.`);
  }
}
