import type { Process, Program } from "../machine";
import { exited, forever, seconds } from "../machine";

/** Commands that end immediately, and whose effects are not modeled. */
export const QUICK_COMMANDS =
  "true ls cp mv rm mkdir rmdir touch ln chmod chown chgrp find grep sed awk cut sort head wc tr tee xargs basename dirname readlink realpath stat du free ps kill id whoami uname date which mount umount tar unzip gzip ldconfig apt apt-get apk yum dnf pip pip3 uv conda git curl wget ssh-keygen service update-ca-certificates printenv ip nproc lscpu";

export function echo({ machine }: Process, args: readonly string[]): Program {
  const [first = ""] = args;
  machine.print((/^-[neE]+$/.test(first) ? args.slice(1) : args).join(" "));
  return exited(0);
}

export function* sleep(_: Process, args: readonly string[]): Program {
  const total = args.reduce((sum, arg) => sum + durationOf(arg), 0);
  if (total === Number.POSITIVE_INFINITY) {
    return yield* forever();
  }
  if (args.length === 0 || Number.isNaN(total)) {
    return 1;
  }
  yield seconds(total);
  return 0;
}

/** Follows a file forever, or prints its end and exits. */
export function* tail(_: Process, args: readonly string[]): Program {
  return args.some((arg) => /^-\w*[fF]|^--follow/.test(arg)) ? yield* forever() : 0;
}

/** `env A=1 command`, `nohup command`, `tini -- command`: what matters is the command. */
export function* runWrapped(process: Process, args: readonly string[]): Program {
  const env = { ...process.env };
  let at = 0;
  for (; at < args.length; at++) {
    const assignment = args[at]?.match(/^([A-Za-z_]\w*)=(.*)$/s);
    if (assignment) {
      env[assignment[1] ?? ""] = assignment[2] ?? "";
    } else if (!args[at]?.startsWith("-")) {
      break;
    }
  }
  return at < args.length
    ? yield* process.machine.execute({ ...process, argv: args.slice(at), env })
    : 0;
}

function durationOf(text: string): number {
  const match = text.match(/^(\d+(?:\.\d+)?|infinity|inf)([smhd]?)$/);
  if (!match) {
    return Number.NaN;
  }
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match[2] || "s"] ?? 1;
  return match[1]?.startsWith("inf") ? Number.POSITIVE_INFINITY : Number(match[1]) * unit;
}
