import { hourlyPrice } from "@runpod-stack/models";
import { type Deletions, findingsOf } from "../../../../provider/src/cli/recover/findings";
import type { Listing } from "../../../../provider/src/cli/recover/live";
import { markedName } from "../../../../provider/src/core/mark";
import { readState } from "../../../../provider/src/handlers/lifecycle/stack-state";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  resource,
  STRANGER,
  token,
} from "../../../support/exported-state";
import { endpoint } from "../../api/fixtures";
import { cluster, listing, pod, template, volume } from "./support";

function foundIn(state: object, account: Partial<Listing>, deletions: Partial<Deletions> = {}) {
  const read = readState(state);
  const [share] = read.shares;
  if (share === undefined) {
    throw new Error("the state holds nothing of RunPod's");
  }
  return findingsOf(read, share, listing(account), { adoptable: false, ids: [], ...deletions });
}

function find(...given: Parameters<typeof foundIn>) {
  const { objects, unseen } = foundIn(...given);
  return {
    objects: objects.map(({ id, action, reason }) => `${action} ${id}: ${reason}`),
    unseen: unseen.map(({ urn }) => urn?.split("::").at(-1)),
  };
}

const all = { adoptable: true };
const a = token("Pod", "a");
const itsName = markedName("a", a);
const podA = (id: string, changes: Parameters<typeof pod>[2] = {}) =>
  pod(id, a, { name: itsName, ...changes });
const creatingA = exported([ownership()], [resource("Pod", "a")]);
const knowingA = exported([ownership(), resource("Pod", "a", { id: "p1" })]);
const nothing = { objects: [], unseen: [] };
const KEPT = "not in this state: kept, moved or copied on purpose, or lost";
const ADOPTED = "the next `pulumi up` adopts it";
const NAMESAKE = "has the name of a pending create, but nothing proves whose it is";

describe("a pod that a pending create proves", () => {
  test("is kept for the next `pulumi up`", () => {
    expect(find(creatingA, { pods: [podA("p1")] })).toEqual({
      objects: [`keep p1: ${ADOPTED}`],
      unseen: [],
    });
  });

  test("is deleted if everything is to be deleted", () => {
    expect(find(creatingA, { pods: [podA("p1")] }, all).objects).toEqual([
      "delete p1: an interrupted run created it",
    ]);
  });

  test("belongs to each resource if only this machine's log has the creates", () => {
    const read = readState(exported([ownership()]));
    const [share] = read.shares;
    if (share === undefined) {
      throw new Error("there is no share");
    }
    const pending = ["a", "b"].map((name) => ({
      urn: undefined,
      id: undefined,
      account: undefined,
      kind: "Pod" as const,
      logicalName: name,
      token: token("Pod", name),
      name: markedName(name, token("Pod", name)),
    }));
    const pods = pending.map((entry) => pod(entry.logicalName, entry.token, { name: entry.name }));
    const { objects } = findingsOf(read, { ...share, pending }, listing({ pods }), {
      adoptable: false,
      ids: [],
    });
    expect(objects).toMatchObject([
      { id: "a", action: "keep" },
      { id: "b", action: "keep" },
    ]);
  });

  test("is proven even if the stack's identity has left the state", () => {
    const state = exported([], [resource("Pod", "a")]);
    expect(find(state, { pods: [podA("p1")] }).objects).toEqual([`keep p1: ${ADOPTED}`]);
  });

  test("is not a finding once it is in the state, or terminated", () => {
    expect(find(knowingA, { pods: [podA("p1")] })).toEqual(nothing);
    const pods = [podA("p1", { status: "TERMINATED" })];
    expect(find(creatingA, { pods })).toEqual({ objects: [], unseen: ["a"] });
  });

  test("is found if another resource type of the state has the same id", () => {
    const state = exported(
      [ownership(), resource("PodEndpoint", "llm", { id: "p1" })],
      [resource("Pod", "a")],
    );
    expect(find(state, { pods: [podA("p1")] }).objects).toEqual([`keep p1: ${ADOPTED}`]);
  });

  test("is the oldest, and others of the same resource are deleted, whatever their run", () => {
    const again = token("Pod", "a", OWNER, "cccccccc");
    const state = exported(
      [ownership()],
      [resource("Pod", "a"), resource("Pod", "a", { token: again })],
    );
    const pods = [
      pod("young", again, {
        name: markedName("a", again),
        createdAt: "2026-11-23T09:00:05Z",
      }),
      podA("old"),
    ];
    expect(find(state, { pods }).objects).toEqual([
      `keep old: ${ADOPTED}`,
      "delete young: a duplicate of old",
    ]);
  });

  test("is the new one of an interrupted replacement", () => {
    const replacing = exported(
      [
        ownership(),
        resource("Pod", "a", { id: "gone", token: token("Pod", "a", OWNER, "dddddddd") }),
      ],
      [resource("Pod", "a")],
    );
    expect(find(replacing, { pods: [podA("p2")] }).objects).toEqual([`keep p2: ${ADOPTED}`]);
  });
});

describe("a pod with the stack mark that nothing proves to be lost", () => {
  const pods = [podA("p1")];

  test("is to be checked: it may have been kept, moved or cloned", () => {
    for (const deletions of [{}, all]) {
      expect(find(exported([ownership()]), { pods }, deletions).objects).toEqual([
        `check p1: ${KEPT}`,
      ]);
    }
  });

  test("is to be checked also while another resource's create is pending", () => {
    const state = exported([ownership()], [resource("Pod", "b")]);
    expect(find(state, { pods })).toEqual({ objects: [`check p1: ${KEPT}`], unseen: ["b"] });
  });

  test("is to be checked if it is a copy of a pod in the state, with the same token", () => {
    expect(find(knowingA, { pods: [...pods, podA("clone")] }).objects).toEqual([
      `check clone: ${KEPT}`,
    ]);
  });

  test("is to be checked once it was adopted and removed, because it has another name since", () => {
    expect(find(creatingA, { pods: [podA("p1", { name: "a-renamed" })] })).toEqual({
      objects: [`check p1: ${KEPT}`],
      unseen: [],
    });
  });

  test("is deleted if its id is given", () => {
    const both = { pods: [podA("p1"), podA("p2")] };
    expect(find(exported([ownership()]), both, { ids: ["p2", "no-such"] }).objects).toEqual([
      `check p1: ${KEPT}`,
      "delete p2: selected with --delete",
    ]);
  });

  test("does not include what is kept, even if its id is given: `pulumi up` would create it again", () => {
    expect(find(creatingA, { pods }, { ids: ["p1"] }).objects).toEqual([`keep p1: ${ADOPTED}`]);
  });
});

describe("a pod with the token of an older release", () => {
  const old = legacyToken("Pod", "a");
  const creating = exported([ownership()], [resource("Pod", "a", { token: old })]);

  test("is to be checked, and its pending create must not be cleared before", () => {
    const account = { pods: [pod("p1", old, { name: "renamed" })] };
    for (const deletions of [{}, all]) {
      const { objects, unseen } = foundIn(creating, account, deletions);
      expect(objects).toMatchObject([
        {
          id: "p1",
          action: "check",
          reason: "an interrupted run may have created it",
          isPending: true,
        },
      ]);
      expect(unseen).toEqual([]);
    }
    expect(find(creating, account, { ids: ["p1"] }).objects).toEqual([
      "delete p1: selected with --delete",
    ]);
  });

  test("is to be checked by its mark alone where no create is pending", () => {
    const { objects } = foundIn(exported([ownership()]), { pods: [pod("p1", old)] });
    expect(objects).toMatchObject([{ action: "check", reason: KEPT, isPending: false }]);
  });
});

describe("an object without an environment", () => {
  const name = markedName("cache", token("Volume", "cache"));
  const creating = exported([ownership()], [resource("Volume", "cache")]);

  test("is proven by its automatic name", () => {
    expect(find(creating, { volumes: [volume("v1", name)] }).objects).toEqual([
      `keep v1: ${ADOPTED}`,
    ]);
    const known = exported([ownership(), resource("Volume", "cache", { id: "v1" })]);
    expect(find(known, { volumes: [volume("v1", name)] })).toEqual(nothing);
  });

  test("is shown with the price of all its pods if it is a cluster", () => {
    const lost = markedName("train", token("Cluster", "train"));
    const state = exported([ownership()], [resource("Cluster", "train")]);
    const { objects } = foundIn(state, { clusters: [cluster("c1", lost)] });
    const price = hourlyPrice({ gpuTypeIds: ["NVIDIA H100 80GB HBM3"], gpuCount: 16 })?.perHour;
    expect(objects).toMatchObject([
      { kind: "Cluster", id: "c1", action: "keep", costPerHr: price },
    ]);
  });

  test("is proven for its kind: a template is not a volume of the same name", () => {
    expect(find(creating, { templates: [template("t1", name)] })).toEqual({
      objects: [`check t1: ${KEPT}`],
      unseen: ["cache"],
    });
  });

  test("is to be checked if only its mark shows it", () => {
    const account = { volumes: [volume("v1", name)], templates: [template("t1", name)] };
    for (const deletions of [{}, all]) {
      expect(find(exported([ownership()]), account, deletions).objects).toEqual([
        `check v1: ${KEPT}`,
        `check t1: ${KEPT}`,
      ]);
    }
  });

  test("is to be checked if an older release made its name twice", () => {
    const old = legacyToken("Volume", "cache");
    const state = exported([ownership()], [resource("Volume", "cache", { token: old })]);
    const name = markedName("cache", old);
    expect(find(state, { volumes: [volume("v1", name)] }).objects).toEqual([`keep v1: ${ADOPTED}`]);
    expect(find(state, { volumes: [volume("v1", name), volume("v2", name)] })).toEqual({
      objects: [
        "check v1: an interrupted run may have created it",
        "check v2: an interrupted run may have created it",
      ],
      unseen: [],
    });
  });

  test("is to be checked if the program chose its name: it may be anyone's", () => {
    const chosen = exported(
      [ownership()],
      [resource("Volume", "cache", { inputs: { name: "models" } })],
    );
    const volumes = [volume("v1", "models"), volume("v2", "other")];
    for (const deletions of [{}, all]) {
      expect(find(chosen, { volumes }, deletions)).toEqual({
        objects: [`check v1: ${NAMESAKE}`],
        unseen: [],
      });
    }
    expect(find(chosen, { volumes }, { ids: ["v1", "v2"] }).objects).toEqual([
      "delete v1: selected with --delete",
    ]);
    expect(find(chosen, {}).unseen).toEqual(["cache"]);
  });
});

test("a pod that should not get a token is to be checked, unless it belongs to a stack", () => {
  const creating = exported(
    [ownership()],
    [resource("Pod", "a", { inputs: { name: "a", __token: undefined } })],
  );
  const pods = [
    pod("p1", undefined, { name: "a" }),
    pod("p2", token("Pod", "a", STRANGER), { name: "a" }),
  ];
  expect(find(creating, { pods }).objects).toEqual([`check p1: ${NAMESAKE}`]);
});

test("an object without the stack mark is never a finding", () => {
  const strange = token("Pod", "a", STRANGER);
  const account = {
    pods: [pod("p1", strange), pod("p2", undefined), pod("p3", "something else")],
    volumes: [volume("v1", "cache"), volume("v2", markedName("cache", strange))],
    templates: [template("t1", markedName("cache", strange))],
  };
  for (const deletions of [{}, all, { ids: ["p1", "p2", "p3", "v1", "v2", "t1"] }]) {
    expect(find(knowingA, account, deletions)).toEqual(nothing);
  }
});

test("an object of another account of the same stack is not a finding", () => {
  const provider = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research::1f1f";
  const state = exported([
    ownership(),
    resource("Ownership", "runpod-research", { id: STRANGER, provider }),
    resource("Pod", "a", { id: "p1", provider }),
  ]);
  expect(find(state, { pods: [podA("p1")] })).toEqual(nothing);
});

test("an interrupted create of an endpoint or an identity leaves nothing to find", () => {
  const pending = [resource("PodEndpoint", "llm"), resource("Ownership", "runpod")];
  expect(find(exported([ownership()], pending), {})).toEqual(nothing);
});

describe("a serverless endpoint", () => {
  const itsToken = token("ServerlessEndpoint", "e");
  const found = {
    ...endpoint,
    name: markedName("e", itsToken),
    workers: { min: 2, max: 3 },
    env: { RUNPOD_STACK_TOKEN: itsToken },
  };
  const creating = exported([ownership()], [resource("ServerlessEndpoint", "e")]);

  test("that a pending create proves is kept, with the price of its always-on workers", () => {
    const { objects } = foundIn(creating, { endpoints: [found] });
    expect(objects).toMatchObject([
      { kind: "ServerlessEndpoint", id: "ep1", action: "keep", costPerHr: 2 * 1.116 },
    ]);
  });

  test("with the stack mark alone is to be checked", () => {
    expect(find(knowingA, { endpoints: [found] }).objects).toEqual([`check ep1: ${KEPT}`]);
  });

  test("brings a template of RunPod's own, which is no finding", () => {
    const bound = { ...template("t1", found.name), serverless: true };
    const account = { endpoints: [found], templates: [bound] };
    expect(find(creating, account).objects).toEqual([`keep ep1: ${ADOPTED}`]);
  });
});
