import { type Clock, createClock, type Speed } from "../core/clock";
import { randomId, seededRandom } from "../core/random";
import { Capacity } from "../stock/capacity";
import { createStore, type Store } from "./store";

export interface WorldOptions {
  /** One account each. */
  apiKeys: readonly string[];
  seed: number;
  speed: Speed;
  /** Starting balance of each account, in dollars. */
  credit: number;
  /** The most that an account's running pods may cost, in dollars per hour; null for no limit. */
  spendLimit: number | null;
  /** Real milliseconds since the epoch. */
  time: () => number;
  /** Whether the hub has only the models that the emulator knows. */
  strictHub?: boolean;
  /** Takes what the emulator only assumes of an image or a model. */
  announce?: (sentence: string) => void;
}

/** The emulator's state and rules. The routes only translate. */
export interface World {
  readonly options: WorldOptions;
  clock: Clock;
  capacity: Capacity;
  store: Store;
}

/** @param startAt the virtual time (milliseconds) to continue from */
export function createWorld(options: WorldOptions, startAt?: number): World {
  const clock = createClock(options.speed, options.time, startAt);
  return {
    options,
    clock,
    capacity: new Capacity(options.seed),
    store: createStore(options.apiKeys, options.credit, clock),
  };
}

/** Forgets everything that happened. */
export function resetWorld(world: World): void {
  Object.assign(world, createWorld(world.options));
}

/** Identity of a new object: an id like RunPod's, and its place in lists. */
export function newIdentity(world: World, idLength: number): { id: string; seq: number } {
  const seq = world.store.nextSeq++;
  return { id: randomId(seededRandom(world.options.seed, "id", seq), idLength), seq };
}
