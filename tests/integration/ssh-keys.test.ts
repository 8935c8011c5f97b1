import { type FaultScene, startFaultScene } from "../support/faults";

const ROUTE = "/v2/account/ssh-keys";
const [alice, bob, carol] = ["alice", "bob", "carol"].map(
  (name) => `ssh-ed25519 AAAA${name} ${name}@laptop`,
) as [string, string, string];

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.emulator.reset());
afterAll(() => scene.close());

const present = async (): Promise<string[]> => (await scene.emulator.call("GET", ROUTE)).body.keys;
const put = (keys: string[]) => scene.emulator.call("PUT", ROUTE, { keys });
const puts = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method === "PUT").length;

test("adds, changes and removes its own keys, and keeps the others in their order", async () => {
  await put([carol]);
  const keys = scene.resource("SshKeys", "team");
  expect(await keys.up({ keys: [`${alice}\n`] })).toBe("created");
  expect(await present()).toEqual([carol, alice]);
  expect(await keys.refresh()).toBe(true);
  expect(await keys.up({ keys: [bob, alice] })).toBe("updated");
  expect(await present()).toEqual([carol, alice, bob]);
  expect(await keys.up({ keys: [alice, bob] })).toBe("unchanged");
  expect(await keys.up({ keys: [bob] })).toBe("updated");
  expect(await present()).toEqual([carol, bob]);
  await keys.destroy();
  expect(await present()).toEqual([carol]);
});

test("keeps a key that was there before, with its comment, and says so", async () => {
  const theirs = alice.replace("alice@laptop", "alice at work");
  await put([theirs, carol]);
  await scene.emulator.clearRequests();
  const keys = scene.resource("SshKeys", "team");
  await keys.up({ keys: [alice] });
  expect(scene.output()).toContain(
    "note: the SSH key 'alice@laptop' is already in the account. It stays there when this resource is deleted.",
  );
  expect(await keys.refresh()).toBe(true);
  await keys.destroy();
  expect([await present(), await puts()]).toEqual([[theirs, carol], 0]);
});

test("the first of two stacks with one key removes it, and the other notices", async () => {
  const one = scene.resource("SshKeys", "one");
  const other = scene.resource("SshKeys", "other", "00112233445566778899aabbccddeeff");
  await one.up({ keys: [alice] });
  await other.up({ keys: [alice, bob] });
  await one.destroy();
  expect(await present()).toEqual([bob]);
  expect(await other.refresh()).toBe(false);
  expect(await other.up({ keys: [alice, bob] })).toBe("updated");
  await other.destroy();
  expect(await present()).toEqual([]);
});

test("several resources of one program do not overwrite each other", async () => {
  await put([carol]);
  const names = ["a", "b", "c", "d"];
  const all = names.map((name) => scene.resource("SshKeys", name));
  await Promise.all(
    all.map((keys, index) => keys.up({ keys: [`ssh-ed25519 AAAA${names[index]} ${index}`] })),
  );
  expect(await present()).toHaveLength(5);
  await Promise.all(all.map((keys) => keys.destroy()));
  expect(await present()).toEqual([carol]);
});

test.each(["reset:after", "reset:before", "status:500:after", "truncate:5"])(
  "a lost answer (%s) neither loses nor doubles a key",
  async (fault) => {
    await put([carol]);
    await scene.emulator.fault(fault, { method: "PUT", path: ROUTE, times: 1 });
    const keys = scene.resource("SshKeys", "team");
    await keys.up({ keys: [alice] });
    expect(await present()).toEqual([carol, alice]);
    await keys.destroy();
    expect(await present()).toEqual([carol]);
  },
);

test("a writer who replaces the set in between loses nothing, and neither does this resource", async () => {
  await put([carol]);
  const keys = scene.resource("SshKeys", "team");
  // The answer comes late, and someone who read the set before puts theirs in between.
  await scene.emulator.fault("slow:700", { method: "PUT", path: ROUTE, times: 1 });
  const adding = keys.up({ keys: [alice] });
  await new Promise((resolve) => setTimeout(resolve, 350));
  await put([carol, bob]);
  await adding;
  expect(await present()).toEqual([carol, bob, alice]);
  await keys.destroy();
  expect(await present()).toEqual([carol, bob]);
});

test("a set that is never as written is an error that keeps what was added in the state", async () => {
  const keys = scene.resource("SshKeys", "team");
  await scene.emulator.fault("status:422:before", {
    method: "PUT",
    path: ROUTE,
    after: 1,
    times: 1,
  });
  await scene.emulator.fault("reset:before", { method: "PUT", path: ROUTE, times: 1 });
  await expect(keys.up({ keys: [alice] })).rejects.toThrow("422");
  expect(keys.id).toBe("account");
  expect(await keys.up({ keys: [alice] })).toBe("updated");
  await keys.destroy();
  expect(await present()).toEqual([]);
});

test("a key that was removed elsewhere is drift", async () => {
  const keys = scene.resource("SshKeys", "team");
  await keys.up({ keys: [alice, bob] });
  await put([bob]);
  expect(await keys.refresh()).toBe(false);
  expect(await keys.up({ keys: [alice, bob] })).toBe("updated");
  expect(await present()).toEqual([bob, alice]);
  await put([]);
  expect(await keys.refresh()).toBe(false);
  expect(await keys.up({ keys: [alice, bob] })).toBe("updated");
  await keys.destroy();
});

test("an import takes over the keys that it names, and no others", async () => {
  await put([alice, bob]);
  await scene.emulator.clearRequests();
  const keys = scene.resource("SshKeys", "team");
  const imported = { keys: [alice] };
  keys.state = { id: "account", inputs: imported, outputs: imported, unfinished: false };
  expect(await keys.up(imported)).toBe("unchanged");
  expect(await keys.refresh()).toBe(true);
  expect(await puts()).toBe(0);
  await keys.destroy();
  expect(await present()).toEqual([bob]);
});

test("keys are not removed from, or added to, another account", async () => {
  const keys = scene.resource("SshKeys", "team");
  await keys.up({ keys: [alice] });
  const { state } = keys;
  await put([]);
  const other = JSON.stringify(state?.outputs).replace(/[0-9a-f]{8}@http/, "00000000@http");
  keys.state = { ...state, outputs: JSON.parse(other) } as typeof keys.state;
  for (const operation of [
    () => keys.refresh(),
    () => keys.up({ keys: [bob] }),
    () => keys.destroy(),
  ]) {
    await expect(operation()).rejects.toThrow("that is inconclusive");
  }
  expect(await present()).toEqual([]);
});

test.each([
  [{ keys: [] }, "must not be empty"],
  [{ keys: ["~/.ssh/id_ed25519.pub"] }, "must contain SSH public keys, not a path"],
  [{ keys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] }, "contains a private key"],
  [{ keys: [alice, `${alice} again`] }, "is listed twice"],
  [{ keys: [`${alice}\n${bob}`] }, "must be one public key"],
  [{ keys: alice }, "must be a list"],
  [{}, "keys is required"],
])("%j is refused at preview", async (inputs, message) => {
  const keys = scene.resource("SshKeys", "team");
  expect(await keys.up(inputs)).toBe("refused");
  expect(keys.failures.join()).toContain(message);
});
