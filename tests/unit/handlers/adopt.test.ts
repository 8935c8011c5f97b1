import type { Pod } from "../../../provider/src/api";
import { awaitOwnPod, findOwnPod } from "../../../provider/src/handlers/adopt";
import { TOKEN_ENV } from "../../../provider/src/schema";
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

function setUp(pods: readonly Pod[]) {
  const scene = fakeScene();
  scene.runpod.pods = pods;
  return scene;
}

describe("a pod is one's own", () => {
  test("if it bears the token, and a GET shows it alive", async () => {
    const { context, runpod } = setUp([{ ...pod, id: "other" }, own]);
    expect(await findOwnPod(context, inputs)).toBe(own);
    expect(runpod.calls).toEqual(["list pods", "get pod1"]);
  });

  test.each<[string, readonly Pod[]]>([
    ["it bears no token", [pod]],
    ["it bears another's token", [{ ...own, env: { [TOKEN_ENV]: "token-2" } }]],
    ["it was terminated", [{ ...own, status: "TERMINATED" }]],
    ["it has no env at all", [(({ env: _, ...rest }) => rest)(pod)]],
  ])("not if %s", async (_, pods) => {
    const { context } = setUp(pods);
    expect(await findOwnPod(context, inputs)).toBeUndefined();
  });

  test.each<[string, object]>([
    ["on a GPU", { gpuTypeIds: ["NVIDIA A40"] }],
    ["on so many GPUs", { gpuCount: 2 }],
    ["in a data center", { dataCenterIds: ["US-KS-2"] }],
    ["in a cloud", { cloudType: "COMMUNITY" }],
    ["with a volume", { volumeInGb: undefined, networkVolumeId: "vol1" }],
  ])("not if it stands %s that the program does not want: it is terminated", async (_, wanted) => {
    const { context, runpod, said } = setUp([own]);
    runpod.failures["get pod1"] = [undefined, apiError("notFound")];
    expect(await findOwnPod(context, { ...inputs, ...wanted })).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods", "get pod1", "delete pod1", "get pod1"]);
    expect(said).toEqual([
      "pod 'llm' (pod1), 0.86 $/h, was created by an interrupted run, and cannot become what the program wants: terminating it",
    ]);
  });

  test("not if this process has named it: it is the one about to be replaced", async () => {
    const { context, runpod } = setUp([own]);
    context.named.add(own.id);
    expect(await findOwnPod(context, inputs)).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods"]);
  });

  test("not if it is gone since the list", async () => {
    const { context, runpod } = setUp([own]);
    runpod.failures["get pod1"] = [apiError("notFound")];
    expect(await findOwnPod(context, inputs)).toBeUndefined();
  });

  test("alone: a second one is terminated, unlocked first where it must be", async () => {
    const { context, runpod } = setUp([own, { ...own, id: "twin", locked: true }]);
    runpod.failures["get twin"] = [undefined, apiError("notFound")];
    expect(await findOwnPod(context, inputs)).toBe(own);
    expect(runpod.calls.slice(3)).toEqual([
      updateCall("twin", { locked: false }),
      "delete twin",
      "get twin",
    ]);
  });

  test("as the second of two, if the first is gone", async () => {
    const { context, runpod } = setUp([{ ...own, id: "first" }, own]);
    runpod.failures["get first"] = [apiError("notFound")];
    expect(await findOwnPod(context, inputs)).toBe(own);
  });

  test("never without a token, and nobody is asked", async () => {
    const { context, runpod } = setUp([own]);
    expect(await findOwnPod(context, { ...inputs, __token: undefined })).toBeUndefined();
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
