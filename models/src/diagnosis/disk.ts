import { type Cause, certain, likely, possible } from "./cause";

const NO_SPACE = /no space left on device/i;
const SHARED_MEMORY = /\/dev\/shm|shared memory segment|\/torch_\w/;
const DOWNLOAD =
  /CAS service error|hugging ?face|hf_hub|snapshot_download|Fetching \d{1,9} files|weight_utils|download/i;
const IMAGE_PULL =
  /pull and unpack|pulling image|failed to register layer|failed to (?:extract|copy)|containerd|overlay/i;

/** "No space left on device" has five causes: the words next to it distinguish them. */
export const DISK_CAUSES: readonly Cause[] = [
  {
    name: "shm-too-small",
    remedy:
      "This is shared memory (/dev/shm), not the disk: containerDiskInGb does not change it. Add NCCL_SHM_DISABLE=1 to env, or use one GPU with more memory instead of several.",
    signs: [
      certain(/Error while creating shared memory segment|insufficient shared memory \(shm\)/),
      certain(/unable to (?:write to|mmap|open) .{0,40}(?:\/torch_|\/dev\/shm)/),
      certain(NO_SPACE, { near: { pattern: SHARED_MEMORY, lines: 0 } }),
      likely(NO_SPACE, { near: { pattern: SHARED_MEMORY, lines: 2 } }),
    ],
  },
  {
    name: "disk-quota-exceeded",
    remedy:
      "The folder's quota is used up, though its disk is not full. Raise the network volume's size, or point HF_HOME at a volumeMountPath that has room.",
    signs: [certain(/disk quota exceeded|os error 122\b|Errno 122\b/i)],
  },
  {
    name: "disk-full-image-pull",
    remedy:
      "The host ran out of room while unpacking the image. Raise containerDiskInGb above the image's unpacked size, or let the pod be placed on another host (dataCenterIds, gpuTypeIds).",
    signs: [
      certain(NO_SPACE, { near: { pattern: IMAGE_PULL, lines: 0 } }),
      possible(/PullImage from image service failed|failed to pull and unpack image/),
    ],
  },
  {
    name: "disk-full-download",
    remedy:
      "The model does not fit where it is downloaded. Mount a volume for the cache (volumeMountPath /root/.cache/huggingface, with volumeInGb or a networkVolumeId) of at least 1.1 times the weights + 5 GB, or raise containerDiskInGb by as much.",
    signs: [
      certain(NO_SPACE, { near: { pattern: DOWNLOAD, lines: 0 } }),
      likely(NO_SPACE, { near: { pattern: DOWNLOAD, lines: 40 } }),
    ],
  },
  {
    name: "disk-full-write",
    remedy:
      "The disk filled up while the server wrote to it. Raise containerDiskInGb, or write below volumeMountPath and raise volumeInGb.",
    signs: [
      certain(/serializ.{0,80}no space left on device/i),
      likely(NO_SPACE),
      likely(/ENOSPC|disk is full|os error 28\b/i),
    ],
  },
  {
    name: "image-layer-corrupt",
    remedy:
      "A layer of the image arrived damaged, often because the host's disk was full. Stop and start the pod to pull again; if it repeats, pin another tag or place the pod elsewhere (dataCenterIds).",
    signs: [
      certain(
        /unpigz: .{0,80}corrupted|incomplete deflate data|filesystem layer verification failed/,
      ),
      certain(
        /failed to (?:register|extract) layer.{0,300}(?:unexpected EOF|invalid tar|checksum)/i,
      ),
    ],
  },
];
