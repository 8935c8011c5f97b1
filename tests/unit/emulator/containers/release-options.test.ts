import sglang from "@runpod-stack/models/data/sglang-options.json";
import vllm from "@runpod-stack/models/data/vllm-options.json";
import { parseCommandLine } from "../../../../emulator/src/containers/argparse";
import { releaseFlags } from "../../../../emulator/src/containers/servers/release-flags";
import { parseVllmOptions } from "../../../../emulator/src/containers/servers/vllm-options";
import { seededRandom } from "../../../../emulator/src/core/random";

interface Table {
  releases: readonly string[];
  choices: readonly string[];
  options: Readonly<Record<string, string>>;
}

interface Option {
  name: string;
  kind: string;
  type: string | undefined;
  choices: readonly string[];
}

const COMBINATIONS = 200;
const JSON_VALUED =
  /-config$|-kwargs$|-overrides$|-per-prompt$|rope-scaling|default-mm-loras|^-[ac]c$/;

/** A release's row of the table, read without the product's code. */
function optionsAt(table: Table, release: number): Option[] {
  return Object.entries(table.options).flatMap(([name, rows]) =>
    rows.split("; ").flatMap((row) => {
      const [declared = "", span] = row.split(" ");
      const [first, last] = (span ?? `0-${table.releases.length}`).split("-").map(Number);
      if (release < Number(first) || release > Number(last)) {
        return [];
      }
      const [typed = "", list] = declared.split("#");
      const [kind = "", type] = typed.split(":");
      const choices = list === undefined ? [] : (table.choices[Number(list)] ?? "").split(" ");
      return [{ name, kind, type, choices }];
    }),
  );
}

/** A value that the option takes. */
function sample({ name, type, choices }: Option): string {
  const [choice] = choices;
  return (
    choice ??
    (type === "float"
      ? "0.5"
      : name === "--lora-modules"
        ? "a=b"
        : JSON_VALUED.test(name)
          ? "{}"
          : "1")
  );
}

/** The words of an option that is used rightly. */
function rightly(option: Option): string[] {
  return option.kind === "none" ? [option.name] : [option.name, sample(option)];
}

/** Ways to use an option that its parser refuses. */
function wrongly({ name, kind, type, choices }: Option): string[][] {
  const uses: string[][] = [];
  if (kind === "value" || kind === "many") {
    uses.push([name]);
  }
  if (kind === "none" && name.startsWith("--")) {
    uses.push([`${name}=1`]);
  }
  if (kind !== "none" && (choices.length > 0 || type !== undefined)) {
    uses.push([name, "wrong!"]);
  }
  return uses;
}

function isHelp({ name }: Option): boolean {
  return name === "-h" || name === "--help";
}

/** Whether argparse takes a name for one of these options: it is one, or the beginning of one or several. */
function isTaken(name: string, options: readonly Option[]): boolean {
  return options.some((option) => option.name.startsWith(name));
}

function differences(
  table: Table,
  release: number,
  accepts: (args: string[]) => boolean,
): string[] {
  const options = optionsAt(table, release).filter((option) => !isHelp(option));
  const foreign = Object.keys(table.options).filter((name) => !isTaken(name, options));
  const random = seededRandom(1, release);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const cases: [string[], boolean][] = [
    ...options.map((option): [string[], boolean] => [rightly(option), true]),
    ...options.flatMap(wrongly).map((args): [string[], boolean] => [args, false]),
    ...foreign
      // A short name with more letters is the short name and its value.
      .filter((name) => name.startsWith("--"))
      .map((name): [string[], boolean] => [[name], false]),
  ];
  for (let count = 0; count < COMBINATIONS; count++) {
    const right = Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
      rightly(pick(options)),
    );
    const isBroken = random() < 0.5;
    const broken = isBroken ? [wrongly(pick(options))[0] ?? ["--never-an-option"]] : [];
    cases.push([[...broken, ...right].flat(), !isBroken]);
  }
  return cases
    .filter(([args, expected]) => accepts(args) !== expected)
    .map(([args, expected]) => `${expected ? "refused" : "accepted"}: ${args.join(" ")}`);
}

test.each(vllm.releases.map((release, at) => [release, at] as const))(
  "vLLM %s takes each option and no other, alone and in combinations",
  (release, at) => {
    const entry = at >= vllm.releases.indexOf(vllm.modelTagSince) ? "vllm serve" : "api_server.py";
    const accepts = (args: string[]) => !("error" in parseVllmOptions(entry, args, {}, release));
    expect(differences(vllm, at, accepts)).toEqual([]);
  },
);

test.each(sglang.releases.map((release, at) => [release, at] as const))(
  "SGLang %s takes each option and no other, alone and in combinations",
  (release, at) => {
    const flags = releaseFlags("sglang", {})(release);
    const accepts = (args: string[]) => {
      const { error, unrecognized } = parseCommandLine(args, { ...flags, positionals: 0 });
      return error === null && unrecognized.length === 0;
    };
    expect(differences(sglang, at, accepts)).toEqual([]);
  },
);

test("a release between two that were read takes what either takes, an older one anything of the table", () => {
  const accepts = (release: string, ...args: string[]) =>
    !("error" in parseVllmOptions("vllm serve", args, {}, release));
  expect(accepts("0.12.5", "--attention-backend", "a")).toBe(true);
  expect(accepts("0.12.0", "--attention-backend", "a")).toBe(false);
  expect(accepts("0.7.3", "--enable-reasoning", "--reasoning-parser", "deepseek_r1")).toBe(true);
  expect(accepts("0.7.3", "--never-an-option")).toBe(false);
});
