import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { safe } from "@runpod-stack/kit";
import type { ServerChannel, Session } from "ssh2";
import type { Program } from "../containers/machine";
import type { SshTarget } from "./target";

/** Runs what a client asks for in the pod's container. Files and forwarded ports are refused. */
export function serveSession(session: Session, target: SshTarget): void {
  let hasTerminal = false;
  session.on("pty", (accept) => {
    hasTerminal = true;
    accept?.();
  });
  session.on("exec", (accept, _reject, { command }) => {
    void run(accept(), command, hasTerminal, target);
  });
  session.on("shell", (accept) => {
    const channel = accept();
    if (hasTerminal) {
      channel.write(`${NO_SHELL}\r\n`);
      end(channel, 1);
    } else {
      void text(channel).then((script) => run(channel, script, false, target));
    }
  });
}

const NO_SHELL =
  "The emulator has no interactive shell. Add a command, such as nvidia-smi, to the ssh command line.";

async function run(
  channel: ServerChannel,
  command: string,
  hasTerminal: boolean,
  target: SshTarget,
): Promise<void> {
  const closed = new AbortController();
  channel.once("close", () => closed.abort());
  const to = (stream: NodeJS.WritableStream) => (lines: readonly string[]) => {
    if (!closed.signal.aborted) {
      const written = lines.map((line) => `${line}\n`).join("");
      stream.write(hasTerminal ? written.replaceAll("\n", "\r\n") : written);
    }
  };
  const [stdout, stderr] = [to(channel), to(channel.stderr)];
  const program = target.container()?.exec(command, {
    print: (...lines) => stdout(lines),
    printError: (...lines) => stderr(lines),
  });
  const code = program ? await runToEnd(program, target, closed.signal) : null;
  target.log(safe`SSH ${target.podId} ${JSON.stringify(command)} ${code ?? "cut off"}`);
  if (code === null) {
    channel.close();
  } else if (!closed.signal.aborted) {
    end(channel, code);
  }
}

/** The exit code; null if the container or the connection ended first. */
async function runToEnd(
  program: Program,
  target: SshTarget,
  closed: AbortSignal,
): Promise<number | null> {
  for (;;) {
    const { done, value } = program.next();
    if (done) {
      return value;
    }
    const isEndless = !Number.isFinite(value);
    const wait = isEndless ? LOOK_EVERY_MS : Math.min(target.realMs(value), LONGEST_TIMER_MS);
    const isOver = await setTimeout(wait, false, { signal: closed }).catch(() => true);
    if (isOver || target.container() === null) {
      return null;
    }
  }
}

/** How often a command that waits looks at its container. */
const LOOK_EVERY_MS = 1000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function end(channel: ServerChannel, code: number): void {
  channel.exit(code);
  channel.end();
}
