import type { Pod } from "../../../../provider/src/api";
import {
  endDuplicates,
  findDuplicates,
} from "../../../../provider/src/handlers/lifecycle/duplicates";
import { PODS } from "../../../../provider/src/handlers/lifecycle/pods";
import {
  exported,
  legacyToken,
  ownership,
  resource,
  STRANGER,
  token,
} from "../../../support/exported-state";
import { pod } from "../../api/fixtures";
import { apiError } from "../fake-context";
import { cutOff, earlier, named, present, setUp, withToken } from "./interrupted";

describe("a duplicate of a pod in the state", () => {
  const own = withToken(present);
  const known = resource("Pod", "llm", { ...named, id: "pod1", token: present });
  const state = exported([ownership(), known]);
  const duplicate = withToken(present, { id: "double" });
  const find = (scene: ReturnType<typeof setUp>, itsToken: unknown = present) =>
    findDuplicates(scene.context, PODS, own, itsToken);

  test("has the same token and is not younger: it is reported, and not changed", async () => {
    const scene = setUp([own, duplicate], state);
    expect(await find(scene)).toEqual(["double"]);
    expect(scene.runpod.calls).toEqual(["list pods"]);
    expect(scene.said).toEqual([
      "pod 'llm' (double), 0.86 $/h, is a duplicate of pod1, left by an interrupted run: the next `pulumi up` or `pulumi destroy` terminates it",
    ]);
  });

  test("is proven by a pending create of the resource, even if it is younger", async () => {
    const younger = withToken(earlier, { id: "double", createdAt: "2026-11-24T12:00:00Z" });
    const scene = setUp([own, younger], exported([ownership(), known], [cutOff]));
    expect(await find(scene)).toEqual(["double"]);
  });

  test.each<[string, readonly Pod[], unknown, string]>([
    [
      "a younger one: a colleague cloned it, env and all",
      [withToken(present, { id: "clone", createdAt: "2026-11-23T12:00:01Z" })],
      state,
      present,
    ],
    [
      "what the state has, under another name",
      [duplicate],
      exported([ownership(), known, resource("Pod", "b", { id: "double", token: present })]),
      present,
    ],
    [
      "another pod of this stack's, which nobody's state may have",
      [withToken(token("Pod", "b"), { id: "double" })],
      state,
      present,
    ],
    [
      "one that shares the token of an older release",
      [withToken(legacyToken("Pod", "llm"), { id: "double" })],
      exported([
        ownership(),
        resource("Pod", "llm", { id: "pod1", token: legacyToken("Pod", "llm") }),
      ]),
      legacyToken("Pod", "llm"),
    ],
    ["anything while the state cannot be read", [duplicate], null, present],
    [
      "anything while the state does not have the pod itself",
      [duplicate],
      exported([ownership()]),
      present,
    ],
    ["what has been terminated", [{ ...duplicate, status: "TERMINATED" }], state, present],
  ])("is not %s", async (_, others, its, itsToken) => {
    const scene = setUp([own, ...others], its);
    expect(await find(scene, itsToken)).toEqual([]);
    expect(scene.said).toEqual([]);
  });

  test("needs no reading of the state while all pods of this stack are accounted for", async () => {
    const scene = setUp([own, pod, withToken(token("Pod", "a", STRANGER), { id: "x" })], state);
    let readings = 0;
    Object.defineProperty(scene.runpod, "state", {
      get: () => {
        readings += 1;
        return state;
      },
    });
    expect(await find(scene)).toEqual([]);
    expect(await find(scene, undefined)).toEqual([]);
    expect(readings).toBe(0);
  });

  test("is terminated afterwards, after another lookup", async () => {
    const { context, runpod, said } = setUp([own, duplicate], state);
    runpod.failures["get double"] = [undefined, apiError("notFound")];
    await endDuplicates(context, PODS, "pod1", present, ["double"]);
    expect(runpod.calls).toEqual(["get pod1", "get double", "delete double", "get double"]);
    expect(said).toEqual([
      "pod 'llm' (double), 0.86 $/h, is a duplicate of pod1, left by an interrupted run: terminating it",
    ]);
  });

  test("is terminated even if RunPod still shows it, as terminated", async () => {
    const { context, clock, runpod } = setUp([], state);
    Object.defineProperty(runpod, "pods", {
      get: () => [
        own,
        { ...duplicate, ...(runpod.calls.includes("delete double") && { status: "TERMINATED" }) },
      ],
    });
    await endDuplicates(context, PODS, "pod1", present, ["double"]);
    expect(runpod.calls.slice(-2)).toEqual(["delete double", "get double"]);
    expect(clock.slept).toEqual([]);
  });

  test.each<[string, readonly Pod[], unknown]>([
    ["is gone", [own], state],
    ["has been terminated", [own, { ...duplicate, status: "TERMINATED" }], state],
    ["got another token", [own, withToken("", { id: "double" })], state],
    [
      "has come into the state",
      [own, duplicate],
      exported([ownership(), known, resource("Pod", "b", { id: "double" })]),
    ],
    ["cannot be proven, as the state cannot be read", [own, duplicate], null],
    ["is the only one left", [duplicate], state],
  ])("is kept if it %s since", async (_, pods, its) => {
    const { context, runpod } = setUp(pods, its);
    await endDuplicates(context, PODS, "pod1", present, ["double"]);
    expect(runpod.calls).toEqual(["get pod1", "get double"]);
  });

  test("that was not found is not looked up", async () => {
    const { context, runpod } = setUp([own, duplicate], state);
    await endDuplicates(context, PODS, "pod1", present, []);
    expect(runpod.calls).toEqual([]);
  });
});
