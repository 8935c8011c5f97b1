import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { main } from "../../../provider/src/cli/main";
import { systemClock } from "../../../provider/src/core/clock";
import { markedName } from "../../../provider/src/core/mark";
import { ownCreateLog } from "../../../provider/src/handlers/lifecycle/create-log";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import {
  exported,
  legacyToken,
  ownership,
  resource,
  STRANGER,
  token,
} from "../../support/exported-state";
import { podBody, templateBody, volumeBody } from "../../unit/emulator/bodies";
import { createFakePulumi, type FakePulumi } from "./fake-pulumi";
import { BIN, node } from "./run";

// Each run starts Node and, several times, the fake Pulumi.
jest.setTimeout(60_000);

const OTHER_ACCOUNT = "rpa_of_the_second_account";

let emulator: TestEmulator;
let pulumi: FakePulumi;

beforeAll(async () => {
  emulator = await startTestEmulator({ apiKeys: ["rpa_emulator_key", OTHER_ACCOUNT] });
  pulumi = createFakePulumi();
});
beforeEach(async () => {
  await emulator.reset();
  await emulator.clearFaults();
});
afterAll(async () => {
  pulumi.close();
  await emulator.close();
});

/** The command as a process. */
function recover(args: readonly string[], env: Record<string, string> = emulator.env) {
  const all = { ...env, RUNPOD_STACK_PULUMI: pulumi.command };
  return node([BIN, "recover", ...args], { env: all });
}

/** A pod of the account. @param itsToken the mark that it carries, if any */
async function existing(itsToken?: string, { name = "serve", key = "" } = {}): Promise<string> {
  const env = itsToken === undefined ? {} : { RUNPOD_STACK_TOKEN: itsToken };
  const headers = key === "" ? {} : { authorization: `Bearer ${key}` };
  return (await emulator.call("POST", "/v2/pods", podBody({ name, env }), headers)).body.id;
}

/** A pod as created for a resource without a name. */
const lostPod = (name: string, key = "") =>
  existing(own(name), { name: markedName(name, own(name)), key });

async function alive(): Promise<string[]> {
  const { pods, networkVolumes, templates } = await emulator.ledger();
  return [...pods, ...networkVolumes, ...templates]
    .filter(({ endedAt }) => endedAt === null)
    .map(({ id }) => id)
    .sort();
}

const own = (name: string) => token("Pod", name);

describe("runpod-stack recover, as a process", () => {
  test("reports that nothing is left, and in which account", async () => {
    const known = await existing(own("a"));
    const strange = await existing(token("Pod", "a", STRANGER));
    pulumi.set({ state: exported([ownership(), resource("Pod", "a", { id: known })]) });
    const { status, stdout, stderr } = await recover(["--yes"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^checked http:\/\/127\.0\.0\.1:\d+ with the key [0-9a-f]{8}; the stack mark there is [0-9a-f]{8}\nStack dev: no interrupted run left anything behind\.\n$/,
    );
    expect(await alive()).toEqual([known, strange].sort());
  });

  test("shows what is left with its price, and changes nothing", async () => {
    const [lost, second] = [await lostPod("a"), await lostPod("a")];
    const kept = await existing(own("b"));
    pulumi.set({
      state: exported([ownership()], [resource("Pod", "a")]),
      lock: "root@elsewhere (pid 7) at 2026-11-23T10:00:00Z",
    });
    const { status, stdout, stderr } = await recover([]);
    expect([status, stderr]).toEqual([1, ""]);
    const [, , header, ...rows] = stdout.split("\n");
    expect(header).toMatch(/^STACK dev +\$\/H +WHAT TO DO$/);
    expect(rows.slice(0, 5).map((row) => row.replaceAll(/ {2,}/g, " | "))).toEqual([
      "lock of root@elsewhere, pid 7, since 2026-11-23T10:00:00Z | - | cancel: make sure that no run is under way",
      expect.stringMatching(
        `^pod ${lost} 'a-\\w{10}' . [\\d.]+ . keep: the next .pulumi up. adopts it`,
      ),
      expect.stringMatching(
        `^pod ${second} 'a-\\w{10}' . [\\d.]+ . delete: a duplicate of ${lost}`,
      ),
      expect.stringMatching(
        `^pod ${kept} 'serve' . [\\d.]+ . check: not in this state: kept, moved or copied on purpose, or lost`,
      ),
      "1 pending create | - | keep: until `pulumi up` has adopted their objects",
    ]);
    expect(stdout).toMatch(/Billed until then: [\d.]+ \$\/h\.\nNothing was changed\./);
    expect(await alive()).toHaveLength(3);
    expect(pulumi.calls()).toEqual([
      "stack --show-name",
      "stack ls --json",
      "stack rename",
      "stack export",
    ]);
  });

  test("with --yes it unlocks the stack, terminates duplicates and leaves the rest to `pulumi up`", async () => {
    const [lost, second] = [await lostPod("a"), await lostPod("a")];
    pulumi.set({
      state: exported([ownership()], [resource("Pod", "a")]),
      lock: "root@elsewhere (pid 7) at 2026-11-23T10:00:00Z",
    });
    const { status, stdout } = await recover(["--yes"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `done {4}cancel the lock\ndone {4}delete pod ${second}, [\\d.]+ \\$/h\nNext: .pulumi up.`,
      ),
    );
    expect(await alive()).toEqual([lost]);
    expect(pulumi.calls()).toContain("cancel --yes");
    expect(pulumi.calls().join()).not.toContain("clear-pending-creates");
  });

  test("with --delete it deletes what interrupted creates made, and nothing else, and clears them", async () => {
    const mine = await lostPod("a");
    const kept = [
      await existing(),
      await existing(own("a"), { name: "let go" }),
      await existing(token("Pod", "a", STRANGER)),
    ];
    await emulator.call("PATCH", `/v2/pods/${mine}`, { locked: true });
    const named = (kind: "Volume" | "Template") => markedName("x", token(kind, "x"));
    const volume = volumeBody({ name: named("Volume") });
    await emulator.call("POST", "/v2/network-volumes", volume);
    await emulator.call("POST", "/v2/templates", templateBody({ name: named("Template") }));
    const pending = [resource("Pod", "a"), resource("Volume", "x"), resource("Template", "x")];
    pulumi.set({ state: exported([ownership()], pending) });
    const { status, stdout } = await recover(["--delete", "--yes", "--json"]);
    // One is for people to decide.
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      stack: "dev",
      accounts: [{ provider: null, origin: emulator.url }],
      lock: null,
      objects: [
        { kind: "Pod", id: mine, action: "delete", locked: true, done: true },
        { kind: "Pod", id: kept[1], action: "check", done: false },
        { kind: "Volume", action: "delete", done: true },
        { kind: "Template", costPerHr: 0, action: "delete", done: true },
      ],
      pendingCreates: { action: "clear", done: true, urns: pending.map(({ urn }) => urn) },
    });
    expect(await alive()).toEqual(kept.sort());
    expect(pulumi.calls().at(-1)).toBe(
      "refresh --clear-pending-creates --exclude ** --skip-preview --yes",
    );
  });

  test("deletes what is to be checked only by its id", async () => {
    const [one, other] = [await existing(own("a")), await existing(own("b"))];
    pulumi.set({ state: exported([ownership()]) });
    const { status, stdout } = await recover(["--delete", one, "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`done {4}delete pod ${one}`));
    expect(await alive()).toEqual([other]);
    expect(await recover(["--delete", other, "--yes"])).toMatchObject({ status: 0 });
    expect(await alive()).toEqual([]);
  });

  test("deletes nothing at all for an id that it does not show", async () => {
    const [lost, second] = [await lostPod("a"), await lostPod("a")];
    const strange = await existing(token("Pod", "a", STRANGER));
    pulumi.set({ state: exported([ownership()], [resource("Pod", "a")]) });
    for (const id of [strange, "typo"]) {
      expect(await recover(["--delete", id, "--yes"])).toEqual({
        status: 2,
        stdout: "",
        stderr: `--delete ${id} is not among the objects to check, so nothing was changed. Run this without --delete to see them.\n`,
      });
    }
    expect(await alive()).toEqual([lost, second, strange].sort());
  });

  test("leaves to people what an older release's create may have made, and keeps the create pending", async () => {
    const old = legacyToken("Pod", "a");
    const pod = await existing(old);
    pulumi.set({ state: exported([ownership()], [resource("Pod", "a", { token: old })]) });
    const { status, stdout } = await recover(["--delete", "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toContain("check: an interrupted run may have created it");
    expect(stdout).toContain("keep: until you have decided about the objects to check");
    expect(await alive()).toEqual([pod]);
    expect(await recover(["--delete", pod, "--yes"])).toMatchObject({ status: 0 });
    expect(pulumi.calls().at(-1)).toContain("--clear-pending-creates");
    expect(await alive()).toEqual([]);
  });

  test("finds what only this machine's log shows, and clears the entry once it is deleted", async () => {
    const lost = await lostPod("a");
    const cache = mkdtempSync(path.join(tmpdir(), "recover-"));
    const env = { ...emulator.env, XDG_CACHE_HOME: cache };
    const [mark = ""] = own("a").split("-");
    const log = ownCreateLog(env);
    log.begin(mark, {
      kind: "Pod",
      logicalName: "a",
      name: markedName("a", own("a")),
      token: own("a"),
      at: Date.now(),
    });
    pulumi.set({ state: exported([ownership()]) });
    const { stdout } = await recover(["--json"], env);
    expect(JSON.parse(stdout)).toMatchObject({
      objects: [{ id: lost, action: "keep" }],
      pendingCreates: null,
    });
    expect(log.unfinished(mark, Date.now())).toHaveLength(1);
    expect(await recover(["--delete", "--yes"], env)).toMatchObject({ status: 0 });
    expect(await alive()).toEqual([]);
    expect(log.unfinished(mark, Date.now())).toEqual([]);
    rmSync(cache, { recursive: true });
  });

  test("waits for a volume while a pod that is being deleted still holds it", async () => {
    const name = markedName("x", token("Volume", "x"));
    const volume = await emulator.call("POST", "/v2/network-volumes", volumeBody({ name }));
    const mounts = { network: [{ volumeId: volume.body.id, path: "/workspace" }] };
    const env = { RUNPOD_STACK_TOKEN: own("a") };
    const pod = { name: markedName("a", own("a")), env, mounts, dataCenters: ["EU-RO-1"] };
    await emulator.call("POST", "/v2/pods", podBody(pod));
    const pending = [resource("Pod", "a"), resource("Volume", "x")];
    pulumi.set({ state: exported([ownership()], pending) });
    await emulator.fault("status:409:before", {
      method: "DELETE",
      path: "^/v2/network-volumes/",
      times: 1,
    });
    expect(await recover(["--delete", "--yes"])).toMatchObject({ status: 0 });
    expect(await alive()).toEqual([]);
  });

  test("names what could not be deleted, and deletes the rest", async () => {
    const [stuck, other] = [await lostPod("a"), await lostPod("b")];
    const pending = [resource("Pod", "a"), resource("Pod", "b")];
    pulumi.set({ state: exported([ownership()], pending) });
    await emulator.fault("status:403:before", { method: "DELETE", path: `/${stuck}$` });
    const { status, stdout } = await recover(["--delete", "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`FAILED {2}delete pod ${stuck}, [\\d.]+ \\$/h: .*403`));
    expect(stdout).toContain(`done    delete pod ${other}`);
    expect(stdout).toContain("FAILED  clear the pending creates: not tried");
    expect(await alive()).toEqual([stuck]);
  });

  test("leaves pending creates of other packages alone", async () => {
    const bucket = {
      urn: "urn:pulumi:dev::app::aws:s3/bucket:Bucket::b",
      type: "aws:s3/bucket:Bucket",
    };
    pulumi.set({ state: exported([ownership()], [resource("Pod", "a"), bucket]) });
    const { status, stdout } = await recover(["--yes", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).pendingCreates).toMatchObject({
      action: "keep",
      reason: expect.stringContaining("1 of other packages"),
    });
  });

  test("uses Pulumi Cloud's answer on whether a run locks the stack", async () => {
    const state = exported([ownership()]);
    pulumi.set({ state, updateInProgress: true });
    const { stdout } = await recover(["--json", "--yes"]);
    expect(JSON.parse(stdout)).toMatchObject({ lock: { done: true } });
    expect(pulumi.calls()).toContain("cancel --yes");
    pulumi.set({ state, updateInProgress: false });
    expect(await recover(["--yes"])).toMatchObject({ status: 0 });
    expect(pulumi.calls()).not.toContain("stack rename");
  });

  test("looks up objects with each provider's key, which is in the state", async () => {
    const provider = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research";
    const marker = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const [here, there] = [await lostPod("a"), await lostPod("b", OTHER_ACCOUNT)];
    const research = {
      urn: provider,
      id: "1f1f",
      type: "pulumi:providers:pulumi-nodejs",
      inputs: {
        "runpod:explicit": "true",
        "runpod:apiKey": { ...marker, plaintext: JSON.stringify(OTHER_ACCOUNT) },
      },
    };
    const through = { provider: `${provider}::1f1f` };
    pulumi.set({
      state: exported(
        [research, ownership(through), ownership()],
        [resource("Pod", "a"), resource("Pod", "b", through)],
      ),
    });
    const { stdout } = await recover(["--json", "--yes", "--delete"]);
    expect(JSON.parse(stdout)).toMatchObject({
      accounts: [{ provider: "research" }, { provider: null }],
      objects: [
        { id: there, account: 0, done: true },
        { id: here, account: 1, done: true },
      ],
    });
    expect(stdout).not.toContain(OTHER_ACCOUNT);
    expect(pulumi.calls()).toContain("stack export --show-secrets");
  });

  test("takes key and URL from the stack's configuration if the environment has none", async () => {
    const lost = await existing(own("a"));
    pulumi.set({
      state: exported([ownership()]),
      config: {
        "runpod:apiKey": { value: `${emulator.env["RUNPOD_API_KEY"]}`, secret: true },
        "runpod:apiUrl": { value: `${emulator.env["RUNPOD_REST_V2_URL"]}`, secret: false },
      },
    });
    const { status, stdout } = await recover(["--json"], {});
    expect(status).toBe(1);
    expect(JSON.parse(stdout).objects).toMatchObject([{ id: lost, action: "check" }]);
  });
});

describe("runpod-stack recover refuses", () => {
  test("a stack whose run is under way on this machine", async () => {
    const lost = await existing(own("a"));
    pulumi.set({
      state: exported([ownership()]),
      lock: `me@${hostname()} (pid ${process.pid}) at 2026-11-23T10:00:00Z`,
    });
    const { status, stdout, stderr } = await recover(["--yes"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^A run of stack dev is still under way: process \d+ on this machine/);
    expect(await alive()).toEqual([lost]);
    expect(pulumi.calls()).not.toContain("cancel --yes");
  });

  test("to continue if the lock cannot be removed", async () => {
    const lost = await existing(own("a"));
    pulumi.set({
      state: exported([ownership()]),
      lock: "root@elsewhere (pid 7) at 2026-11-23T10:00:00Z",
      failing: { cancel: "permission denied" },
    });
    const { status, stdout } = await recover(["--yes"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAILED {2}cancel the lock: .*permission denied/);
    expect(await alive()).toEqual([lost]);
  });

  test("another account than the one in which the stack's objects are", async () => {
    const known = await existing(own("a"));
    const account = { origin: emulator.url, fingerprint: "00000000" };
    const outputs = { __live: { account } };
    pulumi.set({ state: exported([ownership(), resource("Pod", "a", { id: known, outputs })]) });
    const other = { ...emulator.env, RUNPOD_API_KEY: OTHER_ACCOUNT };
    const { status, stderr } = await recover([], other);
    expect(status).toBe(2);
    expect(stderr).toContain("None of the stack's objects is in the account that was checked");
    expect(stderr).toContain("00000000");
    // The same objects with a new key prove the account.
    expect(await recover([])).toMatchObject({ status: 0 });
  });

  test.each([
    [
      "no API key",
      { RUNPOD_REST_V2_URL: "http://127.0.0.1:1/v2" },
      "No RunPod API key is set. Set RUNPOD_API_KEY, or run `pulumi config",
    ],
    [
      "a URL that a key must not be sent to",
      { RUNPOD_API_KEY: "rpa_secret_key", RUNPOD_REST_V2_URL: "http://api.example.org/v2" },
      "https",
    ],
  ])("%s", async (_, env, message) => {
    pulumi.set({ state: exported([ownership()]) });
    const { status, stdout, stderr } = await recover([], env);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/rpa_secret|\n {4}at /);
  });

  test("a key that RunPod refuses", async () => {
    pulumi.set({ state: exported([ownership()]) });
    const env = { ...emulator.env, RUNPOD_API_KEY: "rpa_wrong_key" };
    const { status, stderr } = await recover([], env);
    expect(status).toBe(2);
    expect(stderr).toMatch(/401.*Check the API key/s);
  });

  test("what Pulumi refuses, with Pulumi's message", async () => {
    pulumi.set({ state: {}, failing: { "stack --show-name": "no stack named 'dev' found" } });
    const { status, stderr } = await recover(["--stack", "dev"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^`pulumi stack --show-name.*` failed.*no stack named 'dev' found\n.*--cwd/s,
    );
  });

  test("an invalid state, without showing it", async () => {
    pulumi.set({ state: "warning: rpa_secret_key" });
    expect(await recover([])).toEqual({
      status: 2,
      stdout: "",
      stderr: "`pulumi stack export --stack dev` printed something other than JSON.\n",
    });
  });

  test("to run without Pulumi, or in a folder that does not exist", async () => {
    const env = { ...emulator.env, RUNPOD_STACK_PULUMI: "/nowhere/pulumi" };
    const missing = await node([BIN, "recover"], { env });
    expect(missing.status).toBe(2);
    expect(missing.stderr).toMatch(/^The Pulumi CLI could not be run as `\/nowhere\/pulumi`/);
    expect(await recover(["--cwd", "/nowhere"])).toMatchObject({
      status: 2,
      stderr: "--cwd /nowhere does not exist. Set it to the program's folder.\n",
    });
  });
});

describe("while lists may lag", () => {
  /** The command in this process: pauses take no time, and are counted. */
  async function inProcess(args: readonly string[], pause: (ms: number) => Promise<void>) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const env = { ...process.env, ...emulator.env, RUNPOD_STACK_PULUMI: pulumi.command };
    const terminal = { stdin: Readable.from([]), stdout, stderr, env };
    let passed = 0;
    const clock = {
      now: () => Date.UTC(2026, 10, 23, 10, 0, 5) + passed,
      monotonic: () => systemClock.monotonic(),
      async sleep(ms: number, signal?: AbortSignal) {
        // Only the pause between two looks is five seconds long.
        if (ms !== 5_000) {
          return systemClock.sleep(ms, signal);
        }
        passed += ms;
        await pause(passed);
      },
    };
    const status = await main(["recover", ...args], terminal, clock);
    stdout.end();
    stderr.end();
    return { status, stdout: await text(stdout), stderr: await text(stderr), passed };
  }

  const cutOff = exported([ownership()], [resource("Pod", "a")], "2026-11-23T10:00:00Z");

  test("repeats the lookup until the created object is listed", async () => {
    pulumi.set({ state: cutOff });
    let lost = "";
    const found = await inProcess(["--json"], async (passed) => {
      if (passed === 15_000) {
        lost = await lostPod("a");
      }
    });
    expect(found.passed).toBe(15_000);
    expect(found.stderr).toContain("The run was interrupted only 5s ago");
    expect(JSON.parse(found.stdout).objects).toMatchObject([{ id: lost, action: "keep" }]);
  });

  test("concludes after a minute that nothing was created", async () => {
    pulumi.set({ state: cutOff });
    const found = await inProcess(["--json"], async () => {});
    expect(found.passed).toBe(55_000);
    expect(JSON.parse(found.stdout)).toMatchObject({
      objects: [],
      pendingCreates: { action: "clear" },
    });
  });
});
