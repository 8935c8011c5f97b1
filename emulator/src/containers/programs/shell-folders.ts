import { posix } from "node:path";
import type { Machine } from "../machine";

/** Whether a folder is certainly there: a mounted one, one with files, or one of every Linux. */
export function isFolder({ disk }: Machine, path: string): boolean {
  const folder = posix.resolve("/", path);
  const isMounted = disk.volumesInUse().some((volume) => volume.path === folder);
  const hasFiles = disk.sizeOf(folder) === undefined && disk.list(folder).length > 0;
  return isMounted || hasFiles || STANDARD.has(folder);
}

/** What a script can know of folders: those that its commands make are not modeled. */
export class ShellFolders {
  private mayHaveNew = false;

  constructor(private readonly machine: Machine) {}

  commandRuns(name: string): void {
    this.mayHaveNew ||= !MAKES_NOTHING.has(name);
  }

  /** Whether a path is certainly not there. */
  isAbsent(path: string): boolean {
    return !this.mayHaveNew && isNowhere(this.machine, path);
  }
}

/** Whether a path is in no image, by its first folder. */
function isNowhere({ disk, image }: Machine, path: string): boolean {
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
  NGC-DL-CONTAINER-LICENSE`.split(/\s+/),
);

/** Programs after which a folder is still missing that was missing before. */
const MAKES_NOTHING = new Set(
  "echo printf sleep true false hostname df nvidia-smi date ls env cat vllm python3 python".split(
    " ",
  ),
);
