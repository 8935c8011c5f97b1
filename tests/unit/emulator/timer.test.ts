import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody } from "./bodies";

const HOUR = 3_600;

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const timed = async (env: Record<string, string>, command = ["sleep", "infinity"]) => {
  const entrypoint = ["sh", "-c", "the timer's script", "runpod-stack-timer", ...command];
  const body = podBody({ image: "python:3.12", cmd: [], entrypoint, env });
  return (await emulator.call("POST", "/v2/pods", body)).body;
};
const ended = async () => (await emulator.ledger()).pods[0]?.endedAt;
const statusOf = async (id: string) => (await emulator.call("GET", `/v2/pods/${id}`)).body.status;
const act = (id: string, action: string) =>
  emulator.call("POST", `/v2/pods/${id}/action`, { action });

test("every answer has the date of the clock of the pods' creation times", async () => {
  const date = async () => {
    const { headers } = await emulator.call("GET", "/v2/pods");
    return Date.parse(headers.get("date") ?? "");
  };
  const before = await date();
  await emulator.advance(5 * HOUR);
  expect((await date()) - before).toBeGreaterThanOrEqual(5 * HOUR * 1_000);
  const { createdAt } = await timed({});
  expect(Math.abs(Date.parse(createdAt) - (await date()))).toBeLessThan(HOUR * 1_000);
});

test("a time in the environment ends a pod then, also one whose command crashes all the time", async () => {
  const at = Math.floor(Date.now() / 1_000) + HOUR;
  await timed({ RUNPOD_STACK_TERMINATE_AFTER: String(at) }, ["sh", "-c", "exit 1"]);
  await emulator.advance(0.9 * HOUR);
  expect(await ended()).toBeNull();
  await emulator.advance(0.5 * HOUR);
  expect(await ended()).toBe(new Date(at * 1_000).toISOString());
});

test("a number of seconds stops a pod that long after each of its starts", async () => {
  const { id } = await timed({ RUNPOD_STACK_STOP_AFTER: String(HOUR) });
  for (let start = 0; start < 2; start++) {
    await emulator.advance(0.9 * HOUR);
    expect(await statusOf(id)).toBe("RUNNING");
    await emulator.advance(0.2 * HOUR);
    expect(await statusOf(id)).toBe("EXITED");
    await emulator.advance(10 * HOUR);
    await act(id, "start");
  }
});

test("a restart wipes the container disk, and with it the timer's file", async () => {
  const { id } = await timed({ RUNPOD_STACK_STOP_AFTER: String(HOUR) });
  await emulator.advance(0.9 * HOUR);
  await act(id, "restart");
  await emulator.advance(0.9 * HOUR);
  expect(await statusOf(id)).toBe("RUNNING");
});
