/**
 * Runs the Pulumi CLI, and gets one if necessary: `npm run pulumi -- up`.
 *
 *   node tools/pulumi-cli/main.mts [--quiet] [--] <arguments of pulumi>
 *   node tools/pulumi-cli/main.mts [--quiet] --ensure [--json]
 *
 * `--ensure` only gets one if necessary and prints its path; with `--json` it prints what
 * `resolvePulumi` returns.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { type ResolvedPulumi, resolvePulumi } from "./resolve.mts";

const SOURCES: Record<ResolvedPulumi["source"], string> = {
  path: "found on PATH",
  home: "found in Pulumi's own folder",
  cache: "built earlier",
  download: "downloaded just now",
  built: "built just now",
};

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  const { own, rest } = splitArguments(args);
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  let pulumi: ResolvedPulumi;
  try {
    pulumi = await resolvePulumi({ report, signal: interrupted.signal });
  } catch (error) {
    report(interrupted.signal.aborted ? "interrupted" : (error as Error).message);
    process.exitCode = interrupted.signal.aborted ? 130 : 1;
    return;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
  const description = `Pulumi ${pulumi.version}, ${SOURCES[pulumi.source]}: ${pulumi.command}`;
  if (!own.has("--quiet")) {
    for (const reason of pulumi.passedOver) {
      report(reason);
    }
  }
  if (!own.has("--ensure")) {
    if (!own.has("--quiet")) {
      report(description);
    }
    runPulumi(pulumi, rest);
  } else if (own.has("--json")) {
    process.stdout.write(`${JSON.stringify(pulumi, null, 2)}\n`);
  } else if (!own.has("--quiet")) {
    process.stdout.write(`${description}\n`);
  }
}

/** Our options come first. From the first other argument on, all belong to pulumi. */
function splitArguments(args: string[]): { own: Set<string>; rest: string[] } {
  const ours = ["--ensure", "--json", "--quiet"];
  const at = args.findIndex((argument) => !ours.includes(argument));
  const rest = at < 0 ? [] : args.slice(at);
  return {
    own: new Set(at < 0 ? args : args.slice(0, at)),
    rest: rest[0] === "--" ? rest.slice(1) : rest,
  };
}

function runPulumi({ command, env }: ResolvedPulumi, args: string[]): void {
  let child: ChildProcess | undefined;
  // This precedes the start of the CLI: an earlier signal would end this process and leave the CLI
  // running. Ctrl-C reaches the CLI directly, because it is in the terminal's process group.
  // Sending it again would make the CLI stop immediately instead of finishing what it has begun.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child?.kill(signal));
  }
  child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  child.on("error", (error) => {
    process.stderr.write(`${command} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
