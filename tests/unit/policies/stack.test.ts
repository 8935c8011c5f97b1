import { networkVolumesOf, podOf } from "../../../policies/src/stack";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, item } from "./scene";

const a = item("Volume", HAPPY_VOLUME, { id: "a" });
const b = item("Volume", HAPPY_VOLUME, { id: "b" });
const pod = (dependencies = {}) => item("Pod", HAPPY_POD, { id: "pod", dependencies });
const endpoint = (dependencies = {}) =>
  item("ServerlessEndpoint", HAPPY_ENDPOINT, { id: "endpoint", dependencies });
const asking = (podId: string[]) =>
  item("PodEndpoint", { port: 8000 }, { id: "asking", dependencies: { podId } });

test("a pod mounts one volume, and an endpoint's workers any of several", () => {
  const items = [a, b, pod()];
  const mounted = (user: typeof a) => networkVolumesOf(user, items).map(({ item: { id } }) => id);
  expect(mounted(pod({ networkVolumeId: ["b", "a"] }))).toEqual(["b"]);
  expect(mounted(pod({ networkVolumeId: ["pod", "none", "a"] }))).toEqual(["a"]);
  expect(mounted(pod({ networkVolumeIds: ["a"] }))).toEqual([]);
  expect(mounted(pod())).toEqual([]);
  expect(mounted(endpoint({ networkVolumeIds: ["b", "a"] }))).toEqual(["b", "a"]);
  expect(mounted(endpoint({ networkVolumeId: ["a"] }))).toEqual([]);
  expect(networkVolumesOf(pod({ networkVolumeId: ["a"] }), items)).toEqual([
    { item: a, spec: a.spec },
  ]);
});

test("the pod that an endpoint asks is known if it is the only one", () => {
  const [one, two] = [pod(), item("Pod", HAPPY_POD, { id: "two" })];
  const items = [a, one, two];
  expect(podOf(asking(["pod"]), items)).toEqual({ item: one, spec: one.spec });
  expect(podOf(asking(["a", "pod"]), items)?.item.id).toBe("pod");
  expect(podOf(asking(["pod", "two"]), items)).toBeUndefined();
  expect(podOf(asking(["none"]), items)).toBeUndefined();
  expect(podOf(asking([]), items)).toBeUndefined();
});

test("items of one list are not looked for in another", () => {
  const user = pod({ networkVolumeId: ["a"] });
  expect(networkVolumesOf(user, [a])).toHaveLength(1);
  expect(networkVolumesOf(user, [b])).toEqual([]);
});
