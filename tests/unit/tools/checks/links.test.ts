import { deadLinks, deadLinksOf } from "../../../../tools/checks/links.mts";

const FILES: Readonly<Record<string, string>> = {
  "guide/other.md": "# Time limits\n\n## What `up` does, twice?\n\n## Same\n\n## Same\n",
  "guide/generated": "",
  "tests/a.test.ts": "",
};

const dead = (link: string) => {
  const pages = { ...FILES, "guide/page.md": `# Page\n\nSee [this](${link}).\n` };
  return deadLinksOf("guide/page.md", (file) => (pages as Record<string, string>)[file]);
};

describe("The check of links", () => {
  test("finds no dead link in this repository", () => {
    expect(deadLinks()).toEqual([]);
  });

  test.each([
    "other.md",
    "../guide/other.md",
    "/guide/other.md",
    "other.md#time-limits",
    "other.md#what-up-does-twice",
    "other.md#same-1",
    "#page",
    "generated/",
    "../tests/a.test.ts",
    "https://example.com/gone.md",
    "mailto:someone@example.com",
  ])("follows %s", (link) => {
    expect(dead(link)).toEqual([]);
  });

  test.each(["gone.md", "other.md#gone", "other.md#same-2", "#gone", "../tests/gone", "/other.md"])(
    "reports %s",
    (link) => {
      expect(dead(link)).toEqual([`guide/page.md links to ${link}, which does not exist`]);
    },
  );

  test("reads images and HTML", () => {
    const text = '![a](gone.svg)\n\n<p><img alt="b" src="lost.svg"></p>\n\n`[c](code.md)`\n';
    expect(deadLinksOf("README.md", (file) => (file === "README.md" ? text : undefined))).toEqual([
      "README.md links to gone.svg, which does not exist",
      "README.md links to lost.svg, which does not exist",
    ]);
  });
});
