import { CAUSES } from "../../../../models/src/diagnosis/causes";
import { ofWorker } from "../../../../models/src/diagnosis/worker";

const forWorker = (remedy: string) => String(ofWorker({ remedy }).remedy);
const REMEDIES = CAUSES.flatMap(({ remedy, signs }) => [
  remedy,
  ...signs.flatMap((sign) => sign.remedy ?? []),
]);
/** A worker has no own volume and no path to choose, and it is no pod. */
const POD_ONLY =
  /\bpods?\b|\bvolumeInGb\b|\bvolumeMountPath\b|\bnetworkVolumeId\b|\bdesiredStatus\b/;

test.each(REMEDIES.filter((remedy) => POD_ONLY.test(remedy)))(
  "a remedy for a worker names the endpoint's fields: %s",
  (remedy) => {
    expect(forWorker(remedy)).not.toMatch(POD_ONLY);
    expect(forWorker(remedy)).not.toMatch(/[.!?] [a-z]/);
  },
);

test("a full disk is the endpoint's containerDiskInGb, or a network volume", () => {
  const [cause] = CAUSES.filter(({ name }) => name === "disk-full-download");
  expect(forWorker(String(cause?.remedy))).toBe(
    "The model does not fit on the disk that it is downloaded to. Set networkVolumeIds to a volume for the cache (with HF_HOME in env set to a folder under /runpod-volume) of at least 1.1 times the size of the weights plus 5 GB, or raise containerDiskInGb by that amount.",
  );
});

test("other remedies are the same", () => {
  const remedy = "Raise gpuCount.";
  expect(ofWorker({ cause: "x", remedy })).toEqual({ cause: "x", remedy });
  expect(ofWorker({ remedy: null })).toEqual({ remedy: null });
});

const TERMINATE = "erminate the worker in RunPod's console, so that RunPod starts another one";

test.each([
  [
    "Mount a volume for the cache (volumeMountPath and volumeInGb, or networkVolumeId).",
    "Set networkVolumeIds to a volume for the cache (with HF_HOME in env set to a folder under /runpod-volume).",
  ],
  [
    "Or write to a folder under volumeMountPath and raise volumeInGb.",
    "Or write to a folder under /runpod-volume on a network volume (networkVolumeIds).",
  ],
  ["Raise it (volumeInGb, or the network volume's size).", "Raise it (the network volume's size)."],
  [
    "Check that volumeMountPath is the folder where the model was stored.",
    "Check that it is below /runpod-volume, where the network volume is mounted.",
  ],
  [
    "Check that volumeMountPath does not hide its folder.",
    "Check that it is not below /runpod-volume, which hides it.",
  ],
  [
    "Set volumeMountPath to another folder, or copy the program to the volume first.",
    "Use an image whose program is not below /runpod-volume, or copy the program to the volume first.",
  ],
  ["A folder below volumeMountPath.", "A folder below /runpod-volume."],
  [
    "Then stop and start the pod (desiredStatus).",
    "Then terminate the worker in RunPod's console, so that another one starts.",
  ],
  [
    "Or recreate the pod with another networkVolumeId, if necessary in other dataCenterIds.",
    "Or set networkVolumeIds to another volume, if necessary in other dataCenterIds.",
  ],
  ["Or place the pod on another host.", "Or move the workers to other hosts."],
  ["Move to another host: delete the pod and recreate it.", `T${TERMINATE}.`],
  ["Stop and start the pod to pull the image again.", `To pull the image again, t${TERMINATE}.`],
  ["Recreate the pod on another host.", `T${TERMINATE}.`],
  ["If it lasts, recreate the pod on another host.", `If it lasts, t${TERMINATE}.`],
  ["Look at it. Restart the pod.", `Look at it. T${TERMINATE}.`],
  ["Look at it. If it lasts, restart the pod.", `Look at it. If it lasts, t${TERMINATE}.`],
  ["Use v0.2 or restart the pod.", `Use v0.2 or t${TERMINATE}.`],
  ["Raise the timeout, and start the pod again.", "Raise the timeout, and run `pulumi up` again."],
  ["It ended when the pod was stopped.", "It ended when the worker was stopped."],
  ["It has the old pod's id.", "It has the worker's id."],
  ["It needs more than the pod has.", "It needs more than a worker has."],
  ["Check that the pod has a GPU.", "Check that the worker has a GPU."],
  ["It uses a GPU and the pod has none.", "It uses a GPU and the worker has none."],
  ["It works if the pod needs no GPU.", "It works if the worker needs no GPU."],
  ["Nothing about where it runs.", "Nothing about where it runs."],
])("%s", (remedy, expected) => {
  expect(ofWorker({ remedy })).toEqual({ remedy: expected });
});
