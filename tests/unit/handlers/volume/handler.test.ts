import type { NetworkVolume, Pod } from "../../../../provider/src/api";
import { volumeHandler } from "../../../../provider/src/handlers/volume/handler";
import { UNKNOWN } from "../../../../provider/src/schema";
import { pod } from "../../api/fixtures";
import { apiError, fakeScene } from "../fake-context";

const volume: NetworkVolume = {
  id: "vol1",
  name: "cache",
  size: 20,
  dataCenter: "EU-RO-1",
  type: "STANDARD",
};
const stored = { name: "cache", size: 20, dataCenterId: "EU-RO-1" };
const holder: Pod = { ...pod, mounts: { network: [{ volumeId: "vol1", path: "/x" }] } };
const inUse = apiError("invalid", 'network volume "vol1" is in use by pod pod1');

describe("deleting a volume that pods hold", () => {
  test("names those that are not deleted in this run, and waits for none of them", async () => {
    const { context, runpod, clock } = fakeScene();
    runpod.pods = [pod, holder];
    runpod.failures["delete vol1"] = [inUse];
    runpod.volumes = [volume];
    await expect(volumeHandler.delete(context, "vol1", stored)).rejects.toThrow(
      "Deleting volume 'cache' (vol1) failed: doing it: network volume \"vol1\" is in use by pod pod1. It still exists and is billed at 0.00192 $/h or more for its 20 GB. It is mounted by 'llm' (pod1), which this run does not delete. Delete those first, and run the same command again.",
    );
    expect(clock.slept).toEqual([]);
  });

  test("waits for those that are deleted", async () => {
    const { context, runpod, clock, said } = fakeScene();
    runpod.pods = [holder];
    runpod.failures["delete vol1"] = [inUse, inUse];
    context.deleting.add("pod1");
    const outcome = volumeHandler.delete(context, "vol1", stored);
    await clock.advance(6_000);
    await outcome;
    expect(runpod.calls.filter((call) => call === "delete vol1")).toHaveLength(3);
    expect(said[0]).toBe("volume 'cache' (vol1) is still being detached; retrying");
  });

  test("gives up after a minute, with RunPod's message", async () => {
    const { context, runpod, clock } = fakeScene();
    runpod.pods = [];
    runpod.failures["delete vol1"] = Array(60).fill(inUse);
    const outcome = volumeHandler.delete(context, "vol1", stored).catch((error) => error);
    await clock.advance(63_000);
    expect(await outcome).toMatchObject({
      kind: "invalid",
      detail: inUse.detail,
      message: `Deleting volume 'cache' (vol1) failed: ${inUse.message}. It may still exist; if so, it is billed at 0.00192 $/h or more for its 20 GB. Run the same command again; if that fails too, delete it in RunPod's console and run \`pulumi refresh\`.`,
    });
  });

  test("is not tried again for any other reason", async () => {
    const { context, runpod } = fakeScene();
    runpod.failures["delete vol1"] = [apiError("forbidden")];
    await expect(volumeHandler.delete(context, "vol1", stored)).rejects.toMatchObject({
      kind: "forbidden",
    });
  });
});

test("a refresh corrects what the program set", async () => {
  const { context, runpod } = fakeScene();
  runpod.volumes = [{ ...volume, size: 40, type: "HIGH_PERFORMANCE" }];
  const found = await volumeHandler.read(context, "vol1", { ...stored, __defaults: ["name"] });
  expect(found?.inputs).toEqual({
    ...stored,
    size: 40,
    __defaults: ["name"],
    __drifted: ["size"],
  });
  expect(runpod.calls).toEqual(["list volumes"]);
});

describe("data centers", () => {
  const given = { size: 20, dataCenterId: "eu-ro-1" };

  test("are written in uppercase, and the user is informed", () => {
    const { inputs, notes } = volumeHandler.check({}, given);
    expect(inputs["dataCenterId"]).toBe("EU-RO-1");
    expect(notes).toEqual(['data center "eu-ro-1" must be in upper case; using EU-RO-1']);
  });

  test("that are not known yet are not changed", () => {
    const { inputs, notes } = volumeHandler.check({}, { ...given, dataCenterId: UNKNOWN });
    expect(inputs["dataCenterId"]).toBe(UNKNOWN);
    expect(notes).toEqual([]);
  });
});
