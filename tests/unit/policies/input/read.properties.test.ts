import { judge, presetConfig, settingsOf } from "@runpod-stack/policies";
import fc from "fast-check";
import { readSource } from "../../../../policies/src/input/read";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";
import { HAPPY_POD } from "../scene";

const FIELDS = [
  ...Object.keys(HAPPY_POD),
  ...["image", "args", "cmd", "entrypoint", "disk", "mounts", "gpu", "cloud", "dataCenter", "size"],
  ...["templateId", "networkVolumeId", "persistent", "network", "volumeId", "path", "count", "id"],
  ...["deployment", "resources", "steps", "newState", "inputs", "urn", "type", "checkpoint"],
];

/** Values as they may stand in a file, with the names that mean something in places where they do not. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom("vllm/vllm-openai:v0.20.0", '{"cmd":null}', "Qwen/Qwen3.8-27B", ...FIELDS),
    fc.constantFrom("pulumi-nodejs:dynamic/runpod:Pod", "pulumi-nodejs:dynamic/runpod:Volume"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("map"),
  ),
  map: fc.dictionary(fc.constantFrom(...FIELDS), tie("value"), { maxKeys: 8 }),
}));

test("every file is checked, or refused in one sentence", () => {
  const strict = settingsOf(presetConfig("strict"));
  fc.assert(
    fc.property(value, fc.boolean(), (held, isAlmostGood) => {
      const text = JSON.stringify(isAlmostGood ? { ...HAPPY_POD, ...Object(held) } : held);
      try {
        judge(readSource("any.json", text).items, strict);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableInput);
      }
    }),
    { numRuns: 1000 },
  );
});
