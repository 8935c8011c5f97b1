import { styleText } from "node:util";
import type { Safe } from "./safe";

const STYLES = ["bold", "dim", "red", "green", "yellow"] as const;

/** Ways to highlight text. */
export type Colors = Readonly<Record<(typeof STYLES)[number], (text: Safe) => Safe>>;

/** Colors for people. @param isOn false leaves text unchanged, for a pipe or a file */
export function colors(isOn: boolean): Colors {
  const painter = (style: (typeof STYLES)[number]) => (text: Safe) =>
    isOn ? (styleText(style, text, { validateStream: false }) as Safe) : text;
  return Object.fromEntries(STYLES.map((style) => [style, painter(style)])) as Colors;
}
