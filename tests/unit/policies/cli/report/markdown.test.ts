import { trusted } from "@runpod-stack/kit";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { asMarkdown } from "../../../../../policies/src/cli/report/markdown";
import type { Reported } from "../../../../../policies/src/cli/report/reported";

const HOSTILE: readonly string[] = [
  "x\r\r# Approved by the security team\r\rSee https://evil.example/merge",
  "x\n\n## Approved\n\n- [x] reviewed",
  "x\r\n\r\n1. first\r\n2. second",
  "x\u2028# heading\u2029# heading\u0085# heading\v# heading\f# heading",
  "x |\n| **refused** | forged | row | of | cells |",
  "x | y || z \\| \\\\| \\\\\\|",
  "Approved\n===\nApproved\n---",
  "[Fix now](https://evil.example) [a][b] [^1] [[wiki]]",
  "![](https://evil.example/pixel.png)",
  "<https://evil.example> <evil@evil.example>",
  "https://evil.example http://evil.example ftp://evil.example www.evil.example evil.example www.",
  "mailto:evil@evil.example evil@evil.example xmpp:evil@evil.example",
  "(https://evil.example) \"www.evil.example\" 'https://evil.example'. https://evil.example!",
  '@admin @org/team (@admin) x@admin @admin: "@admin',
  "#1 owner/repo#1 GH-1 gh-1 (#1) #1, !1 %1 ~bug &1 $1 ABC-123",
  "deadbeef 0123456789abcdef0123456789abcdef01234567 1234567 owner@deadbeef DEADBEEF deadbeef.",
  ":shipit: :+1: a:smile:b ::",
  "$x$ $$x$$ $`x`$ \\(x\\) \\[x\\]",
  "~~gone~~ ~gone~ **bold** __bold__ *it* _it_ ***",
  "<h1>Approved</h1><img src=x onerror=alert(1)><a href=x>y</a></td></tr></table><!-- -->",
  "</pre></code><script>alert(1)</script>",
  "&#64;admin &lt;h1&gt; &amp; &NewLine; &#10;# x &#124; &#96;",
  "`code` ``code`` ``` ```js",
  "```\nfence\n```\n~~~\nfence",
  "` | `x` | `",
  "\\` \\| \\ x\\ `\\` \\`x",
  "> [!WARNING]\n> quoted",
  "[x]: https://evil.example\n[x]",
  "::error file=x::y ##[error]",
  "\u202ereversed\u202c zero\u200bwidth #\ufe0f\u20e31",
  "— $20 an hour, ±10% (the image's default) … “quoted” × 2; non-empty!",
  "{{ RUNPOD_SECRET_TOKEN }}",
  "'''''' \"\"\" ((( ))) ... ,,, !!!! ????",
  "",
  " \t ",
];

describe("a report in Markdown", () => {
  const fields = ["rule", "resource", "file", "message", "remedy"] as const;

  test.each(HOSTILE)("shows text as text: %j", (text) => {
    for (const field of fields) {
      expect(cellOf({ [field]: text })).toBe(withSingleSpaces(text));
    }
  });

  test("shows text as text, whatever it is", () => {
    const parts = [
      ..."`|\\@#:/.$~*_<>[]()!&;'\"-+=%^ \r\n",
      "a",
      "1",
      "www.",
      "http",
      "\u0085",
      "é",
    ];
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 24 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text, (message) => {
        expect(cellOf({ message })).toBe(withSingleSpaces(message));
      }),
      { numRuns: 2_000 },
    );
  });

  test("leaves sentences readable", () => {
    const message =
      "Qwen/Qwen3.8-27B needs 87 GB (the image's default), not 20. Set {{ RUNPOD_SECRET_X }}.";
    expect(asMarkdown([reported({ message })])).toContain(
      "| `Qwen/Qwen3.8-27B` needs 87 GB (the image's default), not 20. Set `{{ RUNPOD_SECRET_X }}`. |",
    );
  });

  // A pattern that goes back and forth over such strings would outlast the test's time limit.
  test.each(["a’", "a'", "a-", ":", "f", "`|", "1.", "((a"])(
    "shows %j a hundred thousand times",
    (part) => {
      const message = part.repeat(100_000);
      expect(asMarkdown([reported({ message })]).length).toBeGreaterThan(message.length);
    },
  );
});

type Fields = Partial<Record<"rule" | "resource" | "file" | "message" | "remedy", string>>;

function reported({ file = "f", message = "m", remedy = "y", ...more }: Fields): Reported {
  const texts = { message: trusted(message), remedy: trusted(remedy) };
  return {
    rule: "r",
    level: "advisory",
    resource: "u",
    place: { file, line: 1 },
    ...texts,
    ...more,
  };
}

const RENDERER = new MarkdownIt({ html: true, linkify: true });

/** What forges look for in text that is rendered: mentions, issues, commits, links, emoji, formulas. */
const FORGED =
  /@\w|#\d|\w-\d|\b[0-9a-f]{7,40}\b|:\/\/|www\.|:[\w+-]+:|\$|[!%~&]\w|\[|\]|<|>|\\|\*|_/i;

/** The content of the cell that a field fills, after the whole report was found to be what it should be. */
function cellOf(fields: Fields): string {
  const [verdict, table] = topLevel(RENDERER.parse(asMarkdown([reported(fields)]), {}));
  expect(verdict?.map(({ type }) => type)).toEqual(["paragraph_open", "inline", "paragraph_close"]);
  const types = table?.map(({ type }) => type) ?? [];
  expect(types.filter((type) => type === "tr_open")).toHaveLength(2);
  const cells = table?.filter(({ type }) => type === "inline").slice(5) ?? [];
  expect(cells).toHaveLength(5);
  const texts = cells.flatMap(({ children }) => splitAtBreak(children ?? []));
  const [, rule, resource, file, message, remedy] = texts;
  const found = { rule, resource, file: file?.replace(/:1$/, ""), message, remedy };
  const [[field = "message"] = []] = Object.entries(fields);
  return found[field as keyof typeof found] ?? "";
}

type Token = ReturnType<typeof RENDERER.parse>[number];

/** The document's blocks; those after the table are the hint. */
function topLevel(tokens: readonly Token[]): Token[][] {
  const blocks: Token[][] = [[]];
  for (const token of tokens) {
    blocks.at(-1)?.push(token);
    if (token.level === 0 && token.nesting === -1) {
      blocks.push([]);
    }
  }
  const [verdict = [], table = [], ...hint] = blocks.filter((block) => block.length > 0);
  expect(hint).toEqual([]);
  return [verdict, table];
}

function splitAtBreak(children: readonly Token[]): string[] {
  const texts = [""];
  for (const { type, content } of children) {
    if (type === "html_inline" && content === "<br>") {
      texts.push("");
    } else if (type === "text" || type === "code_inline") {
      texts.push(`${texts.pop()}${content}`);
    } else {
      expect(type).toMatch(/^strong_(?:open|close)$/);
    }
    if (type === "text") {
      expect(content).not.toMatch(FORGED);
    }
  }
  return texts;
}

function withSingleSpaces(text: string): string {
  return text
    .split(/[\s\p{Cc}]+/u)
    .join(" ")
    .trim();
}
