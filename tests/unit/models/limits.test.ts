import { readServer, unreadable } from "../../../models/src";
import {
  endOfLog,
  MAX_COMMAND_LENGTH,
  MAX_LOG_LENGTH,
  MAX_LOG_LINES,
  Room,
} from "../../../models/src/limits";

const IMAGE = { imageName: "vllm/vllm-openai:v0.33.0" };
const script = (text: string, ...rest: string[]) => ({
  ...IMAGE,
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text, ...rest],
});

describe("A command", () => {
  test.each([
    ["is longer than any", { ...IMAGE, dockerStartCmd: ["a/b", "x".repeat(102_400)] }],
    ["takes its arguments again and again", script('x "$@";'.repeat(2_000), "sh", "y".repeat(60))],
    ["nests shells", script(nested(6))],
  ])("is not read if it %s", (_, spec) => {
    expect(readServer(spec)).toBeNull();
    expect(unreadable(spec)).toMatch(/^it/);
  });

  test("is read however many commands and variables come before its server", () => {
    const long = `${"A=b c;".repeat(15_000)} M=a/b; vllm serve $M`;
    expect(readServer(script(long))).toMatchObject({ server: "vllm", model: "a/b" });
    expect(unreadable(script(long))).toBeNull();
  });

  test("keeps a variable that it sets for one program from the next", () => {
    const text = "HF_HOME=/a true; LD_LIBRARY_PATH=/b vllm serve a/b";
    expect(readServer(script(text))).toMatchObject({ ldLibraryPath: "/b" });
    expect(readServer(script("LD_LIBRARY_PATH=/b true; vllm serve a/b"))?.ldLibraryPath).toBeNull();
  });
});

test("only the last lines of a log are read, up to a total length", () => {
  const lines = Array.from({ length: MAX_LOG_LINES + 1 }, (_, n) => `${n}`);
  expect(endOfLog(lines)).toHaveLength(MAX_LOG_LINES);
  expect(endOfLog(lines).at(-1)).toBe(`${MAX_LOG_LINES}`);
  const long = endOfLog(Array.from({ length: MAX_LOG_LINES }, () => "x".repeat(5_000)));
  expect(long.join("").length).toBeLessThanOrEqual(MAX_LOG_LENGTH);
  expect(long.length).toBeGreaterThan(2_000);
});

test("a log shorter than the limits is read as a whole, but for the ends of very long lines", () => {
  expect(endOfLog([])).toEqual([]);
  expect(endOfLog(["a", "", "b"])).toEqual(["a", "", "b"]);
  expect(endOfLog(["x".repeat(2_001)])).toEqual(["x".repeat(2_000)]);
});

test("a log of exactly the greatest length is read as a whole", () => {
  const rest = MAX_LOG_LENGTH % 2_000;
  const lines = Array.from({ length: (MAX_LOG_LENGTH - rest) / 2_000 }, () => "x".repeat(2_000));
  expect(endOfLog(["x".repeat(rest), ...lines])).toHaveLength(lines.length + 1);
  expect(endOfLog(["x".repeat(rest + 1), ...lines])).toHaveLength(lines.length);
});

test("variables may expand to exactly the greatest length", () => {
  const room = new Room();
  room.take(MAX_COMMAND_LENGTH);
  expect(() => room.take(1)).toThrow(
    "its variables expand to more than 102400 characters, the most that RunPod accepts for a pod",
  );
});

function nested(shells: number): string {
  const quoted = (text: string) => `bash -c '${text.replaceAll("'", "'\\''")}'`;
  return Array.from({ length: shells }).reduce<string>(quoted, "vllm serve a/b");
}
