import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import type { Kind } from "../../schema";

/** A create that began on this machine and whose end was not recorded. */
export interface LoggedCreate {
  readonly kind: Kind;
  readonly name: string;
  readonly logicalName: string;
  readonly token: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

const KEPT_FOR_MS = 7 * 24 * 3_600_000;

/**
 * Creates under way, as files on this machine. If only the plugin is killed, the engine removes its
 * pending create from the state, and nothing else would prove what that made.
 */
export class CreateLog {
  constructor(private readonly folder: string) {}

  /** Records a create before its request is sent. Does nothing if the machine cannot store it. */
  begin(mark: string, create: LoggedCreate): void {
    quietly(() => {
      const folder = path.join(this.folder, mark);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(path.join(folder, create.token), JSON.stringify(create), { mode: 0o600 });
    });
  }

  /** Removes a create whose result the state will show or RunPod has reported. */
  end(mark: string, token: string): void {
    quietly(() => rmSync(path.join(this.folder, mark, token), { force: true }));
  }

  /** Removes all creates of a stack. */
  clear(mark: string): void {
    quietly(() => rmSync(path.join(this.folder, mark), { recursive: true, force: true }));
  }

  /** The creates of a stack that began within a week and have not ended. */
  unfinished(mark: string, now: number): LoggedCreate[] {
    const folder = path.join(this.folder, mark);
    const files = quietly(() => readdirSync(folder)) ?? [];
    return files.flatMap((file) => {
      const create = quietly(
        () => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as LoggedCreate,
      );
      if (create !== undefined && now - create.at < KEPT_FOR_MS) {
        return [create];
      }
      quietly(() => rmSync(path.join(folder, file), { force: true }));
      return [];
    });
  }
}

/** The log of the user who runs this process. */
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
