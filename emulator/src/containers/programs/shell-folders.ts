import { posix } from "node:path";
import type { Machine } from "../machine";

/** Whether a folder is certainly there: a mounted one, one with files, or one of every Linux. */
export function isFolder({ disk }: Machine, path: string): boolean {
  const folder = posix.resolve("/", path);
  const isMounted = disk.volumesInUse().some((volume) => volume.path === folder);
  const hasFiles = disk.sizeOf(folder) === undefined && disk.list(folder).length > 0;
  return isMounted || hasFiles || STANDARD.has(folder);
}

/** Whether a path is certainly not there, if no command has made it: its first folder is in no image. */
export function isNowhere({ disk, image }: Machine, path: string): boolean {
  const [, first] = /^\/+([^/]+)/.exec(path) ?? [];
  if (first === undefined || !image.known || image.repository.startsWith("runpod/")) {
    return false;
  }
  const isKnown = STANDARD.has(`/${first}`) || OTHERS.has(first) || !disk.isEphemeral(path);
  return !isKnown && disk.sizeOf(path) === undefined && disk.list(`/${first}`).length === 0;
}

/** Of the Filesystem Hierarchy Standard, which base images follow. */
const STANDARD: ReadonlySet<string> = new Set(
  `/ /bin /boot /dev /dev/shm /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp
  /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /var /var/lib /var/log
  /var/tmp`.split(/\s+/),
);

/** What else images have in their root folder. */
const OTHERS: ReadonlySet<string> = new Set(
  `lib32 lib64 libx32 .dockerenv app data workspace vllm-workspace sgl-workspace models cuda-keyring
  docker-entrypoint.sh docker-entrypoint.d entrypoint.sh start.sh tgi-entrypoint.sh
  NGC-DL-CONTAINER-LICENSE root`.split(/\s+/),
);
