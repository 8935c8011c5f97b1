import type { Process, Program } from "../machine";
import { exited } from "../machine";

/** Prints nothing of a file that exists: the emulator keeps sizes, not contents. */
export function cat({ machine }: Process, args: readonly string[]): Program {
  let status = 0;
  for (const path of args.filter((arg) => !arg.startsWith("-"))) {
    // Only a volume's contents are known whole: any image may have any file.
    const isMissing = !machine.disk.isEphemeral(path) && machine.disk.sizeOf(path) === undefined;
    if (isMissing) {
      const isFolder = machine.disk.list(path).length > 0;
      machine.printError(
        `cat: ${path}: ${isFolder ? "Is a directory" : "No such file or directory"}`,
      );
      status = 1;
    } else if (path === "/etc/hostname") {
      machine.print(machine.podId);
    }
  }
  return exited(status);
}

export function hostname({ machine }: Process): Program {
  machine.print(machine.podId);
  return exited(0);
}

/** The container disk and the volumes, or those that hold the given paths. */
export function df({ machine }: Process, args: readonly string[]): Program {
  const options = args.filter((arg) => arg.startsWith("-")).join("");
  const isHuman = /[hH]/.test(options);
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const all = machine.disk.volumesInUse();
  const wanted = paths.length === 0 ? all : paths.map((path) => machine.disk.volumeOf(path));
  const size = (gb: number) => (isHuman ? humanSize(gb) : String(Math.round(gb * KIB_PER_GB)));
  const rows = wanted.map(({ path, sizeGb, freeGb }) => {
    const usedGb = sizeGb - freeGb;
    const share = sizeGb > 0 ? Math.ceil((usedGb / sizeGb) * 100) : 0;
    const device = path === "/" ? "overlay" : "/dev/mapper/volume";
    return [device, size(sizeGb), size(usedGb), size(freeGb), `${share}%`, path];
  });
  const header = isHuman
    ? ["Filesystem", "Size", "Used", "Avail", "Use%", "Mounted on"]
    : ["Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"];
  machine.print(...aligned([header, ...rows]));
  return exited(0);
}

const KIB_PER_GB = 1024 * 1024;

/** As `df -h` rounds: up, with one digit below ten. */
function humanSize(gb: number): string {
  const units = ["K", "M", "G", "T", "P"];
  let amount = gb * KIB_PER_GB;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const rounded = amount < 10 ? Math.ceil(amount * 10) / 10 : Math.ceil(amount);
  return amount === 0 ? "0" : `${amount < 10 ? rounded.toFixed(1) : rounded}${units[unit]}`;
}

/** Names to the left, numbers to the right, the mount point as it is. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        if (column === row.length - 1) {
          return cell;
        }
        return column === 0 ? cell.padEnd(width(column)) : cell.padStart(width(column));
      })
      .join(" "),
  );
}
