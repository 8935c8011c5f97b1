import type { Fields } from "../../values";
import { compilePattern, type Lengths, samplePattern } from "./sample-pattern";

/** A string that a JSON schema allows; null if none was found. `text` where any will do. */
export function sampleString(
  schema: Fields,
  text: string,
  pick: <T>(options: readonly T[]) => T | undefined,
): string | null {
  const lengths: Lengths = {
    least: Number(schema["minLength"] ?? 0),
    most: Number(schema["maxLength"] ?? Number.POSITIVE_INFINITY),
  };
  const { format, pattern } = schema;
  const formatted = (FORMATS[String(format)] ?? []).find((sample) => fits(sample, lengths));
  if (typeof pattern !== "string") {
    return formatted ?? fitted(text, lengths);
  }
  if (format === undefined) {
    return samplePattern(pattern, lengths, pick);
  }
  const isBoth = formatted !== undefined && compilePattern(pattern).test(formatted);
  // A pattern without a beginning leaves room for what the format wants there.
  return isBoth ? formatted : `${pick(["", "a"])}${samplePattern(pattern, lengths, pick) ?? ""}`;
}

function fits(text: string, { least, most }: Lengths): boolean {
  return text.length >= least && text.length <= most;
}

function fitted(text: string, { least, most }: Lengths): string | null {
  const characters = [...text].slice(0, most);
  const missing = Math.max(0, least - characters.length);
  return missing > MAX_PADDING ? null : characters.join("") + ".".repeat(missing);
}

const MAX_PADDING = 10_000;

/** The formats that vLLM's grammars know. */
export const FORMATS: Readonly<Record<string, readonly string[]>> = {
  date: ["2026-01-01"],
  "date-time": ["2026-01-01T00:00:00Z"],
  time: ["00:00:00Z"],
  duration: ["PT1S"],
  email: ["user@example.com", "a@b.co"],
  hostname: ["example.com", "a"],
  ipv4: ["192.0.2.1", "1.1.1.1"],
  ipv6: ["2001:db8::1", "::1"],
  "json-pointer": ["/a"],
  "relative-json-pointer": ["0"],
  uri: ["https://example.com", "http://a.b"],
  "uri-reference": ["/a"],
  "uri-template": ["https://example.com/{a}", "{a}"],
  uuid: ["00000000-0000-4000-8000-000000000000"],
};
