import { posix } from "node:path";
import type { Mount } from "./types";

interface Volume {
  path: string;
  sizeGb: number;
  files: Map<string, number>;
}

/** How full a volume is. */
export interface VolumeUse {
  /** Where it is mounted. */
  path: string;
  sizeGb: number;
  freeGb: number;
}

/** The container's file system: its own writable disk, and the volumes mounted into it. */
export class Disk {
  private readonly root: Volume;
  private readonly volumes: Volume[];

  constructor(diskGb: number, mounts: readonly Mount[]) {
    this.root = { path: "/", sizeGb: diskGb, files: new Map() };
    this.volumes = mounts.map(({ path, sizeGb, storage }) => ({
      path: posix.resolve("/", path),
      sizeGb,
      files: storage.files,
    }));
  }

  /** Size in GB of the file at this path, or undefined if there is none. */
  sizeOf(path: string): number | undefined {
    const [volume, key] = this.locate(path);
    return volume.files.get(key);
  }

  /** The files in a folder and its subfolders. */
  list(folder: string): { path: string; sizeGb: number }[] {
    const [volume, key] = this.locate(folder);
    const prefix = key === "" ? "" : `${key}/`;
    return [...volume.files]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, sizeGb]) => ({ path: posix.join(volume.path, name), sizeGb }));
  }

  /** The container disk and the volumes, each with its mount path. */
  volumesInUse(): VolumeUse[] {
    return [this.root, ...this.volumes].map(({ path }) => this.volumeOf(path));
  }

  /** The volume that holds this path. */
  volumeOf(path: string): VolumeUse {
    const [volume] = this.locate(path);
    return { path: volume.path, sizeGb: volume.sizeGb, freeGb: this.freeGb(path) };
  }

  /** Free GB on the volume that holds this path. */
  freeGb(path: string): number {
    const [volume] = this.locate(path);
    let used = 0;
    for (const size of volume.files.values()) {
      used += size;
    }
    return Math.max(0, volume.sizeGb - used);
  }

  /** Writes as much of a file as fits; returns false if the volume is full before its end. */
  write(path: string, sizeGb: number): boolean {
    const [volume, key] = this.locate(path);
    const room = this.freeGb(path) + (volume.files.get(key) ?? 0);
    volume.files.set(key, Math.min(sizeGb, room));
    return sizeGb <= room;
  }

  remove(path: string): void {
    const [volume, key] = this.locate(path);
    volume.files.delete(key);
  }

  /** Whether the path is on the container disk, which a restart of the pod wipes. */
  isEphemeral(path: string): boolean {
    return this.locate(path)[0] === this.root;
  }

  /** The innermost volume over the path, and the path as that volume names it. */
  private locate(path: string): [Volume, string] {
    const absolute = posix.resolve("/", path);
    let found = this.root;
    for (const volume of this.volumes) {
      const inside = absolute === volume.path || absolute.startsWith(`${volume.path}/`);
      if (inside && volume.path.length >= found.path.length) {
        found = volume;
      }
    }
    return [found, absolute.slice(found === this.root ? 1 : found.path.length + 1)];
  }
}
