import { COLLECTIONS, type FaultScene, inputsOf, startFaultScene } from "../support/faults";

jest.setTimeout(60_000);

let scene: FaultScene;

beforeEach(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.close());

test.each([
  ["Pod", { env: { EDITION: "2" } }],
  ["Template", { env: { EDITION: "2" } }],
  ["Volume", { size: 20 }],
] as const)(
  "a %s that an interrupted run left is adopted, and is then as the program says by now",
  async (kind, edited) => {
    const interrupted = scene.resource(kind, "it");
    await interrupted.up(inputsOf(kind, 1));
    await scene.kill();

    const resource = scene.resource(kind, "it");
    await resource.up(inputsOf(kind, 2));
    expect(resource.id).toBe(interrupted.id);
    expect(await scene.live(kind)).toHaveLength(1);
    const { body } = await scene.emulator.call("GET", `${COLLECTIONS[kind]}/${resource.id}`);
    expect(body).toMatchObject(edited);
  },
);

test("an interrupted run's volume that is larger than the program says is left alone", async () => {
  const interrupted = scene.resource("Volume", "it");
  await interrupted.up(inputsOf("Volume", 2));
  await scene.kill();

  const resource = scene.resource("Volume", "it");
  await resource.up(inputsOf("Volume", 1));
  expect(resource.id).not.toBe(interrupted.id);
  expect(await scene.live("Volume")).toHaveLength(2);
});
