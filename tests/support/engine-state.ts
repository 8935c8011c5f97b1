import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Kind, typeToken, type Values } from "@runpod-stack/provider/schema";

/** A resource as the engine stores it, or as it is about to. */
interface Entry {
  readonly kind: Kind;
  /** Of the stack that it belongs to; see `TestResource`. */
  readonly owner: string;
  readonly name: string;
  readonly id?: string;
  readonly inputs: Values;
  readonly outputs?: Values;
}

/**
 * The state that the engine would keep, pending creates included, with a command that prints it as
 * `pulumi stack export` does: the plugin under test reads it while a create is under way.
 */
export class EngineState {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "engine-state-"));
  readonly #resources = new Map<string, Entry>();
  readonly #owners = new Set<string>();
  #pending: Entry[] = [];

  constructor() {
    this.#answer(`exec cat '${this.#file}'`);
    this.#write();
  }

  /** The environment that points a plugin to it. */
  get env(): Record<string, string> {
    return {
      RUNPOD_STACK_PULUMI: path.join(this.#folder, "pulumi"),
      XDG_CACHE_HOME: path.join(this.#folder, "cache"),
    };
  }

  /** Adds a pending create. Returns a function that removes it once it has ended. */
  begin(entry: Entry): () => void {
    this.#owners.add(entry.owner);
    this.#pending.push(entry);
    this.#write();
    return () => {
      this.#pending = this.#pending.filter((one) => one !== entry);
      this.#write();
    };
  }

  put(entry: Entry): void {
    this.#owners.add(entry.owner);
    this.#resources.set(urn(entry), entry);
    this.#write();
  }

  remove(entry: Pick<Entry, "kind" | "owner" | "name">): void {
    this.#resources.delete(urn(entry));
    this.#write();
  }

  /** As an engine that outlives its plugin does, or `pulumi refresh --clear-pending-creates`. */
  clearPending(): void {
    this.#pending = [];
    this.#write();
  }

  /** Removes a stack with all its resources. */
  forget(owner: string): void {
    this.#owners.delete(owner);
    this.#pending = this.#pending.filter((entry) => entry.owner !== owner);
    for (const [key, entry] of this.#resources) {
      if (entry.owner === owner) {
        this.#resources.delete(key);
      }
    }
    this.#write();
  }

  /** From now on the command fails. */
  break(): void {
    this.#answer("exit 255");
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return path.join(this.#folder, "state.json");
  }

  #answer(command: string): void {
    writeFileSync(path.join(this.#folder, "pulumi"), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  }

  #write(): void {
    const owners = [...this.#owners].map((owner) =>
      exported({ kind: "Ownership", owner, name: "runpod", id: owner, inputs: {} }),
    );
    const deployment = {
      manifest: { time: new Date().toISOString() },
      resources: [...owners, ...[...this.#resources.values()].map(exported)],
      pending_operations: this.#pending.map((entry) => ({
        type: "creating",
        resource: exported(entry),
      })),
    };
    writeFileSync(this.#file, JSON.stringify({ version: 3, deployment }));
  }
}

function urn({ kind, owner, name }: Pick<Entry, "kind" | "owner" | "name">): string {
  return `urn:pulumi:${owner}::test::${typeToken(kind)}::${name}`;
}

function exported(entry: Entry) {
  const { kind, owner, id, inputs, outputs } = entry;
  return {
    urn: urn(entry),
    type: typeToken(kind),
    // A separate stack for the plugin, which ignores what another owner has.
    provider: `urn:pulumi:${owner}::test::pulumi:providers:pulumi-nodejs::default_${owner}::0`,
    ...(id !== undefined && { id }),
    inputs,
    ...(outputs !== undefined && { outputs }),
  };
}
