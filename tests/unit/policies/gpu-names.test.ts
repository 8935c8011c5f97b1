import { GPU_TYPE_IDS } from "@runpod-stack/provider/schema";
import { gpuName } from "../../../policies/src/gpu-names";

/** The id that a name means, and what is wrong with it. */
function meant(name: string) {
  const { id, finding } = gpuName(name);
  return [
    id,
    finding && `${finding.field} ${finding.certainty}: ${finding.message} ${finding.remedy}`,
  ];
}

describe("a GPU name", () => {
  test.each(GPU_TYPE_IDS)("is right if it is RunPod's id: %s", (id) => {
    expect(gpuName(id)).toEqual({ id, finding: undefined });
  });

  test.each([
    ["RTX 4090", "NVIDIA GeForce RTX 4090"],
    ["4090", "NVIDIA GeForce RTX 4090"],
    ["NVIDIA L4O", "NVIDIA L40"],
    ["nvidia l40s", "NVIDIA L40S"],
  ])("%s means %s, and is refused", (name, id) => {
    const fault = `gpuTypeIds "${name}" must be an id of RunPod's catalog. Write "${id}".`;
    expect(meant(name)).toEqual([id, `gpuTypeIds certain: ${fault}`]);
  });

  test("means none of several similar types", () => {
    const [id, fault = ""] = meant("H100");
    expect(id).toBeUndefined();
    expect(fault).toMatch(
      /^gpuTypeIds certain: gpuTypeIds "H100" must be an id of RunPod's catalog\. Write "NVIDIA H100 [\w ]+"( or "NVIDIA H100 [\w ]+"){2}\.$/,
    );
  });

  test("is refused with the pool's types if it is a pool", () => {
    expect(meant("AMPERE_80")).toEqual([
      undefined,
      `gpuTypeIds certain: gpuTypeIds "AMPERE_80" must be an id of RunPod's catalog: it is a pool of GPU types for serverless endpoints. Write one or several of its types: "NVIDIA A100 80GB PCIe", "NVIDIA A100-SXM4-80GB".`,
    ]);
  });

  test("is doubtful if it may be new", () => {
    expect(meant("NVIDIA X1000")).toEqual([
      undefined,
      'gpuTypeIds doubtful: gpuTypeIds "NVIDIA X1000" is not a GPU type that this release knows, so its memory, architecture and price are not checked. Check the id: `npx -p @runpod-stack/provider runpod-stack prices` lists all ids.',
    ]);
  });
});
