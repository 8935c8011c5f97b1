import type { Pod } from "../../../provider/src/api";
import { awaitOwnPod, endTwins, findOwnPod, findTwins } from "../../../provider/src/handlers/adopt";
import { TOKEN_ENV, type Values } from "../../../provider/src/schema";
import { pod } from "../api/fixtures";
import { apiError, fakeScene, updateCall } from "./fake-context";

const inputs = {
  imageName: "vllm/vllm-openai:v0.33.0",
  gpuTypeIds: ["NVIDIA L40S"],
  gpuCount: 1,
  cloudType: "SECURE",
  volumeInGb: 100,
  __token: "token-1",
};
const own: Pod = { ...pod, env: { [TOKEN_ENV]: "token-1" } };

const SETTLE_MS = 3_000;

function setUp(pods: readonly Pod[]) {
  const scene = fakeScene();
  scene.runpod.pods = pods;
  return {
    ...scene,
    /** What is found, once the engine had its time to name it. */
    async find(wanted: Values) {
      const outcome = findOwnPod(scene.context, wanted);
      await scene.clock.advance(SETTLE_MS);
      return outcome;
    },
  };
}

describe("a pod is one's own", () => {
  test("if it bears the token, and a GET shows it alive", async () => {
    const { find, runpod } = setUp([{ ...pod, id: "other" }, own]);
    expect(await find(inputs)).toBe(own);
    expect(runpod.calls).toEqual(["list pods", "get pod1"]);
  });

  test.each<[string, readonly Pod[]]>([
    ["it bears no token", [pod]],
    ["it bears another's token", [{ ...own, env: { [TOKEN_ENV]: "token-2" } }]],
    ["it was terminated", [{ ...own, status: "TERMINATED" }]],
    ["it has no env at all", [(({ env: _, ...rest }) => rest)(pod)]],
  ])("not if %s", async (_, pods) => {
    const { find } = setUp(pods);
    expect(await find(inputs)).toBeUndefined();
  });

  test.each<[string, object]>([
    ["on a GPU", { gpuTypeIds: ["NVIDIA A40"] }],
    ["on so many GPUs", { gpuCount: 2 }],
    ["in a data center", { dataCenterIds: ["US-KS-2"] }],
    ["in a cloud", { cloudType: "COMMUNITY" }],
    ["with a volume", { volumeInGb: undefined, networkVolumeId: "vol1" }],
  ])("not if it stands %s that the program does not want: it is terminated", async (_, wanted) => {
    const { find, runpod, said } = setUp([own]);
    runpod.failures["get pod1"] = [undefined, apiError("notFound")];
    expect(await find({ ...inputs, ...wanted })).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods", "get pod1", "delete pod1", "get pod1"]);
    expect(said).toEqual([
      "pod 'llm' (pod1), 0.86 $/h, was created by an interrupted run, and cannot become what the program wants: terminating it",
    ]);
  });

  test("not if this process has named it: it is the one about to be replaced", async () => {
    const { context, find, runpod } = setUp([own]);
    context.named.add(own.id);
    expect(await find(inputs)).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods"]);
  });

  test("not if the engine names it a moment later: another resource was renamed, and keeps it", async () => {
    const { context, clock, runpod } = setUp([own]);
    const outcome = findOwnPod(context, inputs);
    await clock.advance(SETTLE_MS - 1);
    context.named.add(own.id);
    await clock.advance(1);
    expect(await outcome).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods", "get pod1"]);
  });

  test("at once, where there is none: nothing is waited for", async () => {
    const { context, clock } = setUp([]);
    expect(await findOwnPod(context, inputs)).toBeUndefined();
    expect(clock.slept).toEqual([]);
  });

  test("not if it is gone since the list", async () => {
    const { find, runpod } = setUp([own]);
    runpod.failures["get pod1"] = [apiError("notFound")];
    expect(await find(inputs)).toBeUndefined();
  });

  test("not if a GET shows it terminated, though the list does not yet", async () => {
    const { find, runpod } = setUp([own]);
    Object.defineProperty(runpod, "pods", {
      get: () => [runpod.calls.at(-1) === "list pods" ? own : { ...own, status: "TERMINATED" }],
    });
    expect(await find(inputs)).toBeUndefined();
  });

  test("for all that is known if it cannot be read: the create fails, and none is paid twice", async () => {
    const { context, runpod } = setUp([own]);
    runpod.failures["get pod1"] = [apiError("server")];
    await expect(findOwnPod(context, inputs)).rejects.toMatchObject({ kind: "server" });
  });

  test("alone: a second one is terminated, unlocked first where it must be", async () => {
    const { find, runpod } = setUp([own, { ...own, id: "twin", locked: true }]);
    runpod.failures["get twin"] = [undefined, apiError("notFound")];
    expect(await find(inputs)).toBe(own);
    expect(runpod.calls.slice(3)).toEqual([
      updateCall("twin", { locked: false }),
      "delete twin",
      "get twin",
    ]);
  });

  test("as the second of two, if the first is gone", async () => {
    const { find, runpod } = setUp([{ ...own, id: "first" }, own]);
    runpod.failures["get first"] = [apiError("notFound")];
    expect(await find(inputs)).toBe(own);
  });

  test("never without a token, and nobody is asked", async () => {
    const { find, runpod } = setUp([own]);
    expect(await find({ ...inputs, __token: undefined })).toBeUndefined();
    expect(runpod.calls).toEqual([]);
  });
});

describe("after a lost answer", () => {
  test("a list from before it proves nothing", async () => {
    const { context, runpod, clock } = setUp([]);
    await context.pods.list();
    await clock.advance(1);
    runpod.pods = [own];
    expect(await awaitOwnPod(context, inputs)).toBe(own);
  });

  test("the pod is looked for ever more slowly, for three quarters of a minute", async () => {
    const { context, runpod, clock } = setUp([]);
    const outcome = awaitOwnPod(context, inputs);
    await clock.advance(60_000);
    expect(await outcome).toBeUndefined();
    expect(clock.slept).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000]);
    expect(runpod.calls).toHaveLength(9);
  });

  test("the pod is found once it shows up", async () => {
    const { context, runpod, clock } = setUp([]);
    const outcome = awaitOwnPod(context, inputs);
    await clock.advance(20_000);
    runpod.pods = [own];
    await clock.advance(8_000);
    expect(await outcome).toBe(own);
  });
});

describe("a second pod with the token", () => {
  const twin: Pod = { ...own, id: "twin" };

  test("is told when it is found, and not touched", async () => {
    const { context, runpod, said } = setUp([own, twin]);
    context.named.add(own.id);
    expect(await findTwins(context, own.id, inputs)).toEqual(["twin"]);
    expect(runpod.calls).toEqual(["list pods", "get twin"]);
    expect(said).toEqual([
      "pod 'llm' (twin), 0.86 $/h, was created by an interrupted run beside pod1, which is kept: the next `pulumi up` or `pulumi destroy` terminates it",
    ]);
  });

  test("is ended afterwards", async () => {
    const { context, runpod, said } = setUp([own, twin]);
    runpod.failures["get twin"] = [undefined, apiError("notFound")];
    await endTwins(context, own.id, ["twin"]);
    expect(runpod.calls).toEqual(["get twin", "delete twin", "get twin"]);
    expect(said).toEqual([
      "pod 'llm' (twin), 0.86 $/h, was created by an interrupted run, and pod1 is kept: terminating it",
    ]);
  });

  test("is ended also if RunPod still shows it, as terminated", async () => {
    const { context, clock, runpod } = setUp([own, twin]);
    Object.defineProperty(runpod, "pods", {
      get: () => [
        { ...twin, ...(runpod.calls.includes("delete twin") && { status: "TERMINATED" }) },
      ],
    });
    await endTwins(context, own.id, ["twin"]);
    expect(runpod.calls).toEqual(["get twin", "delete twin", "get twin"]);
    expect(clock.slept).toEqual([]);
  });

  test.each<[string, readonly Pod[], string[]]>([
    ["is gone", [own], []],
    ["has been terminated", [own, { ...twin, status: "TERMINATED" }], []],
    ["has become another resource's", [own, twin], ["twin"]],
  ])("is left alone if it %s since", async (_, pods, named) => {
    const { context, runpod } = setUp(pods);
    for (const id of named) context.named.add(id);
    await endTwins(context, own.id, ["twin"]);
    expect(runpod.calls).toEqual(["get twin"]);
  });
});
