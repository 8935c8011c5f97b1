import { COLLECTIONS, type FaultScene, inputsOf, pluginMs, type StoredKind } from "./faults";
import type { TestResource } from "./resource";

export type Operation = "create" | "read" | "update" | "delete";

/** One fault, as it meets one operation on one kind of object. */
export interface Cell {
  readonly kind: StoredKind;
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

export const KINDS: readonly StoredKind[] = ["Pod", "ServerlessEndpoint", "Volume", "Template"];
export const OPERATIONS: readonly Operation[] = ["create", "read", "update", "delete"];

const METHODS: Readonly<Record<Operation, string>> = {
  create: "POST",
  read: "GET",
  update: "PATCH",
  delete: "DELETE",
};

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

/** Every fault for every operation and kind. Lists lag only behind creates. */
export function cellsOf(kind: StoredKind, operation: Operation): Cell[] {
  const isNew = operation === "create" || operation === "read";
  const faults = operation === "delete" ? [...FAULTS, DELETE_LAG] : FAULTS;
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
    const live = await scene.live(cell.kind);
    if (live.length !== 1) {
      return broken(cell, `${live.length} live objects after up`);
    }
    if (live[0]?.id !== resource.id) {
      return broken(cell, "another object than the state's is live");
    }
    await resource.destroy();
    const left = await scene.live(cell.kind);
    return left.length === 0 ? { cell, broken: null } : broken(cell, "it is live after destroy");
  } catch (error) {
    return broken(cell, (error as Error).message);
  }
}

/** False if the operation made no call that the fault could hit. */
async function meetFault(scene: FaultScene, cell: Cell, resource: TestResource): Promise<boolean> {
  const { emulator } = scene;
  const method = METHODS[cell.operation];
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
