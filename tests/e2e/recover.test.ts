import { writeFileSync } from "node:fs";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { restoreState } from "../support/faults-kills";
import { createStack, failure, type TestStack } from "../support/stack";

jest.setTimeout(180_000);

const NAMES = ["a", "b", "c"];
/** The first create goes ahead to show the rate limit, and is in the state before the others are sent. */
const LOST = NAMES.length - 1;
const CREATE = { method: "POST", path: "^/v2/pods$" };

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator();
  stack = await createStack({
    env: emulator.env,
    program: NAMES.map(
      (name) =>
        `new Pod("${name}", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], containerDiskInGb: 20 });`,
    ).join("\n"),
  });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

/** Waits for a condition, because the CLI and the emulator have their own pace. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** All creates are on their way: one goes ahead, and the others follow once it shows the rate limit. */
async function creating(): Promise<void> {
  await until(async () => {
    const { length } = (await emulator.requests()).filter(({ method }) => method === "POST");
    return length === NAMES.length;
  });
}

async function alivePods(): Promise<string[]> {
  const { pods } = await emulator.ledger();
  return pods.filter(({ endedAt }) => endedAt === null).map(({ name }) => name);
}

const onePodEach = NAMES.map((name) => expect.stringMatching(`^${name}-[0-9a-f]{10}$`));

test.each(["alone", "all"] as const)(
  "after a kill during creation (%s), cancel and up leave exactly one pod each",
  async (victims) => {
    await emulator.fault("slow:2000", CREATE);
    await stack.killUp(creating, victims);
    await emulator.clearFaults();

    await stack.cancel();
    await stack.up();
    expect((await alivePods()).sort()).toEqual(onePodEach);
    const pods = JSON.parse(await stack.exportState()).deployment.resources.filter(
      ({ type }: { type: string }) => type.endsWith(":Pod"),
    );
    const { body } = await emulator.call("GET", "/v2/pods");
    const ids = (objects: { id: string }[]) => objects.map(({ id }) => id).sort();
    expect(ids(pods)).toEqual(ids(body.pods));
    await stack.destroy();
    expect(await alivePods()).toEqual([]);
  },
);

test("recover unlocks the stack and lets up adopt what the killed run created", async () => {
  await emulator.fault("slow:500", CREATE);
  await stack.killUp(creating, "alone");
  await until(async () => (await alivePods()).length === NAMES.length);

  const shown = await stack.recover();
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(/^lock of .*cancel/m);
  expect(shown.stdout.match(/^pod .* keep: the next `pulumi up` adopts it$/gm)).toHaveLength(LOST);
  expect((await failure(stack.up())).stderr).toContain("the stack is currently locked");

  const recovered = await stack.recover("--yes");
  expect(recovered.stdout).toContain("done    cancel the lock");
  expect(recovered.code).toBe(0);
  const { stdout } = await stack.up();
  expect(new Set(stdout.match(/adopting \w+/g)).size).toBe(LOST);
  expect((await alivePods()).sort()).toEqual(onePodEach);

  expect((await stack.recover("--yes")).stdout).toContain("done    clear the pending creates");
  expect(await stack.recover("--json")).toMatchObject({ code: 0 });
  expect((await stack.up("--expect-no-changes")).stdout).not.toContain("pending operations");
});

test("after a kill, destroy names what is left, recover deletes it, and destroy succeeds", async () => {
  await emulator.fault("slow:500", CREATE);
  await stack.killUp(creating, "alone");
  await until(async () => (await alivePods()).length === NAMES.length);
  await stack.cancel();

  const refused = await failure(stack.destroy());
  const { body } = await emulator.call("GET", "/v2/pods");
  expect(body.pods).toHaveLength(LOST);
  for (const { id, name, cost } of body.pods) {
    expect(refused.stdout).toContain(`pod ${id} '${name}', ${cost} $/h`);
  }
  expect(refused.stdout).toContain("npx -p @runpod-stack/provider runpod-stack recover --delete");

  const recovered = await stack.recover("--delete", "--yes");
  expect(recovered.stdout.match(/^done {4}delete pod/gm)).toHaveLength(LOST);
  expect(recovered.code).toBe(0);
  expect(await alivePods()).toEqual([]);
  expect((await stack.destroy()).steps).toEqual(["delete Ownership runpod"]);
  expect(JSON.parse(await stack.exportState()).deployment.pending_operations ?? []).toEqual([]);
});

test.each([
  ["test.json", "copy <stack>.json.bak over <stack>.json"],
  ["test.json.attrs", "find .pulumi -name '*.attrs' -empty -delete"],
])(
  "an empty %s is reported with its remedy, and after that every object exists once",
  async (name, remedy) => {
    await stack.up();
    const [file] = [...stack.files().keys()].filter((path) => path.endsWith(`/${name}`));
    writeFileSync(String(file), "");
    const refused = await stack.recover();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(remedy);

    restoreState(stack);
    await stack.recover("--yes");
    await stack.up("--refresh");
    expect((await alivePods()).sort()).toEqual(onePodEach);
    expect(await stack.recover("--json")).toMatchObject({ code: 0 });
  },
);
