import { redact, withSecrets } from "@runpod-stack/kit";
import fc from "fast-check";

describe("redact", () => {
  test.each([
    ["an API key of RunPod", "key rpa_ABCDEFGHIJKLMNOP1234 refused", "key [secret] refused"],
    ["a token of Hugging Face", "HF_TOKEN=hf_abcdefghijklmnop", "HF_TOKEN=[secret]"],
    ["a key in OpenAI's form", "use sk-proj-abcdefghijklmnop", "use [secret]"],
    ["a token of GitHub", `remote ghp_${"a1".repeat(18)}!`, "remote [secret]!"],
    ["a bearer", "authorization: Bearer abc.def-123", "authorization: Bearer [secret]"],
    [
      "a variable with a secret's name",
      "VLLM_API_KEY=0123456 PORT=8000",
      "VLLM_API_KEY=[secret] PORT=8000",
    ],
    [
      "a key on a command line",
      "vllm serve x --api-key 0123456",
      "vllm serve x --api-key [secret]",
    ],
    ["a key behind an escaped line break", "a\\nrpa_ABCDEFGH", "a\\n[secret]"],
  ])("masks %s anywhere", (_, text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  test.each([
    "set RUNPOD_API_KEY, or run `pulumi config set --secret runpod:apiKey <key>`",
    "the disk-full-download-of-weights of the shelf_lifetime",
    "--api-key is part of the command",
    "max_tokens=100000 num_key_value_heads=8",
  ])("keeps %s", (text) => {
    expect(redact(text)).toBe(text);
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

  test.each([
    ["Go's JSON", "abc\\u0026def\\u003CghI"],
    ["JSON in JSON", "abc\\\\u0026def\\\\u003cghI"],
    ["JSON that escapes what it need not", "\\u0061bc&def<ghI"],
    ["a URL in small letters", "abc%26def%3cghI"],
    ["a URL that escapes what it need not", "%61%62%63&def<gh%49"],
    ["a URL in a URL", "abc%2526def%253CghI"],
    ["pieces, of which one hides in JSON", "abc&de\\u200bf<\n\\nghI"],
  ])("masks a secret in %s", (_, written) => {
    expect(redact(`x ${written} y`, ["abc&def<ghI"])).toBe("x [secret] y");
  });

  test.each(["\\u0072pa_ABCDEFGH", "%72pa_%41BCDEFGH", "r\\u0070a\\u005fABCDEFGH"])(
    "masks a well-known kind of key as %s",
    (written) => {
      expect(redact(`x ${written} y`)).toBe("x [secret] y");
    },
  );

  test("masks a secret with letters beyond ASCII, as any writes it", () => {
    for (const written of ["w\\u00f6rter\\uD83D\\ude80x", "w%c3%b6rter%F0%9F%9A%80x"]) {
      expect(redact(written, ["wörter\u{1f680}x"])).toBe("[secret]");
    }
  });

  test("masks a secret of several lines, whole and line by line", () => {
    const secret = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----";
    expect(redact(`key ${secret}.`, [secret])).toBe("key [secret].");
    expect(redact("line 2: MIIEvQIBADANBgkqhkiG", [secret])).toBe("line 2: [secret]");
  });

  test("masks the rest of a secret where a string was cut", () => {
    expect(redact("token is hunter2-lo…", ["hunter2-long"])).toBe("token is [secret]…");
    expect(redact("token is hunt…", ["hunter2-long"])).toBe("token is hunt…");
  });

  test("masks the secrets of the work in progress", async () => {
    const masked = await withSecrets(["hunter2-long"], async () => {
      await null;
      return redact("hunter2-long");
    });
    expect([masked, redact("hunter2-long")]).toEqual(["[secret]", "hunter2-long"]);
  });

  test("keeps strings that are too short to be secrets", () => {
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
