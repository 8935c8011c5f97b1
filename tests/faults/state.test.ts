import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { Ledger } from "../support/emulator";
import { effort } from "../support/faults-effort";

const { kills, seed, from, tell } = effort();
const BIN = path.join(__dirname, "../../emulator/bin/runpod-emulator.js");
const CLIENTS = 4;

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Time is fast: forty times as much of it could be lost. */
async function start(): Promise<string> {
  const limits = ["--rate-limit", "off", "--spend-limit", "off"];
  const options = ["--port", "0", "--speed", "fast", "--seed", "1", ...limits];
  const state = ["--state", path.join(folder, "state.json")];
  const started = spawn(process.execPath, [BIN, ...options, ...state], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  for await (const line of createInterface({ input: started.stdout })) {
    const url = /^export RUNPOD_API_BASE_URL=(.+)$/.exec(line)?.[1];
    if (url !== undefined) {
      started.stdout.resume();
      return url;
    }
  }
  throw new Error("the emulator did not start");
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (child === undefined) {
    return;
  }
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  child = undefined;
}

async function call(url: string, method: string, route: string, body?: object) {
  const headers = { authorization: "Bearer rpa_emulator", "content-type": "application/json" };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${url}${route}`, init);
  const date = Date.parse(answer.headers.get("date") ?? "");
  // biome-ignore lint/suspicious/noExplicitAny: answers have many shapes
  const read: any = answer.status === 204 ? null : await answer.json();
  return { status: answer.status, date, body: read };
}

/** What clients know for certain. */
interface Known {
  readonly created: Set<string>;
  readonly deleted: Set<string>;
  readonly spent: Map<string, number>;
  date: number;
}

/** Creates pods, deletes every third, and looks at the bill, until the emulator is gone. */
async function use(url: string, known: Known): Promise<void> {
  const pod = { name: "p", image: "python:3.12", cpu: { id: "cpu3c", vcpuCount: 2 } };
  try {
    for (let index = 0; ; index++) {
      const { status, body, date } = await call(url, "POST", "/v2/pods", pod);
      known.date = Math.max(known.date, date);
      if (status === 201) {
        known.created.add(body.id);
      } else {
        await delay(5);
      }
      if (status === 201 && index % 3 < 2) {
        const gone = await call(url, "DELETE", `/v2/pods/${body.id}`);
        if (gone.status === 204) {
          known.deleted.add(body.id);
        }
      }
      note(await bill(url), known);
    }
  } catch {
    // Its end: fetch fails.
  }
}

async function bill(url: string): Promise<Ledger> {
  return (await call(url, "GET", "/_emulator/ledger")).body;
}

function note({ pods }: Ledger, { spent }: Known): void {
  for (const { id, spent: now } of pods) {
    spent.set(id, Math.max(spent.get(id) ?? 0, now));
  }
}

function assertKept({ pods }: Ledger, { created, deleted, spent }: Known): void {
  const entries = new Map(pods.map((entry) => [entry.id, entry]));
  for (const id of created) {
    expect([id, entries.has(id)]).toEqual([id, true]);
  }
  for (const id of deleted) {
    expect([id, entries.get(id)?.endedAt]).not.toEqual([id, null]);
  }
  for (const [id, before] of spent) {
    const entry = entries.get(id);
    // A pod that no answer has shown may be gone, with its bill.
    if (entry) {
      expect(entry.spent).toBeGreaterThanOrEqual(before);
    } else {
      expect(created).not.toContain(id);
    }
  }
}

test(
  "an emulator that is killed at any instant keeps what it answered, its time and its bill",
  async () => {
    const known: Known = { created: new Set(), deleted: new Set(), spent: new Map(), date: 0 };
    const instants = fc.sample(fc.nat({ max: 300 }), { numRuns: kills, seed });
    for (const [index, instant] of instants.entries()) {
      if (index < from) {
        continue;
      }
      const url = await start();
      const { date } = await call(url, "GET", "/v2/pods");
      expect(date).toBeGreaterThanOrEqual(known.date);
      assertKept(await bill(url), known);
      const clients = Array.from({ length: CLIENTS }, () => use(url, known));
      await delay(instant);
      await end("SIGKILL");
      await Promise.all(clients);
      tell(`state: kill ${index + 1} of ${kills} held, seed ${seed}`);
    }
    const last = await start();
    assertKept(await bill(last), known);
    await end("SIGTERM");
    expect(known.created.size).toBeGreaterThan(kills);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  },
  kills * 15_000,
);
