import { LIST_LAG_MS, Snapshot } from "../../../../provider/src/handlers/lifecycle/snapshot";
import { ManualClock } from "../../../support/manual-clock";

interface Thing {
  readonly id: string;
  readonly version?: number;
}

function setUp() {
  const clock = new ManualClock();
  /** What RunPod lists; changed by tests as time goes by. */
  const listed: Thing[] = [];
  let lists = 0;
  let failure: Error | undefined;
  const snapshot = new Snapshot<Thing>(async () => {
    lists += 1;
    const items = [...listed];
    await clock.sleep(100);
    if (failure !== undefined) {
      throw failure;
    }
    return items;
  }, clock);
  return {
    clock,
    listed,
    snapshot,
    lists: () => lists,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    /** Requests a list, and lets it arrive. */
    async list(maxAgeMs?: number) {
      const asked = snapshot.list(maxAgeMs);
      await clock.advance(100);
      return (await asked).map(({ id, version }) =>
        version === undefined ? id : `${id}@${version}`,
      );
    },
  };
}

describe("a list is shared", () => {
  test("by all requests while it is under way", async () => {
    const { snapshot, clock, lists } = setUp();
    const asked = Promise.all([snapshot.list(), snapshot.list(5_000), snapshot.list(0)]);
    await clock.advance(100);
    await asked;
    expect(lists()).toBe(1);
  });

  test("for as long as it is new enough for the request", async () => {
    const { list, clock, lists } = setUp();
    await list();
    await clock.advance(4_900);
    await list(5_000);
    expect(lists()).toBe(1);
    await clock.advance(1);
    await list(5_000);
    expect(lists()).toBe(2);
  });

  test("by its age since the request, not since the answer", async () => {
    const { list, lists } = setUp();
    await list();
    await list(99);
    expect(lists()).toBe(2);
  });

  test("forever by those who accept any list of this process", async () => {
    const { list, clock, lists } = setUp();
    await list();
    await clock.advance(3_600_000);
    await list();
    expect(lists()).toBe(1);
  });

  test("not if it failed: all who shared it get the error, and the next request repeats it", async () => {
    const { snapshot, list, clock, fail, lists } = setUp();
    fail(new Error("no list"));
    const asked = Promise.allSettled([snapshot.list(), snapshot.list()]);
    await clock.advance(100);
    expect((await asked).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    fail(undefined);
    await expect(list()).resolves.toEqual([]);
    expect(lists()).toBe(2);
  });

  test("also if an older one fails after it", async () => {
    const clock = new ManualClock();
    const ends = [
      async () => {
        await clock.sleep(5_000);
        throw new Error("late");
      },
      async () => [{ id: "a" }],
    ];
    let lists = 0;
    const snapshot = new Snapshot<Thing>(() => (ends[lists++] ?? (async () => []))(), clock);
    const first = snapshot.list().catch(() => "failed");
    await clock.advance(1_000);
    await snapshot.list(500);
    await clock.advance(5_000);
    expect(await first).toBe("failed");
    expect(await snapshot.list()).toEqual([{ id: "a" }]);
    expect(lists).toBe(2);
  });
});

describe("own writes are folded in", () => {
  test("a new object exists even if the list is older", async () => {
    const { snapshot, list } = setUp();
    await list();
    snapshot.put({ id: "new" }, true);
    expect(await list()).toEqual(["new"]);
  });

  test("a changed object is shown as in its answer, until a later list shows it", async () => {
    const { snapshot, list, listed, clock } = setUp();
    listed.push({ id: "a", version: 1 });
    await list();
    snapshot.put({ id: "a", version: 2 });
    expect(await list()).toEqual(["a@2"]);
    listed[0] = { id: "a", version: 3 };
    await clock.advance(1);
    expect(await list(0)).toEqual(["a@3"]);
  });

  test("a changed object is shown as in its answer even if a list was requested just before", async () => {
    const { snapshot, listed, clock } = setUp();
    listed.push({ id: "a", version: 1 });
    const asked = snapshot.list();
    snapshot.put({ id: "a", version: 2 });
    await clock.advance(100);
    expect(await asked).toEqual([{ id: "a", version: 2 }]);
  });

  test("a changed object that a later list lacks is gone: only new ones lag", async () => {
    const { snapshot, list, listed, clock } = setUp();
    listed.push({ id: "a" });
    await list();
    snapshot.put({ id: "a" });
    listed.pop();
    await clock.advance(1);
    expect(await list(0)).toEqual([]);
  });

  test("a new object that later lists lack is kept for a minute", async () => {
    const { snapshot, list, clock } = setUp();
    snapshot.put({ id: "new" }, true);
    await clock.advance(LIST_LAG_MS - 101);
    expect(await list(0)).toEqual(["new"]);
    await clock.advance(1);
    expect(await list(0)).toEqual([]);
  });

  test("a new object that a list shows is shown as listed", async () => {
    const { snapshot, list, listed, clock } = setUp();
    snapshot.put({ id: "new", version: 1 }, true);
    listed.push({ id: "new", version: 2 });
    await clock.advance(1);
    expect(await list(0)).toEqual(["new@2"]);
  });

  test("a deleted object is gone even if lists still show it for a minute", async () => {
    const { snapshot, list, listed, clock } = setUp();
    listed.push({ id: "a" }, { id: "b" });
    await list();
    snapshot.remove("a");
    expect(await list()).toEqual(["b"]);
    await clock.advance(LIST_LAG_MS - 101);
    expect(await list(0)).toEqual(["b"]);
    await clock.advance(1);
    expect(await list(0)).toEqual(["a", "b"]);
  });
});
