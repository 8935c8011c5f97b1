import { parseVllmOptions } from "../../../../emulator/src/containers/servers/vllm-options";
import recorded from "./recorded-verdicts.json";
import { advanced, container, text } from "./support";

const H200 = { id: "NVIDIA H200", count: 1, memoryGb: 141, computeCapability: "9.0" };
const RELEASE = "0.24.0";

const lines = (verdict: string) =>
  recorded.rows
    .filter((row) => row.verdict === verdict)
    .map(({ args, says }) => [args.join(" "), args, says ?? ""] as const);

function started(cmd: string[]) {
  const image = `vllm/vllm-openai:v${RELEASE}`;
  return advanced(container({ image, cmd, gpu: H200, diskGb: 400, env: { HF_TOKEN: "hf_a" } }), 10);
}

/** The log without what names the process at the beginning of its lines. */
function spoken(cmd: string[]): string {
  return text(started(cmd)).replaceAll(/\(\w+ pid=\d+\) /g, "");
}

describe("vLLM 0.24.0, as it was recorded", () => {
  test.each(lines("parses"))("parses %s", (_line, args) => {
    const parsed = parseVllmOptions("vllm serve", args, {}, RELEASE);
    expect(parsed).not.toHaveProperty("error");
  });

  test.each(lines("usage error"))("refuses %s with status 2", (_line, args, says) => {
    const parsed = parseVllmOptions("vllm serve", args, {}, RELEASE);
    expect(parsed).toMatchObject({ exitCode: 2 });
    expect(spoken(args)).toContain(says);
  });

  test.each(lines("traceback"))("ends after parsing %s", (_line, args, says) => {
    expect(parseVllmOptions("vllm serve", args, {}, RELEASE)).not.toHaveProperty("error");
    const log = spoken(args);
    expect(log).toContain("Traceback (most recent call last):");
    expect(log).toContain(says);
  });

  test.each(lines("serves"))("serves with %s", (_line, args, says) => {
    const runtime = started(args);
    expect(runtime.listening(8000)).toBe(true);
    expect(text(runtime)).toContain(says);
  });
});
