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
