import { COLLECTIONS, type FaultKind, type FaultScene, inputsOf, pluginMs } from "./faults";
import type { TestResource } from "./resource";

export type Operation = "create" | "read" | "update" | "delete";

/** One fault, as it meets one operation on one kind of object. */
export interface Cell {
  readonly kind: FaultKind;
  readonly operation: Operation;
  readonly phase: "before commit" | "after commit" | "while reading the answer";
  /** Its name in the table. */
  readonly fault: string;
  /** Its name in the emulator. */
  readonly effect: string;
  /** How many of the plugin's seconds a created object is missing in lists. */
  readonly listLag: number;
}

/** The result of a cell: null if everything holds, otherwise what does not. */
export interface Verdict {
  readonly cell: Cell;
  readonly broken: string | null;
}

export const KINDS = Object.keys(COLLECTIONS) as FaultKind[];
/** `npm test` has no time for the other kinds, whose handlers are the same code with other tables. */
export const KINDS_IN_TESTS: readonly FaultKind[] = [
  ...(["Pod", "ServerlessEndpoint", "Volume", "Template"] as const),
];
export const OPERATIONS: readonly Operation[] = ["create", "read", "update", "delete"];

/** The method of the call that an operation makes first. */
function methodOf(kind: FaultKind, operation: Operation): string {
  if (operation === "read") {
    return "GET";
  }
  if (kind === "SshKeys") {
    return "PUT";
  }
  // They have no changes in place: an update replaces them.
  const isReplaced = kind === "RegistryAuth" || kind === "EcrDelegation";
  const update = isReplaced ? "POST" : "PATCH";
  return { create: "POST", update, delete: "DELETE" }[operation];
}

/** Longer than the plugin waits for any answer. */
const BEYOND_TIMEOUT_S = 75;
const DELETE_LAG_S = 20;
/** After this time, a refresh requests a new list. */
const LIST_AGE_S = 6;

export const FAULTS: readonly Pick<Cell, "phase" | "fault" | "effect">[] = [
  { phase: "before commit", fault: "reset", effect: "reset:before" },
  { phase: "before commit", fault: "500", effect: "status:500:before" },
  { phase: "before commit", fault: "502 HTML", effect: "html" },
  { phase: "before commit", fault: "429", effect: "status:429:before" },
  { phase: "after commit", fault: "reset", effect: "reset:after" },
  { phase: "after commit", fault: "500", effect: "status:500:after" },
  { phase: "after commit", fault: "slow", effect: `slow:${pluginMs(BEYOND_TIMEOUT_S)}` },
  { phase: "while reading the answer", fault: "cut at 0 bytes", effect: "truncate:0" },
  { phase: "while reading the answer", fault: "cut at 40 bytes", effect: "truncate:40" },
];
const DELETE_LAG = {
  phase: "after commit",
  fault: "delete lag",
  effect: `delete-lag:${pluginMs(DELETE_LAG_S)}`,
} as const;

/** Every fault for every operation and kind. Lists lag only behind creates, and the account's SSH keys are no list of objects. */
export function cellsOf(kind: FaultKind, operation: Operation): Cell[] {
  const isListed = kind !== "SshKeys";
  const isNew = isListed && (operation === "create" || operation === "read");
  const faults = isListed && operation === "delete" ? [...FAULTS, DELETE_LAG] : FAULTS;
  return (isNew ? [0, 5, 30] : [0]).flatMap((listLag) =>
    faults.map((fault) => ({ kind, operation, ...fault, listLag })),
  );
}

/**
 * Runs the operation with the fault, then `up --refresh` and `destroy`, and checks the ledger: one
 * object after `up`, with its id in the state, and none after `destroy`.
 */
export async function runCell(scene: FaultScene, cell: Cell, name: string): Promise<Verdict> {
  const resource = scene.resource(cell.kind, name);
  try {
    if (!(await meetFault(scene, cell, resource))) {
      return broken(cell, "the fault was never met");
    }
    scene.beginRun();
    await resource.refresh();
    await resource.up(inputsOf(cell.kind, 2));
    const live = await liveIds(scene, cell.kind);
    if (live.length !== 1) {
      return broken(cell, `${live.length} live objects after up`);
    }
    if (live[0] !== resource.id) {
      return broken(cell, "another object than the state's is live");
    }
    await resource.destroy();
    const left = await liveIds(scene, cell.kind);
    return left.length === 0 ? { cell, broken: null } : broken(cell, "it is live after destroy");
  } catch (error) {
    return broken(cell, (error as Error).message);
  }
}

/** The ids of the kind's live objects. Each SSH key counts as one, with the id of their set. */
async function liveIds({ emulator, live }: FaultScene, kind: FaultKind): Promise<string[]> {
  if (kind === "SshKeys") {
    const { keys } = (await emulator.call("GET", COLLECTIONS[kind])).body;
    return keys.map(() => "account");
  }
  return (await live(kind)).map(({ id }) => id);
}

/** False if the operation made no call that the fault could hit. */
async function meetFault(scene: FaultScene, cell: Cell, resource: TestResource): Promise<boolean> {
  const { emulator } = scene;
  const method = methodOf(cell.kind, cell.operation);
  const path = `^${COLLECTIONS[cell.kind]}`;
  await emulator.clearFaults();
  await emulator.fault(`lag:${pluginMs(cell.listLag)}:list`, { method: "POST", path: `${path}$` });
  if (cell.operation !== "create") {
    await resource.up(inputsOf(cell.kind));
  }
  if (cell.operation === "read") {
    await scene.pass(LIST_AGE_S);
  }
  await emulator.clearRequests();
  await emulator.fault(cell.effect, { method, path, times: 1 });
  // It may fail. Only what it leaves behind counts.
  await perform(cell, resource).catch(() => {});
  await emulator.clearFaults();
  return (await emulator.requests()).some((request) => request.method === method);
}

async function perform({ kind, operation }: Cell, resource: TestResource): Promise<unknown> {
  switch (operation) {
    case "create":
      return resource.up(inputsOf(kind));
    case "read":
      return resource.refresh();
    case "update":
      return resource.up(inputsOf(kind, 2));
    case "delete":
      return resource.destroy();
  }
}

function broken(cell: Cell, text: string): Verdict {
  return { cell, broken: text };
}
