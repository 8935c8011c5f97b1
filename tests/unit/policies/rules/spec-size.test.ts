// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import { judge, presetConfig, settingsOf } from "@runpod-stack/policies";
import { HAPPY_POD, item, ofPod, said } from "../scene";

const RULE = "spec-size";
const script = (text: string) => ({
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text],
});
const doubled = Array.from({ length: 28 }, (_, n) => `a${n + 1}=$a${n}$a${n}`).join(";");
const BOMB = script(`a0=x;${doubled};vllm serve "$a28"`);

describe(RULE, () => {
  test.each([
    ["a command that no pod may have", { dockerStartCmd: ["x".repeat(102_401)] }, "dockerStartCmd"],
    ["variables that fill the memory", BOMB, "dockerStartCmd"],
    ["shells within shells", script(nested(6)), "dockerStartCmd"],
    ["defaults within defaults", script("${A:-".repeat(20)), "dockerStartCmd"],
    ["a list that nobody needs", { gpuTypeIds: Array(1_001).fill("NVIDIA L4") }, "gpuTypeIds"],
    ["more variables than RunPod takes", { env: variables(1_001) }, "env"],
    ["a variable that is too long", { env: { A: "x".repeat(102_401) } }, "env"],
    ["an image that is too long", { imageName: "x".repeat(4_097) }, "imageName"],
    ["an item that is too long", { ports: ["1".repeat(4_097)] }, "ports"],
  ])("reports that %s cannot be checked, and no other rule objects to it", (_, inputs, field) => {
    const all = said(undefined, [item("Pod", { ...HAPPY_POD, ...inputs })]);
    expect(all).toEqual([expect.stringMatching(`^advisory: ${field} cannot be checked: it`)]);
    expect(all[0]?.length).toBeLessThan(250);
  });

  test("names the input and the limit", () => {
    expect(ofPod(RULE, { imageName: "x".repeat(4_097) })).toEqual([
      "advisory: imageName cannot be checked: it has more than 4096 characters. Shorten it so that the rules can read it.",
    ]);
    expect(ofPod(RULE, script("${A:-".repeat(20)))).toEqual([
      "advisory: dockerStartCmd cannot be checked: it nests variable defaults more than 16 deep. Shorten it so that the rules can read it.",
    ]);
    const volume = item("Volume", { dataCenterId: "x".repeat(4_097) });
    expect(said(RULE, [volume])[0]).toContain("dataCenterId cannot be checked");
  });

  test("refuses if doubtful findings are mandatory", () => {
    const strict = settingsOf(presetConfig("strict"));
    const violations = judge([item("Pod", { ...HAPPY_POD, ...BOMB })], strict);
    expect(violations).toMatchObject([{ rule: RULE, level: "mandatory" }]);
  });

  test("accepts a long input that can be read", () => {
    expect(ofPod(RULE, script(`${"true;".repeat(20_000)}vllm serve a/b`))).toEqual([]);
    expect(ofPod(RULE, script(nested(2)))).toEqual([]);
    expect(ofPod(RULE, { env: variables(1_000) })).toEqual([]);
  });
});

function nested(shells: number): string {
  const quoted = (text: string) => `bash -c '${text.replaceAll("'", "'\\''")}'`;
  return Array.from({ length: shells }).reduce<string>(quoted, "vllm serve a/b");
}

function variables(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`A${n}`, "b"]));
}
