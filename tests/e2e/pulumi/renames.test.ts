import { heldBy, pod, printed, pulumiScene, volume } from "../../support/pulumi-scene";

jest.setTimeout(300_000);

const scene = pulumiScene();

describe("A resource renamed with aliases, whose old name a new one gets", () => {
  test("keeps its pod and its volume, also under --target, and the new one gets its own", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await stack.up();
    const before = await scene.live();

    stack.write(
      volume("oldcache", "", `aliases: [{ name: "cache" }]`) +
        pod("oldllm", "", `aliases: [{ name: "llm" }]`),
    );
    expect((await stack.up()).steps).toEqual([]);
    stack.write(
      volume("oldcache") +
        pod("oldllm") +
        volume("cache") +
        pod("llm", `gpuTypeIds: ["NVIDIA L40S"]`),
    );
    const oldllm = await stack.urn("Pod oldllm");
    const targets = [oldllm, await stack.urn("Volume oldcache")].flatMap((urn) => [
      "--target",
      urn.replace(/::old/, "::"),
    ]);
    await stack.up(...targets);
    const [live, held] = [await scene.live(), await stack.held()];
    expect(live).toHaveLength(4);
    expect(await heldBy(stack)).toEqual(live);
    expect([held.get("Volume oldcache"), held.get("Pod oldllm")].sort()).toEqual(before);

    await stack.up("--refresh", "--target", oldllm);
    expect(await scene.live()).toEqual(live);
    await stack.destroy("--target", oldllm);
    expect(await scene.live()).toEqual(live.filter((id) => id !== held.get("Pod oldllm")));
  });

  test("keeps its pod and its volume even if it comes last, because it depends on the new one", async () => {
    const program = (prefix: string, value: string) => `
      const ${prefix}cache = ${volume(`${prefix}cache`)}
      const ${prefix}llm = ${pod(`${prefix}llm`, `env: { X: ${value} }`)}`;
    const stack = await scene.stack(program("", "'x'"));
    await stack.up();
    const before = await scene.live();
    for (const name of ["Volume cache", "Pod llm"]) {
      const to = `old${name.split(" ")[1]}`;
      const renaming = await stack.run("state", "rename", await stack.urn(name), to, "--yes");
      expect(printed(renaming)).toMatch(/renamed/);
    }

    const last = "pulumi.all([cache.volumeId, llm.podId]).apply(() => 'x')";
    stack.write(program("", "'x'") + program("old", last));
    await stack.up();
    const [live, held] = [await scene.live(), await stack.held()];
    expect(live).toHaveLength(4);
    expect(await heldBy(stack)).toEqual(live);
    expect([held.get("Volume oldcache"), held.get("Pod oldllm")].sort()).toEqual(before);

    stack.write(program("", "'x'"));
    await stack.up();
    expect(await scene.live()).toEqual(live.filter((id) => !before.includes(id)));
  });
});
