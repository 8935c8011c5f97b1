import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A stack of the fake. */
interface FakeStack {
  /** The output of `pulumi stack export`, as JSON unless it is a string. */
  readonly state: unknown;
  /** Who locks the stack, as the real CLI words it: "root@vm (pid 7) at 2026-11-23T10:00:00Z". */
  readonly lock?: string;
  /** A field of Pulumi Cloud's stacks; other backends leave it out. */
  readonly updateInProgress?: boolean;
  readonly config?: Readonly<Record<string, { value: string; secret: boolean }>>;
  /** Commands that fail, by their first words, with their messages. */
  readonly failing?: Readonly<Record<string, string>>;
}

/** A command that answers as the Pulumi CLI does, from a file, in no time. */
export interface FakePulumi {
  readonly command: string;
  set(stack: FakeStack): void;
  /** The commands that it received, in order, without their common options. */
  calls(): string[];
  close(): void;
}

export function createFakePulumi(): FakePulumi {
  const folder = mkdtempSync(path.join(tmpdir(), "fake-pulumi-"));
  const [command, stack, calls] = ["pulumi", "stack.json", "calls"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  const program = `(${answer})(${JSON.stringify({ stack, calls })});`;
  writeFileSync(command, `#!${process.execPath}\n${program}\n`, { mode: 0o755 });
  return {
    command,
    set(content) {
      writeFileSync(stack, JSON.stringify(content));
      writeFileSync(calls, "");
    },
    calls: () => readFileSync(calls, "utf8").split("\n").slice(0, -1),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs in a separate process, so it must not use anything outside of itself. */
function answer(files: { stack: string; calls: string }): void {
  const fs = require("node:fs");
  const stack = JSON.parse(fs.readFileSync(files.stack, "utf8"));
  const save = () => fs.writeFileSync(files.stack, JSON.stringify(stack));
  const everywhere = ["--non-interactive", "--color", "never", "--stack", "dev"];
  const words = process.argv.slice(2).filter((word) => !everywhere.includes(word));
  const line = words.join(" ");
  fs.appendFileSync(files.calls, `${line}\n`);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const fail = (text: string) => {
    process.stderr.write(`error: ${text}\n`);
    process.exitCode = 255;
  };
  const failing = Object.entries<string>(stack.failing ?? {}).find(([start]) =>
    line.startsWith(start),
  );
  if (failing !== undefined) {
    fail(failing[1]);
  } else if (line === "stack --show-name") {
    print("dev");
  } else if (line === "stack ls --json") {
    const { updateInProgress } = stack;
    print(JSON.stringify([{ name: "dev", current: true, updateInProgress }]));
  } else if (line === "stack rename") {
    fail(
      stack.lock === undefined
        ? "a stack named dev already exists"
        : `the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n  file:///x.json: created by ${stack.lock}`,
    );
  } else if (line.startsWith("stack export")) {
    print(typeof stack.state === "string" ? stack.state : JSON.stringify(stack.state));
  } else if (line === "config --json") {
    const shown = ([key, { value, secret }]: [string, { value: string; secret: boolean }]) => [
      key,
      secret ? { secret } : { value, secret },
    ];
    print(
      JSON.stringify(
        Object.fromEntries(
          Object.entries<{ value: string; secret: boolean }>(stack.config ?? {}).map(shown),
        ),
      ),
    );
  } else if (line.startsWith("config get ")) {
    print(stack.config[words[2] ?? ""].value);
  } else if (line === "cancel --yes") {
    stack.lock = undefined;
    save();
  } else if (line.startsWith("refresh --clear-pending-creates")) {
    stack.state.deployment.pending_operations = [];
    save();
  } else {
    fail(`the fake does not know \`${line}\``);
  }
}
