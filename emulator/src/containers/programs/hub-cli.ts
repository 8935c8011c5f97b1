import { posix } from "node:path";
import { matchesPattern } from "@runpod-stack/kit";
import { type CommandLine, flagKinds, parseCommandLine } from "../argparse";
import {
  DISK_FULL,
  download,
  hubCache,
  inHubCache,
  type RepositoryFile,
  weightFiles,
} from "../hub";
import { hubRefusal } from "../hub-refusal";
import type { Process, Program } from "../machine";
import { seconds } from "../machine";
import { findModel, type Model } from "../models";

/** `hf download MODEL [--local-dir D] [--cache-dir D]`; the client's other commands do nothing. */
export function* runHubCli({ machine, env }: Process, args: readonly string[]): Program {
  yield seconds(1);
  if (args[0] !== "download") {
    return 0;
  }
  const line = parseCommandLine(args.slice(1), FLAGS);
  const [id = ""] = line.positionals;
  const model = findModel(id);
  const [revision] = line.flags.get("revision") ?? [];
  const refusal = hubRefusal(machine, { ...env, ...tokenOf(line) }, { id, model, revision });
  if (refusal !== null || model === null) {
    machine.print("Traceback (most recent call last):", ...(refusal ?? []));
    return 1;
  }
  const folder = line.flags.get("local-dir")?.[0];
  const all =
    folder === undefined
      ? inHubCache(model, line.flags.get("cache-dir")?.[0] ?? hubCache(env))
      : { files: repository(model, folder), partials: `${folder}/.cache/huggingface/download` };
  const job = { ...all, files: all.files.filter(({ path }) => isAsked(line, path)), prefix: "" };
  if (!(yield* download(machine, job))) {
    machine.print("Traceback (most recent call last):", DISK_FULL);
    return 1;
  }
  machine.print(folder ?? job.partials.replace(/blobs$/, "snapshots"));
  return 0;
}

const FLAGS = {
  kinds: flagKinds({
    switch: "quiet force-download dry-run",
    value: "local-dir cache-dir token revision repo-type max-workers",
    values: "include exclude",
  }),
  aliases: {},
  positionals: Number.POSITIVE_INFINITY,
};

/** A repository's files in a folder: its configuration, and its weights. */
function repository(model: Model, folder: string): RepositoryFile[] {
  return [{ path: `${folder}/config.json`, sizeGb: CONFIG_GB }, ...weightFiles(model, folder)];
}

const CONFIG_GB = 1e-6;

/** Whether `--include` and `--exclude` leave a file. */
function isAsked({ flags }: CommandLine, path: string): boolean {
  const name = posix.basename(path);
  const fits = (pattern: string) => matchesPattern(name, pattern);
  const included = flags.get("include");
  return (included === undefined || included.some(fits)) && !flags.get("exclude")?.some(fits);
}

function tokenOf(line: CommandLine): Record<string, string> {
  const token = line.flags.get("token")?.[0];
  return token === undefined ? {} : { HF_TOKEN: token };
}
