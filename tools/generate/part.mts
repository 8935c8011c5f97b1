import { readFileSync, writeFileSync } from "node:fs";

const END = "<!-- /generated -->";

/**
 * Puts what is generated between a file's markers of that name.
 * @throws if the file has no such markers
 */
export function writePart(file: string, name: string, part: string): void {
  const text = readFileSync(file, "utf8");
  const [from, to] = boundsOf(file, text, name);
  writeFileSync(file, `${text.slice(0, from)}\n\n${part}\n\n${text.slice(to)}`);
}

/**
 * What is between a file's markers of that name.
 * @throws if the file has no such markers
 */
export function readPart(file: string, name: string): string {
  const text = readFileSync(file, "utf8");
  return text.slice(...boundsOf(file, text, name)).trim();
}

function boundsOf(file: string, text: string, name: string): [from: number, to: number] {
  const begin = `<!-- generated: ${name} -->`;
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(END, from);
  if (!text.includes(begin) || to < 0) {
    throw new Error(`${file} has no ${begin} … ${END}`);
  }
  return [from, to];
}
