import { pulumiScene } from "../../support/pulumi-scene";

jest.setTimeout(300_000);

const scene = pulumiScene();

describe("A template that is replaced or removed", () => {
  test("does not change its pod", async () => {
    const program = (ofTemplate: string, ofPod: string) => `
    const template = new Template("base", { imageName: "ubuntu:24.04", ${ofTemplate} });
    const pod = new Pod("llm", { template, gpuTypeIds: ["NVIDIA L4"], ${ofPod} });
    exports.podId = pod.podId;`;
    const stack = await scene.stack(program("volumeInGb: 20", ""));
    await stack.up();
    const { podId } = await stack.outputs();

    stack.write(program("", "volumeInGb: 20"));
    const moved = await stack.up();
    expect(moved.steps).toContain("update Pod llm");
    expect(moved.stdout).toContain(`a pod that was created from it exists (${podId})`);
    await stack.up("--expect-no-changes");
    await stack.refresh("--expect-no-changes");

    stack.write(`
    const pod = new Pod("llm", { imageName: "ubuntu:24.04", volumeInGb: 20, gpuTypeIds: ["NVIDIA L4"] });
    exports.podId = pod.podId;`);
    expect((await stack.up()).steps).toEqual(["update Pod llm", "delete Template base"]);
    expect(await stack.outputs()).toEqual({ podId });
    expect((await scene.emulator.ledger()).pods).toMatchObject([{ id: podId, endedAt: null }]);
    await stack.destroy();
    expect((await scene.emulator.ledger()).pods).toMatchObject([{ endedAt: expect.anything() }]);
  });
});
