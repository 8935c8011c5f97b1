import { type Safe, safe, trusted, wrapped } from "@runpod-stack/kit";

test("breaks lines between words, and keeps what fits", () => {
  expect(wrapped(safe`one two three four`, 9)).toBe("one two\n  three\n  four");
  expect(wrapped(safe`one two`, 7)).toBe("one two");
});

test("keeps a command and a long word whole", () => {
  expect(wrapped(safe`run (\`pulumi up\`), then x`, 12)).toBe("run\n  (`pulumi up`),\n  then x");
  expect(wrapped(safe`see https://example.com/a/long/path now`, 12)).toBe(
    "see\n  https://example.com/a/long/path\n  now",
  );
  expect(wrapped(safe`a lone \` mark and more words`, 12)).toBe(
    "a lone `\n  mark and\n  more words",
  );
});

test("indents what is broken off more than its line", () => {
  expect(wrapped(trusted("first\n  second third"), 10)).toBe("first\n  second\n    third");
});

test.each(["::error::x", "##[group]", "section_start:1:a", "--- a"])(
  "makes no command of a CI system by a break: %s",
  (command) => {
    const text = safe`Pod '${`${"x ".repeat(10)}${command}`}' failed.`;
    for (let width = 20; width < 60; width += 1) {
      for (const line of wrapped(text, width).split("\n")) {
        expect(line).not.toMatch(/^\s*::|##\w*\[|^\s*section_start:|^\s*--- /);
      }
    }
  },
);

test("takes no longer for many marks", () => {
  const text = "` ".repeat(50_000) as Safe;
  expect(wrapped(text, 80).length).toBeGreaterThan(10_000);
});
