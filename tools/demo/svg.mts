// A terminal as an SVG picture. Its lines appear one after the other.

const [LEFT, TOP, LINE, GAP, WIDTH] = [20, 60, 19, 9, 880];

/** Kinds of lines by their beginning: the color, and the seconds until the line appears. */
const KINDS: readonly (readonly [begins: RegExp, kind: string, pause: number])[] = [
  [/^\$ /, "command", 1.2],
  [/^✓/, "good", 0.8],
  [/\[mandatory\]|error:/, "bad", 0.8],
  [/created|openaiBaseUrl/, "good", 0.6],
  [/(?:)/, "plain", 0.15],
];

export function render(lines: readonly string[]): string {
  let [at, y] = [0, TOP - LINE];
  const rows = lines.map((line, index) => {
    const [, kind, pause] = KINDS.find(([begins]) => begins.test(line)) ?? ["", "plain", 0];
    at += pause;
    const isNext = kind === "command" && index > 0 && !lines[index - 1]?.startsWith("$ ");
    y += isNext ? LINE + GAP : LINE;
    const delay = `animation-delay:${at.toFixed(2)}s`;
    return `<text class="${kind}" x="${LEFT}" y="${y}" style="${delay}">${escaped(line)}</text>`;
  });
  const height = y + LINE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" xml:space="preserve" role="img" aria-labelledby="title">
<title id="title">A terminal: pulumi preview refuses a disk that is too small; with a larger one, pulumi up ends with a URL that answers; pulumi destroy leaves nothing that is billed.</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #c9d1d9; animation: appear 0.01s both; }
.command { fill: #ffffff; font-weight: bold; }
.good { fill: #56d364; }
.bad { fill: #ff7b72; }
@keyframes appear { from { opacity: 0; } to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { text { animation: none; } }
</style>
<rect width="${WIDTH}" height="${height}" rx="10" fill="#0d1117"/>
<circle cx="24" cy="22" r="6" fill="#ff5f56"/><circle cx="44" cy="22" r="6" fill="#ffbd2e"/><circle cx="64" cy="22" r="6" fill="#27c93f"/>
${rows.join("\n")}
</svg>
`;
}

/** The lines of a picture made by `render`. */
export function linesOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = ""]) =>
    line.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
