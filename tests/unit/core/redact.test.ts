import fc from "fast-check";
import { forgetStack, printable, redact } from "../../../provider/src/core/redact";

describe("redact", () => {
  test.each([
    ["an API key of RunPod", "key rpa_ABCDEFGHIJKLMNOP1234 refused", "key [secret] refused"],
    ["a token of Hugging Face", "HF_TOKEN=hf_abcdefghijklmnop", "HF_TOKEN=[secret]"],
    ["a key in OpenAI's form", "use sk-proj-abcdefghijklmnop", "use [secret]"],
    ["a bearer", "authorization: Bearer abc.def-123", "authorization: Bearer [secret]"],
  ])("masks %s wherever it stands", (_, text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  test("masks the given secrets, the longest first", () => {
    expect(redact("hunter2-long and hunter2", ["hunter2", "hunter2-long"])).toBe(
      "[secret] and [secret]",
    );
  });

  test("masks a secret as JSON and URLs write it", () => {
    const secret = 'p"ss wörd/1';
    expect(redact(JSON.stringify({ secret }), [secret])).toBe('{"secret":"[secret]"}');
    expect(redact(`?q=${encodeURIComponent(secret)}`, [secret])).toBe("?q=[secret]");
  });

  test("leaves texts alone that are too short to be secrets", () => {
    expect(redact("port 8000 of 12", ["", "1", "8000"])).toBe("port 8000 of 12");
  });

  test("never throws, and leaves no secret behind", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary", minLength: 6 }),
        (text, secret) => {
          fc.pre(!"[secret]".includes(secret));
          const masked = redact(`${text}${secret}${text}`, [secret]);
          expect(masked.replaceAll("[secret]", "\u0000")).not.toContain(secret);
        },
      ),
    );
    expect(() => redact("\ud800", ["\ud800\ud800\ud800\ud800\ud800\ud800"])).not.toThrow();
  });
});

describe("a printable text", () => {
  test.each([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["cursor movements", "a\u001b[2J\u001b[Hb", "ab"],
    ["titles of the window", "a\u001b]0;title\u0007b", "ab"],
    ["bells and backspaces", "a\u0007\u0008b", "a  b"],
    ["returns to the line's beginning", "all is well\rall is lost", "all is well all is lost"],
    ["what reverses the direction of writing", "a\u202eb", "a b"],
    ["what nobody sees", "a\u200bb", "a b"],
  ])("holds no %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("keeps lines, tabs and letters of all alphabets", () => {
    const text = "Größe\t模型\nnaïve 🚀";
    expect(printable(text)).toBe(text);
  });
});

test("an error whose stack is forgotten still says what it says", () => {
  expect(forgetStack(new Error("disk full")).stack).toBe("disk full");
});
