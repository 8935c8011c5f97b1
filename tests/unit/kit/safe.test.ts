import { foreign, foreignLines, json, multiline, named, quoted, safe } from "@runpod-stack/kit";

describe("an untrusted string", () => {
  test.each([
    ["colors", "\u001b[1;31mred\u001b[0m", "red"],
    ["cursor movements", "a\u001b[2J\u001b[Hb", "ab"],
    ["titles of the window", "a\u001b]0;title\u0007b", "ab"],
    ["control strings", "a\u001bPq#0\u001b\\b\u009d0;title\u009cc", "abc"],
    ["bells and backspaces", "a\u0007\u0008b", "ab"],
    ["returns to the line's beginning", "all is well\rall is lost", "all is well all is lost"],
    ["line breaks of any kind", "a\r\nb\u2028c\u0085d\n\n\ne", "a b c d e"],
    ["what reverses the direction of writing", "a\u202eb", "ab"],
    ["what nobody sees", "a\u200bb\ufe0fc\u{e0041}d", "abcd"],
    ["halves of letters", "a\ud800b", "ab"],
  ])("contains no %s", (_, text, shown) => {
    expect(foreign(text)).toBe(shown);
  });

  test("may be an object that is no text", () => {
    expect(foreign({ toString: {} })).toBe("[object Object]");
    expect(safe`Pod ${Object.create(null)} ended.`).toBe("Pod [object Object] ended.");
  });

  test("keeps letters of all alphabets", () => {
    const text = "Größe 模型 naïve 🚀 ქართული";
    expect(foreign(text)).toBe(text);
  });

  test("is cut to a length, and not within a letter", () => {
    expect(foreign("abcdef", { most: 4 })).toBe("abc…");
    expect(foreign("ab🚀def", { most: 4 })).toBe("ab…");
  });

  test.each([
    ["a secret", "rpa_TO\u001b[0mPSECRETKEY", "[secret]"],
    ["one split over lines", "rpa_TO\r\nPSECRETKEY", "[secret]"],
    ["one with accents", "hun\u0301ter2-lo\u200bng!", "[secret]!"],
    [
      "one that the cut would shorten",
      `${"x".repeat(2_044)}hunter2-long`,
      `${"x".repeat(2_044)}[se…`,
    ],
  ])("is masked before it is cut: %s", (_, text, shown) => {
    expect(foreign(text, { secrets: ["hunter2-long"] })).toBe(shown);
  });

  test.each([
    ["::error file=x::y", ": :error file=x::y"],
    ["\u00a0 ::set-output name=a::b", "\u00a0 : :set-output name=a::b"],
    [`${" ".repeat(1_500)}::error::y`, `${" ".repeat(1_500)}: :error::y`],
    ["see ##[error]x", "see # #[error]x"],
    ["##vso[task.setvariable]x", "# #vso[task.setvariable]x"],
    ["##teamcity[buildStop]", "# #teamcity[buildStop]"],
    ["###[group]x", "## #[group]x"],
    ["section_start:1:a", "section_start :1:a"],
    ["std::vector and Pod::name", "std::vector and Pod::name"],
    ["## Heading", "## Heading"],
  ])("contains no command of a CI system: %s", (text, shown) => {
    expect(foreign(text)).toBe(shown);
  });

  test("is put in quotation marks, and cannot end them", () => {
    expect(quoted(' it"s\n')).toBe(`"it's"`);
  });

  test("needs no quotation marks if it reads as a name", () => {
    const names = ["Qwen/Qwen3.8-27B", "a\u200b", "x. Run it", ""];
    expect(names.map((name) => named(name))).toEqual([
      "Qwen/Qwen3.8-27B",
      "a",
      '"x. Run it"',
      '""',
    ]);
  });

  test("may keep its lines, each of them harmless", () => {
    expect(foreignLines("a\tb\n  ::error::c\u001b[0m\r\nd")).toBe("a b\n  : :error::c\nd");
  });
});

describe("a message in our own words", () => {
  test("treats its values as untrusted", () => {
    expect(safe`Pod '${"a\n::b"}' has ${2} disks.`).toBe("Pod 'a ::b' has 2 disks.");
  });

  test("begins with no command, whatever its parts are", () => {
    expect(safe`${":"}${":error::x"}`).toBe(": :error::x");
  });

  test("has several lines only if we make them", () => {
    expect(multiline(safe`${"a\nb"}`, [safe`c`, safe``])).toBe("a b\nc\n");
  });
});

test("data keep every character, escaped, but no secret", () => {
  const data = { text: "a\u001b\u009b\u202e\u2028\u{e0041}##[x]\ud800", key: "rpa_\u200bABCDEFGH" };
  const written = json(data);
  expect(written).toMatch(/^[\n -~]*$/);
  expect(written).not.toContain("##[");
  expect(JSON.parse(written)).toEqual({ text: data.text, key: "[secret]" });
});
