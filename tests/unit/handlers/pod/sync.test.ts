import type { Pod } from "../../../../provider/src/api";
import type { PartialFailure } from "../../../../provider/src/handlers/lifecycle/handler";
import { adopt } from "../../../../provider/src/handlers/pod/adopt";
import { podHandler } from "../../../../provider/src/handlers/pod/handler";
import {
  type Inputs,
  type PodProperties,
  TOKEN_ENV,
  type Values,
} from "../../../../provider/src/schema";
import { pod } from "../../api/fixtures";
import { apiError, fakeScene, updateCall } from "../fake-context";

const TOKEN = "aaaaaaaa-0123456789abcdef";
const injected = { [TOKEN_ENV]: TOKEN, RUNPOD_POD_ID: "pod1", PUBLIC_KEY: "ssh-ed25519 A" };
const found: Pod = { ...pod, env: { A: "b", ...injected } };

/** Inputs that match the found pod. */
const program: Values = {
  name: "llm",
  imageName: "vllm/vllm-openai:v0.33.0",
  gpuTypeIds: ["NVIDIA L40S"],
  dockerStartCmd: ["--model", "m"],
  volumeInGb: 100,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http"],
  env: { A: "b" },
  __token: TOKEN,
};
const checked = (given: Values, old: Values = {}) =>
  podHandler.check(old, given).inputs as Inputs<PodProperties>;

function setUp(view: Partial<Pod> = {}) {
  const scene = fakeScene();
  scene.runpod.pods = [{ ...found, ...view }];
  const place = { gpuTypeId: "NVIDIA L40S", dataCenterId: "EU-RO-1" };
  const old = { ...checked(program), ...place, __live: { version: 1, createdAt: 0 } };
  return {
    ...scene,
    old,
    update: (given: Values) => podHandler.update(scene.context, "pod1", old, checked(given, old)),
    /** The calls that change something. */
    writes: () => scene.runpod.calls.filter((call) => /^(update|start|stop)/.test(call)),
  };
}

const patch = (body: object) => updateCall("pod1", body);

describe("an update", () => {
  test("sends what differs, and the whole env with RunPod's entries", async () => {
    const { update, writes } = setUp();
    await update({ ...program, env: { A: "b", B: "c" }, name: "other" });
    expect(writes()).toEqual([
      patch({ env: { ...injected, A: "b", B: "c", [TOKEN_ENV]: TOKEN }, name: "other" }),
    ]);
  });

  test("restores the token of a pod whose env was replaced", async () => {
    const { update, writes } = setUp({ env: { A: "b" } });
    await update({ ...program, env: { B: "c" } });
    expect(writes()).toEqual([patch({ env: { B: "c", [TOKEN_ENV]: TOKEN } })]);
  });

  test("removes an entry that only looks like one of RunPod's", async () => {
    const withKey = { ...program, env: { A: "b", PUBLIC_KEY: "ssh-ed25519 A", RUNPOD_MINE: "x" } };
    const scene = setUp({ env: { ...found.env, RUNPOD_MINE: "x" } });
    const old = { ...scene.old, ...checked(withKey) };
    await podHandler.update(scene.context, "pod1", old, checked(program, old));
    expect(scene.writes()).toEqual([
      patch({ env: { [TOKEN_ENV]: TOKEN, RUNPOD_POD_ID: "pod1", A: "b" } }),
    ]);
  });

  test("keeps the entries of a template that the program names only by its id", async () => {
    const byId = { gpuTypeIds: ["NVIDIA L40S"], name: "llm", templateId: "tpl1", __token: TOKEN };
    const scene = setUp({ env: { ...injected, OF_TEMPLATE: "t", A: "1", B: "2" } });
    const old = checked({ ...byId, env: { A: "1", B: "2" } });
    const inputs = checked({ ...byId, env: { A: "3" } }, old);
    await podHandler.update(scene.context, "pod1", old, inputs);
    expect(scene.writes()).toEqual([patch({ env: { ...injected, OF_TEMPLATE: "t", A: "3" } })]);
  });

  test("clears what the program no longer has", async () => {
    const { update, writes } = setUp();
    const { ports, dockerStartCmd, ...rest } = program;
    await update(rest);
    expect(writes()).toEqual([patch({ ports: [], cmd: [] })]);
  });

  test("switches global networking off if the program no longer has it", async () => {
    const scene = setUp();
    const old = { ...scene.old, globalNetworking: true };
    await podHandler.update(scene.context, "pod1", old, checked(program, old));
    expect(scene.writes()).toEqual([patch({ globalNetworking: false })]);
  });

  test("sends nothing for placement that is still satisfied", async () => {
    const scene = setUp();
    await scene.update({ ...program, gpuTypeIds: ["NVIDIA A40", "NVIDIA L40S"] });
    expect(scene.runpod.calls).toEqual([]);
  });

  test("sends nothing that RunPod has already, for example in a retry", async () => {
    const { update, writes } = setUp({ image: "vllm/vllm-openai:v0.34.0" });
    await update({ ...program, imageName: "vllm/vllm-openai:v0.34.0" });
    expect(writes()).toEqual([]);
  });

  test("without a change completes an earlier one, and changes nothing else", async () => {
    const { update, writes } = setUp({ name: "half-way" });
    await update(program);
    expect(writes()).toEqual([patch({ name: "llm" })]);
  });
});

describe("a locked pod", () => {
  test("is unlocked for a change and locked again", async () => {
    const scene = setUp({ locked: true });
    const old = { ...scene.old, locked: true };
    const given = { ...program, locked: true, name: "other" };
    await podHandler.update(scene.context, "pod1", old, checked(given, old));
    // The fake answers the pod as it was: locked, so that it need not be locked again.
    expect(scene.writes().slice(0, 2)).toEqual([
      patch({ locked: false }),
      patch({ name: "other" }),
    ]);
  });

  test("is only unlocked if that is the change", async () => {
    const scene = setUp({ locked: true });
    const old = { ...scene.old, locked: true };
    await podHandler.update(scene.context, "pod1", old, checked(program, old));
    expect(scene.writes()).toEqual([patch({ locked: false })]);
  });

  test("is locked again even if the change fails", async () => {
    const scene = setUp({ locked: true });
    const old = { ...scene.old, locked: true };
    scene.runpod.failures[patch({ name: "other" })] = [apiError("invalid", "no such name")];
    // The answer to the call that unlocks it.
    const unlocked = scene.runpod.pods.map((one) => ({ ...one, locked: false }));
    scene.context.api.pods.update = ((update) => async (id: string, body: object) => {
      const answer = await update(id, body);
      if (Object(body).locked === false) {
        scene.runpod.pods = unlocked;
      }
      return Object(body).locked === false ? { ...answer, locked: false } : answer;
    })(scene.context.api.pods.update);
    const given = { ...program, locked: true, name: "other" };
    const failure = await podHandler
      .update(scene.context, "pod1", old, checked(given, old))
      .catch((error) => error);
    expect(failure.reasons[0]).toContain("no such name");
    expect(scene.writes()).toEqual([
      patch({ locked: false }),
      patch({ name: "other" }),
      patch({ locked: true }),
    ]);
  });

  test.each<[string, Values, RegExp]>([
    ["env", { env: { A: "c" } }, /it was locked outside this .* a change of env restarts/],
    ["desiredStatus", { desiredStatus: "EXITED" }, /it was locked .* set locked: true/],
  ])(
    "by someone else is not changed by %s, and the error names both remedies",
    async (_, change, told) => {
      const { update, writes } = setUp({ locked: true });
      const failure = await update({ ...program, ...change }).catch((error) => error);
      expect(failure.reasons[0]).toMatch(told);
      expect(failure.reasons[0]).toContain("Unlock it in RunPod's console");
      expect(failure.outputs).toMatchObject({ env: { A: "b" }, desiredStatus: "RUNNING" });
      expect(writes()).toEqual([]);
    },
  );

  test("by someone else is renamed without being unlocked", async () => {
    const { update, writes } = setUp({ locked: true });
    await update({ ...program, name: "other" });
    expect(writes()).toEqual([patch({ name: "other" })]);
  });

  test("is unlocked before it is deleted", async () => {
    const { context, runpod } = setUp({ status: "TERMINATED" });
    await podHandler.delete(context, "pod1", { name: "llm", locked: true });
    expect(runpod.calls).toEqual([patch({ locked: false }), "delete pod1", "get pod1"]);
  });

  test("that is gone already is deleted", async () => {
    const { context, runpod } = setUp();
    runpod.failures[patch({ locked: false })] = [apiError("notFound")];
    runpod.pods = [];
    await podHandler.delete(context, "pod1", { name: "llm", locked: true });
    expect(runpod.calls).toEqual([patch({ locked: false }), "get pod1"]);
  });
});

describe("a change that fails halfway", () => {
  test("keeps the pod in the state, and reports its cost", async () => {
    const { update, runpod } = setUp();
    runpod.failures[patch({ name: "other" })] = [apiError("invalid", "no such name")];
    const failure = await update({ ...program, name: "other" }).catch((error) => error);
    expect(failure as PartialFailure).toMatchObject({
      id: "pod1",
      // As it is, so that the next update sees the difference again.
      outputs: { name: "llm", gpuTypeId: "NVIDIA L40S", costPerHr: 0.86 },
      reasons: [
        "Pod 'other' (pod1) exists but is not fully configured: doing it: no such name. It is billed at 0.86 $/h. Run `pulumi destroy` to delete it.".replace(
          "'llm'",
          "'other'",
        ),
      ],
    });
  });

  test("for lack of a GPU names the remedy and what it loses", async () => {
    const { update, runpod } = setUp({ status: "EXITED", cost: 0 });
    runpod.failures["start pod1"] = [apiError("capacity", "There are not enough free GPUs.")];
    const failure = (await update(program).catch((error) => error)) as PartialFailure;
    expect(failure.reasons[0]).toBe(
      "Pod 'llm' (pod1) exists but is not fully configured: it could not be started (There are not enough free GPUs.). If someone else is using its GPU now, run `pulumi up --replace <urn>`, which creates a new pod elsewhere and loses every disk of the pod.",
    );
  });

  test("of a pod that does not exist suggests a refresh", async () => {
    const { update, runpod } = setUp();
    runpod.pods = [];
    await expect(update({ ...program, name: "other" })).rejects.toThrow(
      "Pod 'other' (pod1) does not exist, so it cannot be updated. Run `pulumi refresh` to confirm, then `pulumi up` to recreate it.",
    );
  });
});

describe("adopting a pod", () => {
  const adoptFound = ({ context, runpod }: ReturnType<typeof setUp>, given: Values) =>
    adopt(context, runpod.pods[0] as Pod, checked(given));

  test("updates it to the program", async () => {
    const scene = setUp({ name: "older", ports: [] });
    const { writes, said } = scene;
    const { id, outputs } = await adoptFound(scene, program);
    expect(id).toBe("pod1");
    // The program chose the name that it had, so it gets the token of this run.
    const marked = patch({ env: { ...injected, A: "b", [TOKEN_ENV]: TOKEN } });
    expect(writes()).toEqual([marked, patch({ ports: ["8000/http"], name: "llm" })]);
    expect(said).toEqual([
      "pod 'llm': adopting pod1, which an interrupted run of this stack created",
    ]);
    expect(outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S", costPerHr: 0.86 });
  });

  test("keeps a template's settings that only RunPod knows", async () => {
    const scene = setUp({ name: "older", disk: 80, registry: "reg1" });
    const given = { gpuTypeIds: ["NVIDIA L40S"], name: "llm", templateId: "tpl1", __token: TOKEN };
    await adoptFound(scene, given);
    // The program chose the name that it had, so it gets the token of this run.
    const marked = patch({ env: { ...injected, A: "b", [TOKEN_ENV]: TOKEN } });
    expect(scene.writes()).toEqual([marked, patch({ name: "llm" })]);
  });
});
