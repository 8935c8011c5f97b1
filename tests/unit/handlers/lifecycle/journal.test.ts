import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { markedName, markOf } from "../../../../provider/src/core/mark";
import { CreateLog } from "../../../../provider/src/handlers/lifecycle/create-log";
import {
  type Creating,
  creating,
  type Entries,
  Journal,
  pendingOf,
} from "../../../../provider/src/handlers/lifecycle/journal";
import { readState, type Stored } from "../../../../provider/src/handlers/lifecycle/stack-state";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  PRESENT,
  resource,
  STRANGER,
  token,
  urn,
} from "../../../support/exported-state";
import { ManualClock } from "../../../support/manual-clock";
import { apiError } from "../fake-context";

const present = token("Pod", "a", OWNER, PRESENT);
const creatingA: Creating = {
  kind: "Pod",
  logicalName: "a",
  name: markedName("a", present),
  token: present,
};
/** The entries of the current create, and of one in which an earlier run was interrupted. */
const now = resource("Pod", "a", { token: present });
const earlier = resource("Pod", "a");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function journalOf(...states: (object | undefined)[]) {
  const clock = new ManualClock();
  const log = new CreateLog(folder);
  let readings = 0;
  let end = () => {};
  const journal = new Journal(
    async () => {
      const state = states[Math.min(readings, states.length - 1)];
      readings += 1;
      return state && readState(state);
    },
    log,
    clock,
    {
      isDead: false,
      beforeEnd: (act) => {
        end = act;
      },
    },
  );
  return { journal, endRun: () => end(), log, clock, readings: () => readings };
}

function shown(entries: Entries | undefined) {
  const names = (stored: readonly Stored[]) => stored.map(({ token: itsToken }) => itsToken);
  return entries && { own: names(entries.own), others: names(entries.others) };
}

const nothing = { own: [], others: [] };

describe("for a create, the journal shows", () => {
  test("nothing if no earlier run left anything: one reading serves all creates", async () => {
    const { journal, readings } = journalOf(exported([ownership()], [now]));
    const b = {
      ...creatingA,
      logicalName: "b",
      token: token("Pod", "b", OWNER, PRESENT),
    };
    expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
    expect(shown(await journal.atCreate(b))).toEqual(nothing);
    expect(readings()).toBe(1);
  });

  test("the interrupted creates of earlier runs: for this resource, and for others", async () => {
    const state = exported([ownership()], [earlier, resource("Volume", "cache"), now]);
    const { journal } = journalOf(state);
    expect(shown(await journal.atCreate(creatingA))).toEqual({
      own: [token("Pod", "a")],
      others: [token("Volume", "cache")],
    });
  });

  test("no create of the same run, even for a resource that is replaced twice", async () => {
    const other = resource("Pod", "b", { token: token("Pod", "b", OWNER, PRESENT) });
    const { journal } = journalOf(exported([ownership()], [other, now]));
    expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
  });

  test("an older release's as well, because it may have created something", async () => {
    const old = resource("Pod", "a", { token: legacyToken("Pod", "a") });
    const { journal } = journalOf(exported([ownership()], [old, now]));
    expect(shown(await journal.atCreate(creatingA))?.own).toEqual([legacyToken("Pod", "a")]);
  });

  test("no endpoint or identity: they leave nothing at RunPod", async () => {
    const others = [resource("PodEndpoint", "a"), resource("Ownership", "runpod")];
    const { journal } = journalOf(exported([ownership()], [...others, now]));
    expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
  });

  test("the resource by its URN, which differs for one of the same name in a component", async () => {
    const inComponent = { ...earlier, urn: earlier.urn.replace("::a", "::box$a") };
    const { journal } = journalOf(exported([ownership()], [inComponent, now]));
    expect(shown(await journal.atCreate(creatingA))).toEqual({
      own: [],
      others: [token("Pod", "a")],
    });
  });

  test("a new reading of the state for each, if there is anything, taken while the create is in the state", async () => {
    const { journal, readings } = journalOf(
      exported([ownership()], [earlier]),
      exported([ownership()], [earlier, now]),
    );
    expect(shown(await journal.atCreate(creatingA))?.own).toEqual([token("Pod", "a")]);
    expect(readings()).toBe(2);
  });

  test("the objects in the state, of any provider", async () => {
    const provider = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research::1f1f";
    const known = [
      resource("Pod", "b", { id: "p2", provider }),
      resource("Volume", "v", { id: "v1" }),
    ];
    const { journal } = journalOf(exported([ownership(), ...known], [now]));
    const entries = await journal.atCreate(creatingA);
    expect(entries?.isInState("Pod", "p2")).toBe(true);
    expect(entries?.isInState("Volume", "v1")).toBe(true);
    expect(entries?.isInState("Pod", "v1")).toBe(false);
  });

  test.each([
    ["it cannot be read", undefined],
    ["it is empty", {}],
    [
      "it is another stack's",
      exported(
        [ownership({ id: STRANGER })],
        [resource("Pod", "a", { token: legacyToken("Pod", "a") })],
      ),
    ],
    [
      "an earlier run was cut off, and the create itself is not in it, as without checkpoints",
      exported([ownership()], [earlier]),
    ],
  ])("that it is unknown if %s", async (_, state) => {
    const { journal } = journalOf(state);
    expect(await journal.atCreate(creatingA)).toBeUndefined();
  });

  test("nothing, if only the identity shows that a state without checkpoints is this stack's", async () => {
    const { journal, readings } = journalOf(exported([ownership()]));
    expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
    expect(readings()).toBe(1);
  });

  test("the state once it can be read", async () => {
    const { journal } = journalOf(undefined, undefined, exported([ownership()], [now]));
    expect(await journal.atCreate(creatingA)).toBeUndefined();
    expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
  });
});

describe("this machine's log", () => {
  const mark = markOf(present) ?? "";
  const logged = (name: string, more: object = {}) => ({
    kind: "Pod" as const,
    logicalName: name,
    name: markedName(name, token("Pod", name)),
    token: token("Pod", name),
    at: Date.UTC(2026, 10, 23),
    ...more,
  });

  test("adds creates that the engine has removed from the state, by kind and name in the program", async () => {
    const { journal, log } = journalOf(exported([ownership()], [now]));
    log.begin(mark, logged("a"));
    log.begin(mark, logged("b"));
    log.begin(mark, logged("a", { kind: "Volume", token: token("Volume", "a") }));
    const entries = shown(await journal.atCreate(creatingA));
    expect(entries?.own).toEqual([token("Pod", "a")]);
    expect(entries?.others.toSorted()).toEqual(
      [token("Pod", "b"), token("Volume", "a")].toSorted(),
    );
  });

  test("adds nothing of the same run", async () => {
    const { journal } = journalOf(exported([ownership()], [now]));
    await journal.track(creatingA, async () => {
      expect(shown(await journal.atCreate(creatingA))).toEqual(nothing);
    });
  });

  test("keeps a create until its end is certain", async () => {
    const { journal, endRun } = journalOf({});
    const tokens = () => journal.logged([mark]).map(({ token: itsToken }) => itsToken);
    expect(
      await journal.track(creatingA, async () => {
        expect(tokens()).toEqual([present]);
        return "created";
      }),
    ).toBe("created");
    // The engine may be killed before it has written what it got.
    expect(tokens()).toEqual([present]);
    endRun();
    expect(tokens()).toEqual([]);
    const refused = journal.track(creatingA, () => Promise.reject(apiError("capacity")));
    await expect(refused).rejects.toMatchObject({ kind: "capacity" });
    expect(tokens()).toEqual([]);
    const unclear = journal.track(creatingA, () => Promise.reject(apiError("ambiguous")));
    await expect(unclear).rejects.toMatchObject({ kind: "ambiguous" });
    expect(tokens()).toEqual([present]);
  });
});

describe("of an object in the state, the journal shows", () => {
  const known = resource("Pod", "a", { id: "p1", token: present });

  test("interrupted creates for its resource, and for others", async () => {
    const state = exported([ownership(), known], [earlier, resource("Pod", "b")]);
    const { journal } = journalOf(state);
    const entries = { own: [token("Pod", "a")], others: [token("Pod", "b")] };
    expect(shown(await journal.at("Pod", "p1"))).toEqual(entries);
    expect(shown(await journal.atStart("Pod", "p1"))).toEqual(entries);
  });

  test("nothing if it is in no state, or in one that cannot be read", async () => {
    for (const state of [exported([ownership()], [earlier]), undefined]) {
      const { journal } = journalOf(state);
      expect(await journal.at("Pod", "p1")).toBeUndefined();
      expect(await journal.atStart("Pod", "p1")).toBeUndefined();
      expect(await journal.stateWith("Pod", "p1")).toBeUndefined();
    }
  });

  test("the first reading to all refreshes, and the current one to others", async () => {
    const { journal, readings } = journalOf(exported([known]), exported([known], [earlier]));
    await Promise.all([journal.atStart("Pod", "p1"), journal.atStart("Pod", "p2")]);
    expect(readings()).toBe(1);
    expect(shown(await journal.at("Pod", "p1"))?.own).toEqual([token("Pod", "a")]);
  });

  test("the whole state", async () => {
    const { journal } = journalOf(exported([ownership(), known]));
    const state = await journal.stateWith("Ownership", OWNER);
    expect(state?.shares.flatMap((share) => share.known).map(({ id }) => id)).toEqual([
      OWNER,
      "p1",
    ]);
  });
});

test("readings run one after the other: requests during one share the next", async () => {
  const endings: (() => void)[] = [];
  const state = exported([ownership(), resource("Pod", "a", { id: "p1" })]);
  const journal = new Journal(
    () => new Promise((resolve) => endings.push(() => resolve(readState(state)))),
    new CreateLog(folder),
    new ManualClock(),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = journal.at("Pod", "p1");
  await turn();
  const others = ["p1", "p2", "p3"].map(async (id, index) => {
    for (let wait = 0; wait < index; wait++) {
      await turn();
    }
    return journal.at("Pod", id);
  });
  for (let wait = 0; wait < 4; wait++) {
    await turn();
  }
  expect(endings).toHaveLength(1);
  endings[0]?.();
  expect(shown(await first)).toEqual(nothing);
  await turn();
  expect(endings).toHaveLength(2);
  endings[1]?.();
  expect((await Promise.all(others)).map(shown)).toEqual([nothing, undefined, undefined]);
});

test("the create of a resource is identified by its token, and without one there is none", () => {
  const inputs = { __token: present, __logicalName: "a", name: "llm" };
  expect(creating("Pod", inputs)).toEqual({ ...creatingA, name: "llm" });
  expect(creating("Pod", { ...inputs, __token: undefined })).toBeUndefined();
});

test("pending creates are those of all providers, and of kinds that leave something", () => {
  const provider = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research::1f1f";
  const pending = [
    resource("Pod", "a"),
    resource("Template", "t", { provider }),
    resource("PodEndpoint", "e"),
  ];
  expect(pendingOf(readState(exported([], pending))).map((entry) => entry.urn)).toEqual([
    urn("Pod", "a"),
    urn("Template", "t"),
  ]);
});
