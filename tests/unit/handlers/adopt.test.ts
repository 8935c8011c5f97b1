import type { Pod } from "../../../provider/src/api";
import { awaitOwnPod, findOwnPod } from "../../../provider/src/handlers/adopt";
import { TOKEN_ENV } from "../../../provider/src/schema";
import { pod } from "../api/fixtures";
import { apiError, fakeScene } from "./fake-context";

const inputs = { gpuTypeIds: ["NVIDIA L40S"], __token: "token-1" };
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
    ["it has a GPU that is not wanted", [{ ...own, gpu: { id: "NVIDIA A40", count: 1 } }]],
  ])("not if %s", async (_, pods) => {
    const { context } = setUp(pods);
    expect(await findOwnPod(context, inputs)).toBeUndefined();
  });

  test("not if it stands where the program does not want it", async () => {
    const { context } = setUp([own]);
    expect(await findOwnPod(context, { ...inputs, dataCenterIds: ["US-KS-2"] })).toBeUndefined();
    expect(await findOwnPod(context, { ...inputs, minCudaVersion: "13.1" })).toBeUndefined();
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

  test("as the second of two, if the first is gone", async () => {
    const { context, runpod } = setUp([{ ...own, id: "first" }, own]);
    runpod.failures["get first"] = [apiError("notFound")];
    expect(await findOwnPod(context, inputs)).toBe(own);
  });

  test("never without a token, and nobody is asked", async () => {
    const { context, runpod } = setUp([own]);
    expect(await findOwnPod(context, { gpuTypeIds: ["NVIDIA L40S"] })).toBeUndefined();
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
