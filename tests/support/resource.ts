import { randomBytes } from "node:crypto";
import { type Kind, unpack, unseal, type Values } from "@runpod-stack/provider/schema";
import type { Failure, Plugin } from "./plugin";

/** gRPC's status of a call to a process that has ended. */
const UNAVAILABLE = 14;

/** What the engine did with a resource. */
export type Step = "created" | "updated" | "replaced" | "unchanged" | "refused";

interface State {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  /** The last operation left it unfinished: the engine calls `update` even without a change. */
  readonly unfinished: boolean;
}

/** The id of the default Ownership. */
export const OWNER = "0123456789abcdef";

/**
 * One resource in its life, as driven by the engine: check, diff, then create, update or replace.
 * What failed halfway is kept.
 */
export class TestResource {
  #state: State | undefined;
  /** The refusals of `check` in the last `up`. */
  failures: readonly string[] = [];

  constructor(
    private readonly plugin: Plugin,
    private readonly kind: Kind,
    private readonly name: string,
    private readonly owner = OWNER,
  ) {}

  get state(): State | undefined {
    return this.#state;
  }

  set state(state: State | undefined) {
    this.#state = state;
    const entry = this.#entry();
    if (state === undefined) {
      this.plugin.state.remove(entry);
    } else {
      const { id, inputs, outputs } = state;
      this.plugin.state.put({ ...entry, id, inputs: unsealed(inputs), outputs: unsealed(outputs) });
    }
  }

  /** The object's id. */
  get id(): string {
    if (this.state === undefined) {
      throw new Error(`${this.name} is not in the state`);
    }
    return this.state.id;
  }

  /** Its outputs as handlers know them, secrets sealed. */
  get outputs(): Values {
    return unpack(this.state?.outputs ?? {});
  }

  /** From now on its state is as the release before packed ones wrote it. */
  becomeUnpacked(change: (outputs: Values) => Values = (outputs) => outputs): void {
    const { state } = this;
    if (state === undefined) {
      throw new Error(`${this.name} is not in the state`);
    }
    const [inputs, outputs] = [unpack(state.inputs), change(unpack(state.outputs))];
    this.state = { ...state, inputs, outputs };
  }

  async up(props: Values): Promise<Step> {
    const { plugin, kind } = this;
    const old = this.state;
    const given = { ...props, ...this.#identity() };
    const { inputs, failures } = await plugin.check(kind, old?.inputs ?? {}, given);
    this.failures = failures.map(({ reason }) => reason);
    if (failures.length > 0) {
      return "refused";
    }
    if (old === undefined) {
      return this.#create(inputs);
    }
    const difference = await plugin.diff(kind, old.id, old.outputs, inputs);
    const { changes, replaces, deleteBeforeReplace } = difference;
    const NO_CHANGE = 1;
    if (changes === NO_CHANGE && !old.unfinished) {
      this.state = { ...old, inputs };
      return "unchanged";
    }
    if (replaces.length > 0) {
      const anew = await plugin.check(kind, {}, given);
      if (deleteBeforeReplace) {
        await this.destroy();
      }
      await this.#create(anew.inputs);
      if (!deleteBeforeReplace) {
        await plugin.delete(kind, old.id, old.outputs);
      }
      return "replaced";
    }
    await this.#attempt(inputs, async () => {
      const outputs = await plugin.update(kind, old.id, old.outputs, inputs);
      this.state = { id: old.id, inputs, outputs, unfinished: false };
    });
    return "updated";
  }

  /** True: RunPod and the state agreed. */
  async refresh(): Promise<boolean> {
    const { plugin, kind, state } = this;
    if (state === undefined) {
      return true;
    }
    const found = await plugin.read(kind, state.id, state.outputs);
    if (found.id === "") {
      this.state = undefined;
      return false;
    }
    const { changes } = await plugin.diff(kind, state.id, found.outputs, state.inputs);
    this.state = { ...state, inputs: found.inputs, outputs: found.outputs };
    return changes === 1;
  }

  /**
   * An `up` whose create is interrupted once RunPod has created the object: the state has only the
   * pending create. Returns the object's id.
   */
  async cutOff(props: Values): Promise<string> {
    const given = { ...props, ...this.#identity() };
    const { inputs } = await this.plugin.check(this.kind, {}, given);
    this.plugin.state.begin({ ...this.#entry(), inputs: unsealed(inputs) });
    return (await this.plugin.create(this.kind, inputs)).id;
  }

  async destroy(): Promise<void> {
    if (this.#state === undefined) {
      return;
    }
    await this.plugin.delete(this.kind, this.#state.id, this.#state.outputs);
    this.state = undefined;
  }

  async #create(inputs: Values): Promise<Step> {
    const end = this.plugin.state.begin({ ...this.#entry(), inputs: unsealed(inputs) });
    try {
      await this.#attempt(inputs, async () => {
        const { id, outputs } = await this.plugin.create(this.kind, inputs);
        this.state = { id, inputs, outputs, unfinished: false };
      });
    } catch (error) {
      // With the engine dead as well, nothing removes its entry.
      if ((error as Failure).code !== UNAVAILABLE) {
        end();
      }
      throw error;
    }
    end();
    return "created";
  }

  /** Keeps what a failed operation reports as left behind, as the engine does. */
  async #attempt(inputs: Values, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      const { id, properties } = error as Failure;
      if (id) {
        this.state = { id, inputs, outputs: properties ?? {}, unfinished: true };
      }
      throw error;
    }
  }

  #identity(): Values {
    if (this.kind === "PodEndpoint") {
      return { __logicalName: this.name };
    }
    return {
      __logicalName: this.name,
      __owner: this.owner,
      // Each run's constructor chooses another, and `check` keeps the first.
      __nonce: `${randomBytes(8).toString("hex")}${this.plugin.run}`,
    };
  }

  #entry() {
    return { kind: this.kind, owner: this.owner, name: this.name };
  }
}

/** Outputs that are not secret, as in the state. */
function unsealed(values: Values): Values {
  return unseal(values) as Values;
}
