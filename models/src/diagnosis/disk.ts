import { type Cause, certain, likely, possible } from "./cause";

const NO_SPACE = /no space left on device/i;
const SHARED_MEMORY = /\/dev\/shm|shared memory segment|\/torch_\w/;
const DOWNLOAD =
  /CAS service error|hugging ?face|hf_hub|snapshot_download|Fetching \d{1,9} files|weight_utils|download/i;
const IMAGE_PULL =
  /pull and unpack|pulling image|failed to register layer|failed to (?:extract|copy)|containerd|overlay/i;

/** Causes in disks and images. "No space left on device" has five causes, distinguished by nearby words. */
export const DISK_CAUSES: readonly Cause[] = [
  {
    name: "shm-too-small",
    remedy:
      "Shared memory (/dev/shm) is full, not the disk: containerDiskInGb does not help. Set NCCL_SHM_DISABLE=1 in env, or use one GPU with more memory instead of several.",
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
      "The folder's quota is used up, although its disk is not full. Increase the network volume's size, or set HF_HOME in env to a folder with more room.",
    signs: [certain(/disk quota exceeded|os error 122\b|Errno 122\b/i)],
  },
  {
    name: "disk-full-image-pull",
    remedy:
      "The host ran out of room while unpacking the image. Raise containerDiskInGb above the image's unpacked size, or place the pod on another host (dataCenterIds, gpuTypeIds).",
    signs: [
      certain(NO_SPACE, { near: { pattern: IMAGE_PULL, lines: 0 } }),
      possible(/PullImage from image service failed|failed to pull and unpack image/),
    ],
  },
  {
    name: "disk-full-download",
    remedy:
      "The model does not fit on the disk that it is downloaded to. Mount a volume for the cache (volumeMountPath /root/.cache/huggingface, with volumeInGb or networkVolumeId) of at least 1.1 times the size of the weights plus 5 GB, or raise containerDiskInGb by that amount.",
    signs: [
      certain(NO_SPACE, { near: { pattern: DOWNLOAD, lines: 0 } }),
      likely(NO_SPACE, { near: { pattern: DOWNLOAD, lines: 40 } }),
    ],
  },
  {
    name: "disk-full-write",
    remedy:
      "The disk filled up while the server was writing to it. Raise containerDiskInGb, or write to a folder under volumeMountPath and raise volumeInGb.",
    signs: [
      certain(/serializ.{0,80}no space left on device/i),
      likely(NO_SPACE),
      likely(/ENOSPC|disk is full|os error 28\b/i),
    ],
  },
  {
    name: "image-layer-corrupt",
    remedy:
      "An image layer is damaged, often because the host's disk was full during the pull. Stop and start the pod to pull the image again. If it happens again, pin another tag, or place the pod on another host (dataCenterIds).",
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
