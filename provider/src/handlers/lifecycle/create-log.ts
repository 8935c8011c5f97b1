import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import type { Kind } from "../../schema";

/** A create that was begun on this machine, and of which the end was not recorded. */
export interface LoggedCreate {
  readonly kind: Kind;
  readonly name: string;
  readonly logicalName: string;
  readonly token: string;
  /** When it was begun, in milliseconds since 1970. */
  readonly at: number;
}

const KEPT_FOR_MS = 7 * 24 * 3_600_000;

/**
 * Creates under way, as files on this machine. When only the plugin is killed, the engine takes
 * its pending create out of the state, and what that made would be proven by nothing.
 */
export class CreateLog {
  constructor(private readonly folder: string) {}

  /** Records a create before its request is sent. A machine that cannot keep it goes without. */
  begin(mark: string, create: LoggedCreate): void {
    quietly(() => {
      const folder = path.join(this.folder, mark);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(path.join(folder, create.token), JSON.stringify(create), { mode: 0o600 });
    });
  }

  /** Records that the state will show, or RunPod has said, what came of a create. */
  end(mark: string, token: string): void {
    quietly(() => rmSync(path.join(this.folder, mark, token), { force: true }));
  }

  /** Forgets what was begun for a stack. */
  clear(mark: string): void {
    quietly(() => rmSync(path.join(this.folder, mark), { recursive: true, force: true }));
  }

  /** What was begun for a stack within a week and has not ended. */
  unfinished(mark: string, now: number): LoggedCreate[] {
    const folder = path.join(this.folder, mark);
    const files = quietly(() => readdirSync(folder)) ?? [];
    return files.flatMap((file) => {
      const create = quietly(
        () => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as LoggedCreate,
      );
      if (create !== undefined && now - create.at < KEPT_FOR_MS) return [create];
      quietly(() => rmSync(path.join(folder, file), { force: true }));
      return [];
    });
  }
}

/** The log of whoever runs this process. */
export function ownCreateLog(env: NodeJS.ProcessEnv): CreateLog {
  const cache = env["XDG_CACHE_HOME"] || path.join(quietly(homedir) || tmpdir(), ".cache");
  return new CreateLog(path.join(cache, "runpod-stack", "creates"));
}

function quietly<R>(act: () => R): R | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
