import { findingsOf } from "../../../../provider/src/cli/recover/findings";
import type { Listing } from "../../../../provider/src/cli/recover/live";
import { readState } from "../../../../provider/src/cli/recover/state";
import { markedName } from "../../../../provider/src/core/mark";
import {
  exported,
  listing,
  ownership,
  pod,
  resource,
  STRANGER,
  template,
  token,
  volume,
} from "./support";

function find(state: object, account: Partial<Listing>, deleteAll = false) {
  const read = readState(state);
  const [share] = read.shares;
  if (share === undefined) throw new Error("the state holds nothing of RunPod's");
  const { objects, unseen } = findingsOf(read, share, listing(account), deleteAll);
  return {
    objects: objects.map(({ id, action, reason }) => `${action} ${id}: ${reason}`),
    unseen: unseen.map(({ urn }) => urn.split("::").at(-1)),
  };
}

const a = token("Pod", "a");
const creatingA = exported([ownership()], [resource("Pod", "a")]);
const knowingA = exported([ownership(), resource("Pod", "a", { id: "p1" })]);
const nothing = { objects: [], unseen: [] };

describe("a pod that carries the stack's mark", () => {
  test("is no finding while the state knows it", () => {
    expect(find(knowingA, { pods: [pod("p1", a)] })).toEqual(nothing);
  });

  test("is kept for the next `pulumi up` if a pending create is its own", () => {
    expect(find(creatingA, { pods: [pod("p1", a)] })).toEqual({
      objects: ["keep p1: the next `pulumi up` adopts it"],
      unseen: [],
    });
  });

  test("is deleted all the same where everything is to go", () => {
    expect(find(creatingA, { pods: [pod("p1", a)] }, true).objects).toEqual([
      "delete p1: not in the state",
    ]);
  });

  test("is deleted if no pending create is its own", () => {
    const state = exported([ownership()], [resource("Pod", "b")]);
    expect(find(state, { pods: [pod("p1", a)] })).toEqual({
      objects: ["delete p1: not in the state"],
      unseen: ["b"],
    });
  });

  test("is deleted if its owner has left the state: the next `pulumi up` has another mark", () => {
    const state = exported([], [resource("Pod", "a")]);
    expect(find(state, { pods: [pod("p1", a)] }).objects).toEqual(["delete p1: not in the state"]);
  });

  test("is no finding once it is terminated", () => {
    const pods = [pod("p1", a, { status: "TERMINATED" })];
    expect(find(creatingA, { pods })).toEqual({ objects: [], unseen: ["a"] });
  });

  test("is found again where another resource type of the state has the same id", () => {
    const state = exported([ownership(), resource("PodEndpoint", "llm", { id: "p1" })]);
    expect(find(state, { pods: [pod("p1", a)] }).objects).toEqual(["delete p1: not in the state"]);
  });
});

describe("two pods with one token", () => {
  test("the one in the state stays, and the other is deleted, also if a create is still pending", () => {
    const pods = [pod("p2", a), pod("p1", a)];
    const twin = "delete p2: a second one beside p1";
    expect(find(knowingA, { pods })).toEqual({ objects: [twin], unseen: [] });
    const settled = exported(
      [ownership(), resource("Pod", "a", { id: "p1" })],
      [resource("Pod", "a")],
    );
    expect(find(settled, { pods })).toEqual({ objects: [twin], unseen: [] });
  });

  test("the older one is kept for the next `pulumi up` if the state knows neither", () => {
    const pods = [
      pod("young", a, { createdAt: "2026-11-23T09:00:05Z" }),
      pod("old", a, { createdAt: "2026-11-23T09:00:00Z" }),
    ];
    expect(find(creatingA, { pods }).objects).toEqual([
      "keep old: the next `pulumi up` adopts it",
      "delete young: a second one beside old",
    ]);
  });

  test("the new one is kept if the state's own is gone, as in a replacement that was cut off", () => {
    const replacing = exported(
      [ownership(), resource("Pod", "a", { id: "gone" })],
      [resource("Pod", "a")],
    );
    expect(find(replacing, { pods: [pod("p2", a)] }).objects).toEqual([
      "keep p2: the next `pulumi up` adopts it",
    ]);
  });
});

describe("what has no place for a token", () => {
  const name = markedName("cache", token("Volume", "cache"));

  test("is known by its automatic name", () => {
    const creating = exported([ownership()], [resource("Volume", "cache")]);
    expect(find(creating, { volumes: [volume("v1", name)] }).objects).toEqual([
      "keep v1: the next `pulumi up` adopts it",
    ]);
    expect(find(knowingA, { templates: [template("t1", name)] }).objects).toEqual([
      "delete t1: not in the state",
    ]);
    const known = exported([ownership(), resource("Volume", "cache", { id: "v1" })]);
    expect(find(known, { volumes: [volume("v1", name)] })).toEqual(nothing);
  });

  test("is never deleted unasked if it is a volume: it may hold data", () => {
    const volumes = [volume("v1", name), volume("v2", name)];
    expect(find(knowingA, { volumes }).objects).toEqual([
      "check v1: not in the state; it may hold data, and only --delete deletes it",
      "check v2: a second one beside v1; it may hold data, and only --delete deletes it",
    ]);
    expect(find(knowingA, { volumes }, true).objects).toEqual([
      "delete v1: not in the state; its content is lost",
      "delete v2: a second one beside v1; its content is lost",
    ]);
  });

  test("is told by kind: a template is not a volume of the same name", () => {
    const creating = exported([ownership()], [resource("Volume", "cache")]);
    expect(find(creating, { templates: [template("t1", name)] })).toEqual({
      objects: ["delete t1: not in the state"],
      unseen: ["cache"],
    });
  });

  test("is only shown if the program chose its name: it may be anyone's", () => {
    const creating = exported(
      [ownership()],
      [resource("Volume", "cache", { inputs: { name: "models" } })],
    );
    const volumes = [volume("v1", "models"), volume("v2", "other")];
    for (const deleteAll of [false, true]) {
      expect(find(creating, { volumes }, deleteAll)).toEqual({
        objects: ["check v1: named as a pending create; nothing tells whose it is"],
        unseen: [],
      });
    }
    expect(find(creating, {}).unseen).toEqual(["cache"]);
  });
});

test("a pod that was to get no token is only shown, and none that is some stack's", () => {
  const creating = exported(
    [ownership()],
    [resource("Pod", "a", { inputs: { name: "a", __token: undefined } })],
  );
  const pods = [
    pod("p1", undefined, { name: "a" }),
    pod("p2", token("Pod", "a", STRANGER), { name: "a" }),
  ];
  expect(find(creating, { pods }).objects).toEqual([
    "check p1: named as a pending create; nothing tells whose it is",
  ]);
});

test("what does not carry the stack's mark is never a finding", () => {
  const strange = token("Pod", "a", STRANGER);
  const account = {
    pods: [pod("p1", strange), pod("p2", undefined), pod("p3", "something else")],
    volumes: [volume("v1", "cache"), volume("v2", markedName("cache", strange))],
    templates: [template("t1", markedName("cache", strange))],
  };
  for (const deleteAll of [false, true]) {
    expect(find(knowingA, account, deleteAll)).toEqual(nothing);
  }
});

test("what another account of the same stack knows is no finding here", () => {
  const provider = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research::1f1f";
  const state = exported([
    ownership(),
    resource("Ownership", "runpod-research", { id: STRANGER, provider }),
    resource("Pod", "a", { id: "p1", provider }),
  ]);
  expect(find(state, { pods: [pod("p1", a)] })).toEqual(nothing);
});

test("an endpoint or an owner that was being created leaves nothing to look for", () => {
  const pending = [resource("PodEndpoint", "llm"), resource("Ownership", "runpod")];
  expect(find(exported([ownership()], pending), {})).toEqual(nothing);
});
