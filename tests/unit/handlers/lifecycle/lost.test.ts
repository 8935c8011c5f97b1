import type { Pod } from "../../../../provider/src/api";
import { markedName } from "../../../../provider/src/core/mark";
import { awaitOwn } from "../../../../provider/src/handlers/lifecycle/lost";
import { PODS } from "../../../../provider/src/handlers/lifecycle/pods";
import { adopt } from "../../../../provider/src/handlers/pod/adopt";
import { TOKEN_ENV } from "../../../../provider/src/schema";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  PRESENT,
  resource,
  STRANGER,
  token,
} from "../../../support/exported-state";
import { pod } from "../../api/fixtures";
import { apiError, updateCall } from "../fake-context";
import {
  cutOff,
  earlier,
  inputs,
  lost,
  named,
  present,
  setUp,
  underWay,
  withToken,
} from "./interrupted";

const { env: _, ...bare } = pod;

describe("a pod belongs to an interrupted run", () => {
  test("if a pending create of the resource has its token and its name, and a GET shows it alive", async () => {
    const { find, runpod } = setUp([{ ...pod, id: "other" }, lost]);
    expect(await find()).toBe(lost);
    expect(runpod.calls).toEqual(["list pods", "get pod1"]);
  });

  test.each<[string, readonly Pod[]]>([
    ["it has no token", [pod]],
    ["it has no env at all", [bare]],
    ["it has another's token", [withToken(token("Pod", "other"))]],
    ["it has another stack's token", [withToken(token("Pod", "llm", STRANGER))]],
    [
      "it was renamed since, as what was adopted and then let go is",
      [withToken(earlier, { name: "mine" })],
    ],
    ["it was terminated", [withToken(earlier, { status: "TERMINATED" })]],
  ])("not if %s: it is kept", async (_, pods) => {
    const { find, runpod } = setUp(pods);
    expect(await find()).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods"]);
  });

  test("not if the state has it, under any resource", async () => {
    const renamed = resource("Pod", "renamed", { id: "pod1", token: earlier });
    const { find, runpod } = setUp([lost], exported([ownership(), renamed], [cutOff, underWay]));
    expect(await find()).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods"]);
  });

  test("not if only another resource's pending create proves it, which is reported once", async () => {
    const other = resource("Pod", "old name", { ...named, token: earlier });
    const { find, runpod, said } = setUp([lost], exported([ownership()], [other, underWay]));
    expect([await find(), await find()]).toEqual([undefined, undefined]);
    expect(runpod.calls).toEqual(["list pods"]);
    expect(said).toEqual([
      expect.stringMatching(
        /^pod 'llm' \(pod1\), 0\.86 \$\/h, was also created by an interrupted run, for 'old name'\. If this run does not adopt it, run `npx -p @runpod-stack\/provider runpod-stack recover` to see how to keep or delete it$/,
      ),
    ]);
  });

  test.each<[string, object]>([
    ["on a GPU", { gpuTypeIds: ["NVIDIA A40"] }],
    ["on so many GPUs", { gpuCount: 2 }],
    ["in a data center", { dataCenterIds: ["US-KS-2"] }],
    ["in a cloud", { cloudType: "COMMUNITY" }],
    ["with a volume", { volumeInGb: undefined, networkVolumeId: "vol1" }],
  ])("not if it is %s that the program does not allow: it is terminated", async (_, wanted) => {
    const { find, runpod, said } = setUp([lost]);
    runpod.failures["get pod1"] = [undefined, apiError("notFound")];
    expect(await find({ ...inputs, ...wanted })).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods", "get pod1", "delete pod1", "get pod1"]);
    expect(said).toEqual([
      "pod 'llm' (pod1), 0.86 $/h, was created by an interrupted run and cannot be changed to match the program: terminating it",
    ]);
  });

  test("not if it is gone since the list, or terminated but still listed", async () => {
    const gone = setUp([lost]);
    gone.runpod.failures["get pod1"] = [apiError("notFound")];
    expect(await gone.find()).toBeUndefined();
    const ended = setUp([lost]);
    Object.defineProperty(ended.runpod, "pods", {
      get: () => [
        ended.runpod.calls.at(-1) === "list pods" ? lost : { ...lost, status: "TERMINATED" },
      ],
    });
    expect(await ended.find()).toBeUndefined();
  });

  test("possibly, if it cannot be read: the create fails, so that none is paid twice", async () => {
    const { find, runpod } = setUp([lost]);
    runpod.failures["get pod1"] = [apiError("server")];
    await expect(find()).rejects.toMatchObject({ kind: "server" });
  });

  test("only one: a younger one is terminated, and unlocked first if necessary", async () => {
    const younger = { id: "younger", locked: true, createdAt: "2026-11-23T12:00:05Z" };
    const { find, runpod, said } = setUp([withToken(earlier, younger), lost]);
    runpod.failures["get younger"] = [undefined, apiError("notFound")];
    expect(await find()).toBe(lost);
    expect(runpod.calls.slice(3)).toEqual([
      updateCall("younger", { locked: false }),
      "delete younger",
      "get younger",
    ]);
    expect(said).toEqual([
      "pod 'llm' (younger), 0.86 $/h, was created by an interrupted run and is a duplicate: terminating it",
    ]);
  });

  test("for several interrupted runs too, each by its token", async () => {
    const again = token("Pod", "llm", OWNER, "cccccccc");
    const state = exported(
      [ownership()],
      [cutOff, resource("Pod", "llm", { ...named, token: again }), underWay],
    );
    const second = withToken(again, { id: "second", createdAt: "2026-11-23T12:10:00Z" });
    const { find, runpod } = setUp([second, lost], state);
    runpod.failures["get second"] = [undefined, apiError("notFound")];
    expect(await find()).toBe(lost);
    expect(runpod.calls).toContain("delete second");
  });
});

test("without an interrupted create there is no call", async () => {
  const { find, runpod } = setUp([lost], exported([ownership()], [underWay]));
  expect(await find()).toBeUndefined();
  expect(runpod.calls).toEqual([]);
});

describe("a pod with the token of an older release", () => {
  const old = legacyToken("Pod", "llm");
  const pending = exported(
    [ownership()],
    [resource("Pod", "llm", { ...named, token: old }), underWay],
  );

  test("is adopted if it matches only one pending create, by its name as well", async () => {
    const { find } = setUp([withToken(old)], pending);
    expect(await find()).toMatchObject({ id: "pod1" });
  });

  test("is doubtful if another has it as well, and nothing is created: renamed and kept resources share it", async () => {
    const other = withToken(old, { id: "pod2", name: "renamed" });
    const { find, runpod } = setUp([withToken(old), other], pending);
    await expect(find()).rejects.toThrow(
      [
        "Creating pod 'llm': an interrupted run of an older release may have created it already, but nothing proves it. Nothing was created. Check:",
        "  pod 'llm' (pod1), 0.86 $/h",
        "  pod 'renamed' (pod2), 0.86 $/h",
        "To delete one, run `npx -p @runpod-stack/provider runpod-stack recover --delete <id> --yes`. To keep it outside this stack, run `pulumi refresh --clear-pending-creates`. Then run `pulumi up` again.",
      ].join("\n"),
    );
    expect(runpod.calls).toEqual(["list pods"]);
  });

  test("is not doubtful while the state has it, or without an interrupted create", async () => {
    const known = resource("Pod", "renamed", { id: "pod1", token: old });
    const { deployment } = pending;
    for (const state of [
      exported(
        [ownership(), known],
        deployment.pending_operations.map((one) => one.resource),
      ),
      exported([ownership()], [underWay]),
    ]) {
      expect(await setUp([withToken(old)], state).find()).toBeUndefined();
    }
  });
});

describe("if the state cannot be read, or is another stack's", () => {
  const states = [null, {}, exported([ownership({ id: STRANGER })])];

  test.each(states)(
    "a pod with the stack mark may be lost, and nothing is created: %j",
    async (state) => {
      const { find } = setUp([withToken(token("Pod", "anything")), pod], state);
      await expect(find()).rejects.toThrow(
        [
          "Creating pod 'llm': the stack's state could not be read, so an interrupted run may have created it already. Nothing was created. These objects carry the stack mark:",
          "  pod pod1 'llm', 0.86 $/h",
          "Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with `pulumi stack select`. Then run `pulumi up` again.",
        ].join("\n"),
      );
    },
  );

  test("a volume with it may be, too", async () => {
    const { find, runpod } = setUp([], null);
    const volume = { id: "vol1", size: 20, dataCenter: "EU-RO-1", type: "STANDARD" } as const;
    runpod.volumes = [{ ...volume, name: markedName("cache", token("Volume", "cache")) }];
    await expect(find()).rejects.toThrow(/\n {2}volume vol1 'cache-\w{10}', 20 GB\n/);
  });

  test("what the run created since is not doubtful, and one lookup serves all creates", async () => {
    const { find, runpod } = setUp([bare, withToken(token("Pod", "llm", STRANGER))], null);
    expect(await find()).toBeUndefined();
    runpod.pods = [withToken(token("Pod", "first", OWNER, PRESENT))];
    expect(await find()).toBeUndefined();
    expect(runpod.calls).toEqual(["list pods", "list endpoints", "list volumes", "list clusters"]);
  });
});

describe("an adopted pod differs from what the journal recorded:", () => {
  test("an automatic name becomes this run's, and the token stays", async () => {
    const [old, wanted] = [markedName("llm", earlier), markedName("llm", present)];
    const { context, runpod, said } = setUp([withToken(earlier, { name: old })]);
    const found = runpod.pods[0] as Pod;
    const { id, outputs } = await adopt(context, found, { ...inputs, name: wanted });
    expect(id).toBe("pod1");
    expect(outputs).toMatchObject({ name: wanted, __token: earlier });
    const [update] = runpod.calls;
    expect(update).toContain(`"name":"${wanted}"`);
    expect(update).not.toContain(present);
    expect(said).toEqual([
      `pod '${wanted}': adopting pod1, which an interrupted run of this stack created`,
    ]);
  });

  test("one with a name that the program chose gets this run's token", async () => {
    const { context, runpod } = setUp([
      withToken(earlier, { env: { A: "b", [TOKEN_ENV]: earlier } }),
    ]);
    const { outputs } = await adopt(context, runpod.pods[0] as Pod, inputs);
    expect(runpod.calls[0]).toBe(updateCall("pod1", { env: { A: "b", [TOKEN_ENV]: present } }));
    expect(outputs).toMatchObject({ __token: present });
  });

  test("is in the state even if the update fails", async () => {
    const { context, runpod } = setUp([lost]);
    const call = updateCall("pod1", { env: { [TOKEN_ENV]: present } });
    runpod.failures[call] = [apiError("server")];
    await expect(adopt(context, lost, inputs)).rejects.toMatchObject({
      id: "pod1",
      outputs: { name: "llm" },
      reasons: [
        "Pod 'llm' (pod1) was created by an interrupted run, and its creation token could not be replaced: doing it: told server",
      ],
    });
  });

  test("is unlocked before it is marked, because that restarts it", async () => {
    const { context, runpod } = setUp([withToken(earlier, { locked: true })]);
    await adopt(context, runpod.pods[0] as Pod, inputs);
    expect(runpod.calls[0]).toBe(updateCall("pod1", { locked: false }));
  });
});

describe("after a lost answer", () => {
  const own = withToken(present);

  test("a list from before it proves nothing", async () => {
    const { context, runpod, clock } = setUp([]);
    await context.pods.list();
    await clock.advance(1);
    runpod.pods = [own];
    expect(await awaitOwn(context, PODS, present)).toBe(own);
  });

  test("the pod is looked up at growing intervals, for 45 seconds", async () => {
    const { context, runpod, clock } = setUp([lost]);
    const outcome = awaitOwn(context, PODS, present);
    await clock.advance(60_000);
    expect(await outcome).toBeUndefined();
    expect(clock.slept).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000]);
    expect(runpod.calls).toHaveLength(9);
  });

  test("the pod is found once it is listed", async () => {
    const { context, runpod, clock } = setUp([]);
    const outcome = awaitOwn(context, PODS, present);
    await clock.advance(20_000);
    runpod.pods = [own];
    await clock.advance(8_000);
    expect(await outcome).toBe(own);
  });

  test("the newest of two is used: the older one is its proven duplicate", async () => {
    const newer = { ...own, id: "newer", createdAt: "2026-11-23T12:00:05Z" };
    const { context } = setUp([newer, own]);
    expect(await awaitOwn(context, PODS, present)).toBe(newer);
  });
});
