import type { PartialFailure } from "../../../../provider/src/handlers/lifecycle/handler";
import { podEndpointHandler } from "../../../../provider/src/handlers/pod-endpoint/handler";
import {
  type Inputs,
  type PodEndpointProperties,
  UNKNOWN,
  type Values,
} from "../../../../provider/src/schema";
import { pod } from "../../api/fixtures";
import { apiError, type FakeScene, fakeScene } from "../fake-context";

const given = { podId: pod.id, port: 8000, timeout: "1m", __logicalName: "llm" };
const inputs = podEndpointHandler.check({}, given).inputs as Inputs<PodEndpointProperties>;

/** Runs an operation until it has ended, however long it wants to wait. */
async function ended<T>({ clock }: FakeScene, operation: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = operation.finally(() => {
    isOver = true;
  });
  settled.catch(() => {});
  for (let minutes = 0; !isOver && minutes < 60; minutes++) {
    await clock.advance(60_000);
  }
  return settled;
}

const create = (scene: FakeScene, more: Values = {}) =>
  ended(scene, podEndpointHandler.create(scene.context, { ...inputs, ...more }));
const failed = async (operation: Promise<unknown>): Promise<PartialFailure> =>
  operation.then(
    () => {
      throw new Error("nothing failed");
    },
    (error) => error,
  );

function serving(): FakeScene {
  const scene = fakeScene();
  scene.runpod.answer = () => ({ status: 200, json: { data: [{ id: "qwen" }] } });
  return scene;
}

describe("an endpoint that serves", () => {
  test("has its URLs, its models, and details of the pod as outputs", async () => {
    const scene = serving();
    const { id, outputs } = await create(scene);
    expect(id).toBe("pod1-8000");
    expect(outputs).toEqual({
      ...inputs,
      url: "https://pod1-8000.proxy.runpod.net",
      openaiBaseUrl: "https://pod1-8000.proxy.runpod.net/v1",
      models: ["qwen"],
      readyAt: "2026-11-23T00:00:10.000Z",
      dataCenterId: "EU-RO-1",
      costPerHr: 0.86,
      sshCommand: "ssh u@h",
      sshHost: null,
      sshPort: null,
      __live: expect.objectContaining({ account: scene.runpod.account }),
    });
  });

  test("knows no model by a name that Pulumi could not print among the outputs", async () => {
    const scene = serving();
    const names = [
      "/models/Qwen 3 (Q4).gguf",
      "模型",
      "a\n::error::x",
      "::error::x",
      "##vso[x]",
      "<{%reset%}>",
    ];
    const data = [...names, "a\u202eb", "\u001b[2J", "a".repeat(513), ""].map((id) => ({ id }));
    scene.runpod.answer = () => ({ status: 200, json: { data } });
    const { outputs } = await create(scene);
    expect(outputs.models).toEqual(["/models/Qwen 3 (Q4).gguf", "模型"]);
  });

  test("is not probed again for a setting that does not affect serving", async () => {
    const scene = serving();
    const { id, outputs } = await create(scene);
    scene.runpod.probed.length = 0;
    const news = {
      ...inputs,
      timeout: "2m",
      interval: "1s",
      consecutive: 9,
      onFailure: "stop" as const,
    };
    const updated = await podEndpointHandler.update(scene.context, id, outputs, news);
    expect(updated).toEqual({ ...outputs, ...news });
    expect(scene.runpod.probed).toEqual([]);
  });

  test.each<[string, Values]>([
    ["the pod's container lives anew", { revision: 2 }],
    ["another model is expected", { expectModel: "qwen" }],
    ["it was left unfinished", {}],
  ])("is probed again if %s", async (_, change) => {
    const scene = serving();
    const { id, outputs } = await create(scene);
    scene.runpod.probed.length = 0;
    const news = { ...inputs, ...change };
    await ended(scene, podEndpointHandler.update(scene.context, id, outputs, news));
    expect(scene.runpod.probed).toHaveLength(3);
  });

  test("is replaced for another pod or port, also if unknown", () => {
    const { diff } = podEndpointHandler;
    const old = { ...inputs, __live: { version: 1, createdAt: 0 } };
    expect(diff(old, { ...inputs, port: 8001 }).replaces).toEqual(["port"]);
    expect(diff(old, { ...inputs, podId: UNKNOWN }).replaces).toEqual(["podId"]);
    expect(diff(old, { ...inputs, revision: 2 })).toEqual({
      changed: ["revision"],
      replaces: [],
    });
  });

  test("has the SSH address that a refresh finds, if it had one at all", async () => {
    const scene = serving();
    const { id, outputs } = await create(scene);
    const direct = { host: "203.0.113.9", port: 10_022, username: "root", command: "ssh" };
    scene.runpod.pods = [{ ...pod, ssh: { ...pod.ssh, direct } }];
    await scene.clock.advance(6_000);
    const refreshed = await podEndpointHandler.read(scene.context, id, outputs);
    expect(refreshed?.outputs).toEqual({ ...outputs, sshHost: direct.host, sshPort: direct.port });
    const { sshHost, sshPort, ...older } = outputs;
    expect(await podEndpointHandler.read(scene.context, id, older)).toMatchObject({
      outputs: older,
    });
  });

  test("is gone with its pod, and is removed without a call", async () => {
    const scene = serving();
    const { id, outputs } = await create(scene);
    expect(await podEndpointHandler.read(scene.context, id, outputs)).toEqual({
      inputs,
      outputs,
    });
    scene.runpod.pods = [{ ...pod, status: "TERMINATED" }];
    await scene.clock.advance(6_000);
    expect(await podEndpointHandler.read(scene.context, id, outputs)).toBeUndefined();
    scene.runpod.calls.length = 0;
    await podEndpointHandler.delete(scene.context, id, outputs);
    expect(scene.runpod.calls).toEqual([]);
  });
});

describe("an endpoint whose pod the program wants stopped", () => {
  const parked = { __desiredStatus: "EXITED", __urn: "urn:llm" };

  test("is created and updated without a probe", async () => {
    const scene = fakeScene();
    const { id, outputs } = await podEndpointHandler.create(scene.context, {
      ...inputs,
      ...parked,
    });
    expect(outputs).toMatchObject({
      url: "https://pod1-8000.proxy.runpod.net",
      models: [],
      readyAt: null,
    });
    const newLife = { ...inputs, ...parked, revision: 2 };
    await podEndpointHandler.update(scene.context, id, outputs, newLife);
    expect([scene.runpod.calls, scene.runpod.probed]).toEqual([[], []]);
    expect(scene.shown).toEqual(
      Array(2).fill("! urn:llm: not waiting: the program wants the pod stopped"),
    );
  });

  test("is waited for once the pod is started, and unchanged until then", async () => {
    const scene = serving();
    const given = { ...inputs, ...parked, revision: 1 };
    const { id, outputs } = await podEndpointHandler.create(scene.context, given);
    expect(podEndpointHandler.diff(outputs, given).changed).toEqual([]);
    const started = { ...given, __desiredStatus: "RUNNING", revision: 2 };
    expect(podEndpointHandler.diff(outputs, started)).toEqual({
      changed: ["revision"],
      replaces: [],
    });
    const updated = podEndpointHandler.update(scene.context, id, outputs, started);
    expect(await ended(scene, updated)).toMatchObject({ readyAt: expect.any(String) });
  });
});

describe("an endpoint that does not serve", () => {
  test("stays in the state, keeps its pod, and reports the cost", async () => {
    const scene = fakeScene();
    const failure = await failed(create(scene));
    expect(failure).toMatchObject({
      id: "pod1-8000",
      outputs: {
        url: "https://pod1-8000.proxy.runpod.net",
        models: [],
        readyAt: null,
        costPerHr: null,
      },
    });
    expect(failure.reasons[0]).toContain("did not serve within 1m");
    expect(failure.reasons[0]?.split("\n").at(-1)).toBe(
      "Pod pod1 stays in the state and is billed at 0.86 $/h. Correct the program and run `pulumi up`, or run `pulumi destroy` to delete the pod.",
    );
    expect(scene.runpod.calls).not.toContain("stop pod1");
  });

  test("stops its pod if the program says so, and reports what is still billed", async () => {
    const scene = fakeScene();
    const failure = await failed(create(scene, { onFailure: "stop" }));
    expect(scene.runpod.calls).toContain("stop pod1");
    expect(failure.reasons[0]).toContain(
      "Pod pod1 was stopped (onFailure): its GPU is not billed, but its persistent disk of 100 GB is, at 0.0274 $/h.",
    );
  });

  test("reports if its pod could not be stopped", async () => {
    const scene = fakeScene();
    scene.runpod.failures["stop pod1"] = [apiError("conflict", "it is locked")];
    const failure = await failed(create(scene, { onFailure: "stop" }));
    expect(failure.reasons[0]).toContain(
      "Pod pod1 could not be stopped (doing it: it is locked) and is billed at 0.86 $/h.",
    );
  });

  test("stops nothing that does not exist", async () => {
    const scene = fakeScene();
    scene.runpod.pods = [];
    const failure = await failed(create(scene, { onFailure: "stop" }));
    expect(scene.runpod.calls).not.toContain("stop pod1");
    expect(failure.reasons[0]).toContain("It is not known whether it is billed");
    expect(failure.reasons[0]).not.toContain("is kept");
  });

  test("does not stop a pod that has ended, and reports that its disk is still billed", async () => {
    const scene = fakeScene();
    scene.runpod.pods = [{ ...pod, status: "EXITED", cost: 0 }];
    const failure = await failed(create(scene, { onFailure: "stop" }));
    expect(scene.runpod.calls).not.toContain("stop pod1");
    expect(failure.reasons[0]).toContain(
      "Pod pod1 stays in the state and is stopped, so its GPU is not billed, but its persistent disk of 100 GB is, at 0.0274 $/h. Correct",
    );
  });

  test("is waited for again by the next up, also if only its timeout was changed", async () => {
    const scene = fakeScene();
    const { outputs } = await failed(create(scene));
    scene.runpod.answer = () => ({ status: 200, json: { data: [{ id: "qwen" }] } });
    for (const news of [inputs, { ...inputs, timeout: "2m" }]) {
      const updated = podEndpointHandler.update(scene.context, "pod1-8000", outputs, news);
      expect(await ended(scene, updated)).toMatchObject({ readyAt: expect.any(String) });
    }
  });

  test("stays in the state if RunPod's API ends the wait", async () => {
    const scene = fakeScene();
    scene.runpod.failures["list pods"] = [apiError("unauthorized", "the key is refused")];
    const failure = await failed(create(scene));
    expect(failure).toMatchObject({ id: "pod1-8000", reasons: ["doing it: the key is refused"] });
  });
});
