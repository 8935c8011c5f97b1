import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { STRANGER, token } from "../../support/exported-state";
import { podBody } from "../../unit/emulator/bodies";
import { BIN, node } from "./run";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const reap = (args: readonly string[], env = emulator.env) => node([BIN, "reap", ...args], { env });

const OWN = token("Pod", "a");
const [MARK = ""] = OWN.split("-");
const PAST = String(Math.floor(Date.now() / 1_000) - 60);

async function existing(env: Record<string, string>): Promise<string> {
  return (await emulator.call("POST", "/v2/pods", podBody({ env }))).body.id;
}

async function statuses(): Promise<Record<string, string>> {
  const { body } = await emulator.call("GET", "/v2/pods");
  return Object.fromEntries(
    body.pods.map(({ id, status }: Record<string, string>) => [id, status]),
  );
}

describe("runpod-stack reap, as a process", () => {
  test("shows pods past their time limit, changes nothing, and ends with 1", async () => {
    const due = await existing({ RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_TERMINATE_AFTER: PAST });
    const { status, stdout, stderr } = await reap(["--all-stacks"]);
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(
      new RegExp(`^${due} 'serve' +${MARK} +[\\d.]+ +terminate: its time`, "m"),
    );
    expect(stdout).toContain("Nothing was changed.");
    expect(Object.keys(await statuses())).toEqual([due]);
  });

  test("terminates and stops with --yes, and touches no other pod", async () => {
    const ended = await existing({ RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_TERMINATE_AFTER: PAST });
    const stopped = await existing({ RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_STOP_AFTER: PAST });
    const [later, strange] = [
      await existing({ RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_STOP_AFTER: "9999999999" }),
      await existing({ RUNPOD_STACK_TERMINATE_AFTER: PAST }),
    ];
    const { status, stdout } = await reap(["--all-stacks", "--yes", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).pods).toHaveLength(2);
    expect(JSON.parse(stdout).pods).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: ended, action: "terminate", mark: MARK, done: true }),
        expect.objectContaining({ id: stopped, action: "stop", done: true }),
      ]),
    );
    const left = await statuses();
    expect(left).toMatchObject({ [stopped]: "EXITED" });
    expect(Object.keys(left).sort()).toEqual([stopped, later, strange].sort());
    expect(await reap(["--all-stacks"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("No pod is past its time limit."),
    });
  });

  describe("with an emulator whose clock is moved", () => {
    let moved: TestEmulator;

    beforeEach(async () => {
      moved = await startTestEmulator({ time: () => Date.now() - 2 * 3_600_000 });
    });
    afterEach(() => moved.close());

    const create = async (limit: Record<string, string>): Promise<string> => {
      const env = { RUNPOD_STACK_TOKEN: OWN, ...limit };
      return (await moved.call("POST", "/v2/pods", podBody({ env }))).body.id;
    };
    const shown = async (...more: string[]) =>
      (await reap(["--all-stacks", ...more], moved.env)).stdout;

    test("uses that clock, whatever this machine's shows", async () => {
      await create({ RUNPOD_STACK_TERMINATE_AFTER: PAST });
      expect(await shown("--older-than", "1h")).toContain("No pod is past its time limit.");
      await moved.advance(2 * 3_600);
      expect(await shown()).toContain("terminate: its time limit passed");
    });

    test("stops a pod that runs longer than its stopAfter since its last start", async () => {
      const id = await create({ RUNPOD_STACK_STOP_AFTER: "3600" });
      await moved.advance(3_000);
      for (const action of ["stop", "start"]) {
        await moved.call("POST", `/v2/pods/${id}/action`, { action });
      }
      await moved.advance(3_000);
      expect(await shown()).toContain("No pod is past its time limit.");
      await moved.advance(1_000);
      expect(await shown("--yes")).toContain(`done    stop ${id}`);
      expect((await moved.call("GET", `/v2/pods/${id}`)).body.status).toBe("EXITED");
    });
  });

  test("terminates old pods of one stack, and keeps other stacks' and locked ones", async () => {
    const old = await existing({ RUNPOD_STACK_TOKEN: OWN });
    const locked = await existing({ RUNPOD_STACK_TOKEN: OWN });
    await emulator.call("PATCH", `/v2/pods/${locked}`, { locked: true });
    const other = await existing({ RUNPOD_STACK_TOKEN: token("Pod", "a", STRANGER) });
    const limit = ["--older-than", "1ms", "--stack-mark", MARK];
    const { status, stdout } = await reap([...limit, "--yes"]);
    expect(status).toBe(0);
    expect(stdout).toContain(`done    terminate ${old}`);
    expect(stdout).toMatch(new RegExp(`^${locked} .*leave: .*it is locked$`, "m"));
    expect(Object.keys(await statuses()).sort()).toEqual([locked, other].sort());
    expect(await reap(limit)).toMatchObject({ status: 0 });
  });

  test("names the pods that could not be terminated, with their prices, and terminates the rest", async () => {
    const env = { RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_TERMINATE_AFTER: PAST };
    const [stuck, other] = [await existing(env), await existing(env)];
    await emulator.fault("status:403:before", { method: "DELETE", path: `/${stuck}$` });
    const { status, stdout } = await reap(["--all-stacks", "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`FAILED {2}terminate ${stuck}, billed at [\\d.]+ \\$/h: .*403`),
    );
    expect(stdout).toContain(`done    terminate ${other}`);
    await emulator.clearFaults();
  });

  test("a pod that was stopped or deleted meanwhile is not a failure", async () => {
    const env = { RUNPOD_STACK_TOKEN: OWN, RUNPOD_STACK_STOP_AFTER: PAST };
    const [stopped, gone] = [await existing(env), await existing(env)];
    await emulator.fault("status:409:after", { method: "POST", path: `/${stopped}/action$` });
    await emulator.fault("status:404:before", { method: "POST", path: `/${gone}/action$` });
    expect(await reap(["--all-stacks", "--yes"])).toMatchObject({ status: 0 });
    await emulator.clearFaults();
  });

  test.each([
    ["nothing said of whose pods", [], "Exactly one of --stack-mark and --all-stacks is required."],
    [
      "both at once",
      ["--all-stacks", "--stack-mark", "0a0a0a0a"],
      "Exactly one of --stack-mark and --all-stacks",
    ],
    ["a mark that is none", ["--stack-mark", "dev"], '"dev" must be'],
    ["an age without a unit", ["--all-stacks", "--older-than", "24"], '"24" must be'],
    ["an age of nothing", ["--all-stacks", "--older-than", "0h"], '"0h" must be'],
  ])("refuses %s", async (_, args, message) => {
    const { status, stdout, stderr } = await reap(args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  test("requires a key", async () => {
    expect(await reap(["--all-stacks"], {})).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^No RunPod API key is set. Set RUNPOD_API_KEY\. /),
    });
  });
});

test.each(["reap", "recover"])("%s --help has examples and the exit statuses", async (command) => {
  const { status, stdout } = await node([BIN, command, "--help"]);
  expect(status).toBe(0);
  for (const part of [`Usage: runpod-stack ${command}`, "Examples:", "--yes", "Exit status:"]) {
    expect(stdout).toContain(part);
  }
});
