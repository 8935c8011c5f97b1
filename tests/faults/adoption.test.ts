import { COLLECTIONS, type FaultScene, inputsOf, startFaultScene } from "../support/faults";

jest.setTimeout(60_000);

let scene: FaultScene;

beforeEach(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.close());

describe.each(["Pod", "Template", "Volume"] as const)(
  "a %s whose create was interrupted",
  (kind) => {
    test("is adopted by the next run, and updated to the current program", async () => {
      const resource = scene.resource(kind, "it");
      const id = await resource.cutOff(inputsOf(kind, 1));
      await scene.kill();

      await resource.up(inputsOf(kind, 2));
      expect(resource.id).toBe(id);
      expect(await scene.live(kind)).toHaveLength(1);
      const { body } = await scene.emulator.call("GET", `${COLLECTIONS[kind]}/${id}`);
      expect(body).toMatchObject(kind === "Volume" ? { size: 20 } : { env: { EDITION: "2" } });
      expect(await resource.refresh()).toBe(true);
    });

    test("is adopted by the run after one that was interrupted while adopting", async () => {
      const resource = scene.resource(kind, "it");
      const id = await resource.cutOff(inputsOf(kind));
      await scene.kill();
      expect(await resource.cutOff(inputsOf(kind))).toBe(id);
      await scene.kill();

      await resource.up(inputsOf(kind));
      expect(resource.id).toBe(id);
      expect(await scene.live(kind)).toHaveLength(1);
    });

    test("is named by the last lookup with the command that deletes it, if no run adopts it", async () => {
      const owner = "00112233445566778899aabbccddeeff";
      const id = await scene.resource(kind, "it", owner).cutOff(inputsOf(kind));
      await scene.kill();
      const text = await scene.disown(owner);
      expect(text).toContain(`${kind.toLowerCase()} ${id}`);
      expect(text).toContain(
        "`npx -p @runpod-stack/provider runpod-stack recover --delete --yes` to delete them",
      );
    });

    test("is ignored by the last lookup once it was adopted and destroyed", async () => {
      const owner = "00112233445566778899aabbccddeeff";
      const resource = scene.resource(kind, "it", owner);
      await resource.cutOff(inputsOf(kind));
      await scene.kill();
      await resource.up(inputsOf(kind));
      await scene.kill();
      await resource.destroy();
      expect(await scene.disown(owner)).toBeUndefined();
    });
  },
);

test("an interrupted run's volume that is larger than the program's is kept, and reported", async () => {
  const resource = scene.resource("Volume", "it");
  const id = await resource.cutOff(inputsOf("Volume", 2));
  await scene.kill();

  await resource.up(inputsOf("Volume", 1));
  expect(resource.id).not.toBe(id);
  expect(await scene.live("Volume")).toHaveLength(2);
  expect(scene.output()).toContain(`left ${id} '`);
});

test("an interrupted run's pod that no longer satisfies the program's placement is terminated", async () => {
  const pod = scene.resource("Pod", "it");
  const elsewhere = await pod.cutOff(inputsOf("Pod"));
  await scene.kill();

  await pod.up({ ...inputsOf("Pod"), gpuTypeIds: ["NVIDIA L40S"] });
  expect(pod.id).not.toBe(elsewhere);
  expect(await scene.live("Pod")).toMatchObject([{ id: pod.id }]);
});
