import { driverMib } from "../gpu";
import type { Machine, Process, Program } from "../machine";
import { seconds } from "../machine";
import type { Gpu } from "../types";

/** The table, `-L`, and `--query-gpu` with `--format=csv`. */
export function* nvidiaSmi({ machine }: Process, args: readonly string[]): Program {
  yield seconds(0.5);
  const { gpu } = machine;
  if (gpu === null) {
    machine.print(
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    );
    return 9;
  }
  const cards = readCards(machine, gpu);
  const query = flagValue(args, "--query-gpu");
  if (query !== undefined) {
    return answerQuery(machine, cards, query.split(","), flagValue(args, "--format") ?? "");
  }
  if (args.includes("-L") || args.includes("--list-gpus")) {
    machine.print(...cards.map(({ index, name, uuid }) => `GPU ${index}: ${name} (UUID: ${uuid})`));
    return 0;
  }
  machine.print(...table(machine, cards));
  return 0;
}

interface Card {
  index: number;
  name: string;
  uuid: string;
  totalMib: number;
  usedMib: number;
  /** Percent. */
  util: number;
  watts: number;
  /** Null if it is not known of this type. */
  maxWatts: number | null;
  computeCapability: string;
}

function readCards(machine: Machine, gpu: Gpu): Card[] {
  const totalMib = driverMib(gpu);
  const maxWatts = POWER_LIMITS.find(([type]) => type.test(gpu.id))?.[1] ?? null;
  return machine.gpuUtil().map(({ util, memoryUtil }, index) => ({
    index,
    name: gpu.id,
    uuid: `GPU-${machine.podId}-${index}`,
    totalMib,
    usedMib: Math.max(1, Math.round((totalMib * memoryUtil) / 100)),
    util,
    watts: Math.round((maxWatts ?? 300) * (0.1 + (0.8 * util) / 100)),
    maxWatts,
    computeCapability: gpu.computeCapability,
  }));
}

function table(machine: Machine, cards: readonly Card[]): string[] {
  const driver = driverVersion(machine.hostCudaVersion);
  const title = ` NVIDIA-SMI ${driver.padEnd(22)} Driver Version: ${driver.padEnd(14)} CUDA Version: ${machine.hostCudaVersion}`;
  const line =
    "+-----------------------------------------------------------------------------------------+";
  const columns =
    "+-----------------------------------------+------------------------+----------------------+";
  return [
    asDate(machine.now()),
    line,
    `|${title.padEnd(89)}|`,
    columns,
    "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |",
    "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |",
    "|                                         |                        |               MIG M. |",
    "|=========================================+========================+======================|",
    ...cards.flatMap((card) => [...cardRows(card), columns]),
    " ".repeat(89),
    line,
    "| Processes:                                                                              |",
    "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |",
    "|        ID   ID                                                               Usage      |",
    "|=========================================================================================|",
    // A container does not see the processes of its GPUs.
    "|  No running processes found                                                             |",
    line,
  ];
}

function cardRows(card: Card): string[] {
  const { index, name, util, usedMib, totalMib, watts, maxWatts } = card;
  const hasEcc = !/GeForce|RTX [2-5]0\d\d/.test(name);
  const hasMig = /A100|A30|H100|H200|GH200|B200|B300/.test(name);
  const bus = `00000000:${(0x19 + 0x10 * index).toString(16).toUpperCase()}:00.0 Off`;
  const cap = maxWatts === null ? "N/A" : `${maxWatts}W`;
  const power = `${watts}W / ${cap.padStart(5)}`;
  const memory = `${`${usedMib}MiB`.padStart(11)} / ${`${totalMib}MiB`.padStart(9)}`;
  return [
    `|${String(index).padStart(4)}  ${name.slice(0, 30).padEnd(31)}On  |   ${bus} |${(hasEcc ? "0" : "N/A").padStart(21)} |`,
    `| N/A   32C    P0${power.padStart(24)} |${memory} |${`${util}%`.padStart(8)}${"Default".padStart(13)} |`,
    `|${" ".repeat(41)}|${" ".repeat(24)}|${(hasMig ? "Disabled" : "N/A").padStart(21)} |`,
  ];
}

function answerQuery(
  machine: Machine,
  cards: readonly Card[],
  names: readonly string[],
  format: string,
): number {
  const options = format.split(",");
  if (!options.includes("csv")) {
    machine.print("\"--format=\" switch is missing. Please run 'nvidia-smi -h' for help.");
    return 1;
  }
  const unknown = names.find((name) => FIELDS[name] === undefined);
  if (unknown !== undefined) {
    machine.print(`Field "${unknown}" is not a valid field to query.`, "");
    return 2;
  }
  const hasUnits = !options.includes("nounits");
  const fields = names.flatMap((name) => FIELDS[name] ?? []);
  if (!options.includes("noheader")) {
    const header = names.map((name, index) => {
      const unit = fields[index]?.unit;
      return unit && hasUnits ? `${name} [${unit}]` : name;
    });
    machine.print(header.join(", "));
  }
  for (const card of cards) {
    const values = fields.map(({ read, unit }) => {
      const value = read(card, machine, cards);
      return unit && hasUnits ? `${value} ${unit}` : value;
    });
    machine.print(values.join(", "));
  }
  return 0;
}

interface Field {
  unit?: string;
  read(card: Card, machine: Machine, cards: readonly Card[]): string;
}

/** What `--query-gpu` knows here. */
const FIELDS: Readonly<Record<string, Field>> = {
  index: { read: ({ index }) => String(index) },
  name: { read: ({ name }) => name },
  gpu_name: { read: ({ name }) => name },
  uuid: { read: ({ uuid }) => uuid },
  gpu_uuid: { read: ({ uuid }) => uuid },
  count: { read: (_card, _machine, cards) => String(cards.length) },
  driver_version: { read: (_, machine) => driverVersion(machine.hostCudaVersion) },
  compute_cap: { read: ({ computeCapability }) => computeCapability },
  "memory.total": { unit: "MiB", read: ({ totalMib }) => String(totalMib) },
  "memory.used": { unit: "MiB", read: ({ usedMib }) => String(usedMib) },
  "memory.free": { unit: "MiB", read: ({ totalMib, usedMib }) => String(totalMib - usedMib) },
  "utilization.gpu": { unit: "%", read: ({ util }) => String(util) },
  "power.draw": { unit: "W", read: ({ watts }) => watts.toFixed(2) },
  "temperature.gpu": { read: () => "32" },
};

/** A driver of the branch that brought the CUDA version. */
function driverVersion(cudaVersion: string): string {
  return DRIVERS[cudaVersion] ?? "580.95.05";
}

const DRIVERS: Readonly<Record<string, string>> = {
  "12.4": "550.127.05",
  "12.5": "555.42.06",
  "12.6": "560.35.05",
  "12.7": "565.57.01",
  "12.8": "570.195.03",
  "12.9": "575.57.08",
  "13.0": "580.95.05",
};

/** In watts, from the data sheets. */
const POWER_LIMITS: readonly (readonly [RegExp, number])[] = [
  [/B200/, 1000],
  [/H200 NVL/, 600],
  [/H100 NVL/, 400],
  [/H100 PCIe/, 350],
  [/H[12]00/, 700],
  [/A100.{0,20}PCIe/, 300],
  [/A100/, 400],
  [/L4$/, 72],
  [/L40S/, 350],
  [/L40|A40|A6000|6000 Ada/, 300],
  [/RTX 5090/, 575],
  [/RTX 4090/, 450],
  [/RTX 3090/, 350],
  [/RTX A5000/, 230],
  [/RTX A4500/, 200],
  [/RTX A4000/, 140],
];

/** `--flag=value` or `--flag value`. */
function flagValue(args: readonly string[], flag: string): string | undefined {
  const inline = args.find((arg) => arg.startsWith(`${flag}=`));
  const at = args.indexOf(flag);
  return inline?.slice(flag.length + 1) ?? (at < 0 ? undefined : args[at + 1]);
}

/** As `Fri Nov 27 10:26:28 2026`. */
function asDate(at: number): string {
  const [day, date, month, year, time] = new Date(at).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}       `;
}
