import type { Diagnosis } from "./cause";

const NEW_WORKER = "terminate the worker in RunPod's console, so that RunPod starts another one";

/** What the remedies for pods advise, and the same for the workers of a serverless endpoint. */
const WORDS: readonly (readonly [pod: RegExp, worker: string])[] = [
  [
    /Mount a volume for the cache \(volumeMountPath [^()]{1,80} or networkVolumeId\)/,
    "Set networkVolumeIds to a volume for the cache (with HF_HOME in env set to a folder under /runpod-volume)",
  ],
  [
    /write to a folder under volumeMountPath and raise volumeInGb/,
    "write to a folder under /runpod-volume on a network volume (networkVolumeIds)",
  ],
  [/\(volumeInGb, or the network volume's size\)/, "(the network volume's size)"],
  [
    /volumeMountPath is the folder where the model was stored/,
    "it is below /runpod-volume, where the network volume is mounted",
  ],
  [/volumeMountPath does not hide its folder/, "it is not below /runpod-volume, which hides it"],
  [
    /Set volumeMountPath to another folder, or copy the program to the volume first/,
    "Use an image whose program is not below /runpod-volume, or copy the program to the volume first",
  ],
  [/(under|below) volumeMountPath/, "$1 /runpod-volume"],
  [
    /stop and start the pod \(desiredStatus\)/,
    "terminate the worker in RunPod's console, so that another one starts",
  ],
  [
    /recreate the pod with another networkVolumeId, if necessary in other dataCenterIds/,
    "set networkVolumeIds to another volume, if necessary in other dataCenterIds",
  ],
  [/place the pod on another host/, "move the workers to other hosts"],
  [/Move to another host: delete the pod and recreate it/, sentence(NEW_WORKER)],
  [/Stop and start the pod to pull the image again/, `To pull the image again, ${NEW_WORKER}`],
  [/[Rr]ecreate the pod on another host/, NEW_WORKER],
  [/[Rr]estart the pod/, NEW_WORKER],
  [/Raise the timeout, and start the pod again/, "Raise the timeout, and run `pulumi up` again"],
  [/the pod was stopped/, "the worker was stopped"],
  [/the old pod's id/, "the worker's id"],
  [/than the pod has/, "than a worker has"],
  [/the pod has (a GPU|none)/, "the worker has $1"],
  [/the pod needs no GPU/, "the worker needs no GPU"],
];

/** The same diagnosis for the log of a worker of a serverless endpoint: its remedy names the endpoint's fields. */
export function ofWorker<T extends Pick<Diagnosis, "remedy">>(found: T): T {
  const remedy = found.remedy === null ? null : WORDS.reduce(replaced, found.remedy);
  return { ...found, remedy };
}

function replaced(remedy: string, [pod, worker]: (typeof WORDS)[number]): string {
  const before = remedy.slice(0, Math.max(0, remedy.search(pod)));
  const startsSentence = before === "" || /[.!] $/.test(before);
  return remedy.replace(pod, startsSentence ? sentence(worker) : worker);
}

function sentence(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}
