import type { Passenger, Priority } from "../../../provider/src/http/gate";
import { RateGate } from "../../../provider/src/http/gate";
import { ManualClock } from "../../support/manual-clock";
import { LimitedServer } from "./limited-server";

export const MINUTE = { name: "per minute, per key", quota: 60, seconds: 60 };
export const HOUR = { name: "hour", quota: 3_000, seconds: 3_600 };
export const FREE: Told = { status: 200, headers: {} };

export interface Told {
  readonly status: number;
  readonly headers: Record<string, string>;
}

/** A gate in front of a server that enforces its limits. */
export function setUp(windows = [MINUTE]) {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  const server = new LimitedServer(clock, windows);
  const told: string[] = [];
  const done: string[] = [];
  const passenger = (operation: string, more: Partial<Passenger> = {}): Passenger => ({
    operation,
    priority: "create",
    deadline: 600_000,
    signal: undefined,
    report: (text) => told.push(text),
    ...more,
  });
  /** Through the gate to the server. */
  const send = async (operation: string, more: Partial<Passenger> = {}) => {
    const answer = await gate.run(passenger(operation, more), () => server.call(operation));
    done.push(operation);
    return answer;
  };
  const sendMany = (count: number, priority: Priority, name: string = priority) => {
    const calls = Array.from({ length: count }, (_, n) => send(`${name} ${n + 1}`, { priority }));
    return Promise.all(calls);
  };
  const refusals = () => server.seen.filter(({ status }) => status === 429).length;
  return { clock, gate, server, told, done, passenger, send, sendMany, refusals };
}

/** A gate that knows the windows from an answer with these headers. */
export async function setUpTold(ratelimit: string, policy?: string) {
  const scene = setUp();
  const headers = { ratelimit, ...(policy !== undefined && { "ratelimit-policy": policy }) };
  await scene.gate.run(scene.passenger("first"), async () => ({ status: 200, headers }));
  const passed: string[] = [];
  const pass = (operation: string, more: Partial<Passenger> = {}) =>
    scene.gate.run(scene.passenger(operation, more), async () => {
      passed.push(operation);
      return FREE;
    });
  return { ...scene, pass, passed };
}
