import { item, ofPod, said } from "../scene";

describe("spec-valid", () => {
  test("accepts fields that the API accepts", () => {
    expect(ofPod("spec-valid")).toEqual([]);
    expect(said("spec-valid", [item("Volume", { size: 10 })])).toEqual([]);
  });

  test("reports what is wrong with a field, and only advises on what may be new", () => {
    const inputs = { imageName: "a b", gpuTypeIds: ["4090", "NVIDIA X1000"] };
    expect(ofPod("spec-valid", inputs)).toEqual([
      'mandatory: imageName "a b" must not contain spaces. Write it as for `docker pull`, for example vllm/vllm-openai:v0.20.0.',
      'mandatory: gpuTypeIds "4090" must be an id of RunPod\'s catalog. Write "NVIDIA GeForce RTX 4090".',
      expect.stringMatching(
        /^advisory: gpuTypeIds "NVIDIA X1000" is not a GPU type that this release/,
      ),
    ]);
  });
});
