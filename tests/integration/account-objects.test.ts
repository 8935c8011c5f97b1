import type { Values } from "@runpod-stack/provider/schema";
import {
  COLLECTIONS,
  type FaultScene,
  inputsOf,
  type StoredKind,
  startFaultScene,
} from "../support/faults";

/*
 * What all kinds have in common that RunPod knows by a name only. Their peculiarities are in separate
 * files.
 */

type NamedKind = Exclude<
  StoredKind,
  "Pod" | "ServerlessEndpoint" | "Volume" | "Template" | "Cluster"
>;

interface Facts {
  /** Inputs that choose the object's name. */
  readonly chosen: Values;
  /** The body that makes an object with that name, outside of the stack. */
  readonly foreign: Values;
  /** What a second edition of the inputs does. */
  readonly step: "updated" | "replaced";
  /** A change that someone makes elsewhere. */
  readonly elsewhere?: Values;
  /** Whether several objects can have one name. */
  readonly sharesNames: boolean;
  /** Inputs that an import file would have. */
  readonly imported: Values;
}

const ARN = "arn:aws:ecr:us-east-1:123456789012:repository/e1";

const facts: Record<NamedKind, Facts> = {
  Secret: {
    chosen: { name: "chosen", value: "secret value 1" },
    foreign: { name: "chosen", value: "theirs" },
    step: "updated",
    elsewhere: { description: "changed" },
    sharesNames: false,
    imported: { name: "chosen", value: "theirs" },
  },
  RegistryAuth: {
    chosen: { name: "chosen", ...inputsOf("RegistryAuth") },
    foreign: { name: "chosen", username: "u", password: "theirs" },
    step: "replaced",
    sharesNames: true,
    imported: { name: "chosen", username: "u", password: "theirs" },
  },
  EcrDelegation: {
    chosen: { name: "chosen", resourceArn: ARN },
    foreign: { name: "chosen", resource: ARN },
    step: "replaced",
    sharesNames: true,
    imported: { name: "chosen", resourceArn: ARN },
  },
  Tag: {
    chosen: inputsOf("Tag"),
    foreign: { key: "edition", value: "1" },
    step: "updated",
    elsewhere: { value: "changed" },
    sharesNames: false,
    imported: inputsOf("Tag"),
  },
  GlobalVolume: {
    chosen: { name: "chosen" },
    foreign: { name: "chosen" },
    step: "updated",
    elsewhere: { name: "changed" },
    sharesNames: true,
    imported: { name: "chosen" },
  },
  CostCenter: {
    chosen: inputsOf("CostCenter"),
    foreign: { value: "Edition 1" },
    step: "updated",
    elsewhere: { value: "changed" },
    sharesNames: false,
    imported: inputsOf("CostCenter"),
  },
};

// Lookups after a lost answer take their time.
jest.setTimeout(60_000);

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
// The plugin still knows what it has just written.
afterEach(async () => {
  await scene.emulator.reset();
  scene.state.clearPending();
  await scene.kill();
});
afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await scene.emulator.call(method, path, body);
  expect([answer.status, answer.body]).not.toEqual([answer.status >= 400, expect.anything()]);
  return answer.body;
};
const writes = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method !== "GET");

describe.each(Object.entries(facts) as [NamedKind, Facts][])("a %s", (kind, fact) => {
  const route = COLLECTIONS[kind];
  const creation = { method: "POST", path: `^${route}$`, times: 1 };

  test("is created, read, changed and deleted", async () => {
    const resource = scene.resource(kind, "it");
    expect(await resource.up(inputsOf(kind, 1))).toBe("created");
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up(inputsOf(kind, 1))).toBe("unchanged");
    const { id } = resource;
    expect(await resource.up(inputsOf(kind, 2))).toBe(fact.step);
    expect(resource.id === id).toBe(fact.step !== "replaced");
    expect(await resource.refresh()).toBe(true);
    expect(await scene.live(kind)).toMatchObject([{ id: resource.id }]);
    await resource.destroy();
    expect(await scene.live(kind)).toEqual([]);
  });

  test.each(["reset:after", "reset:before"])(
    "is created once if the answer is lost (%s)",
    async (fault) => {
      await scene.emulator.fault(fault, creation);
      const resource = scene.resource(kind, "it");
      await resource.up(inputsOf(kind));
      expect(await scene.live(kind)).toMatchObject([{ id: resource.id }]);
      await resource.destroy();
      expect(await scene.live(kind)).toEqual([]);
    },
  );

  test("is not taken for gone while lists lag behind its creation", async () => {
    await scene.emulator.fault("lag:400:all", creation);
    const resource = scene.resource(kind, "it");
    await resource.up(inputsOf(kind));
    await scene.kill();
    expect(await resource.refresh()).toBe(true);
    await resource.destroy();
  });

  test("leaves an object with its name alone", async () => {
    const { id } = await call("POST", route, fact.foreign);
    await scene.emulator.clearRequests();
    const resource = scene.resource(kind, "it");
    await expect(resource.up(fact.chosen)).rejects.toThrow(
      `the account already has one with that name (${id}), which is not in this stack.`,
    );
    expect(await writes()).toEqual([]);
    if (fact.sharesNames) {
      expect(await resource.up({ ...fact.chosen, allowDuplicateName: true })).toBe("created");
      await resource.destroy();
    }
    expect(await scene.live(kind)).toMatchObject([{ id }]);
  });

  test("is recreated if it was deleted elsewhere", async () => {
    const resource = scene.resource(kind, "it");
    await resource.up(inputsOf(kind));
    await call("DELETE", `${route}/${resource.id}`);
    await scene.pass(70);
    expect(await resource.refresh()).toBe(false);
    expect(resource.state).toBeUndefined();
    expect(await resource.up(inputsOf(kind))).toBe("created");
    await resource.destroy();
  });

  test("that was imported stays as it is, and is deleted like any other", async () => {
    const { id } = await call("POST", route, fact.foreign);
    await scene.emulator.clearRequests();
    const resource = scene.resource(kind, "it");
    const { imported } = fact;
    resource.state = { id, inputs: imported, outputs: imported, unfinished: false };
    expect(await resource.up(imported)).toBe("unchanged");
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up(imported)).toBe("unchanged");
    expect(await writes()).toEqual([]);
    await resource.destroy();
    expect(await scene.live(kind)).toEqual([]);
  });

  // What costs nothing and may be anyone's holds no destroy up.
  const isNamed = fact.sharesNames || kind === "Secret";
  test(`is ${isNamed ? "" : "not "}named by the last lookup if an interrupted run lost it`, async () => {
    const owner = "00112233445566778899aabbccddeeff";
    const id = await scene.resource(kind, "it", owner).cutOff(inputsOf(kind));
    await scene.kill();
    const text = (await scene.disown(owner)) ?? "";
    expect(text.includes(` ${id} '`)).toBe(isNamed);
  });

  const { elsewhere } = fact;
  if (elsewhere !== undefined) {
    test("shows what was changed elsewhere, and is changed back", async () => {
      const inputs = { description: "mine", ...fact.chosen };
      const own = kind === "Secret" ? inputs : fact.chosen;
      const resource = scene.resource(kind, "it");
      await resource.up(own);
      await call("PATCH", `${route}/${resource.id}`, elsewhere);
      await scene.pass(6);
      expect(await resource.refresh()).toBe(false);
      expect(await resource.up(own)).toBe("updated");
      await scene.pass(6);
      expect(await resource.refresh()).toBe(true);
      await resource.destroy();
    });
  }
});

describe.each(["Secret", "EcrDelegation", "GlobalVolume"] as const)(
  "a %s whose create was interrupted",
  (kind) => {
    test("is adopted by the next run", async () => {
      const resource = scene.resource(kind, "it");
      const id = await resource.cutOff(inputsOf(kind));
      await scene.kill();
      await resource.up(inputsOf(kind));
      expect(resource.id).toBe(id);
      expect(await scene.live(kind)).toHaveLength(1);
      expect(await resource.refresh()).toBe(true);
    });
  },
);

test("credentials whose create was interrupted are deleted, since nothing shows what they are", async () => {
  const resource = scene.resource("RegistryAuth", "it");
  const lost = await resource.cutOff(inputsOf("RegistryAuth", 1));
  await scene.kill();
  await resource.up(inputsOf("RegistryAuth", 2));
  expect(resource.id).not.toBe(lost);
  expect(await scene.live("RegistryAuth")).toMatchObject([{ id: resource.id }]);
});

test.each(["Tag", "CostCenter"] as const)(
  "a %s whose create was interrupted is not adopted: its name may be anyone's",
  async (kind) => {
    const resource = scene.resource(kind, "it");
    const lost = await resource.cutOff(inputsOf(kind));
    await scene.kill();
    await expect(resource.up(inputsOf(kind))).rejects.toThrow(
      "An interrupted run of this stack may have created it: run `npx -p @runpod-stack/provider runpod-stack recover`",
    );
    expect(await scene.live(kind)).toMatchObject([{ id: lost }]);
  },
);

test("an object that was replaced elsewhere is not taken from another account", async () => {
  for (const kind of ["Secret", "Tag", "GlobalVolume"] as const) {
    const resource = scene.resource(kind, "it");
    await resource.up(inputsOf(kind));
    const { state } = resource;
    await scene.pass(70);
    await scene.emulator.call("DELETE", `${COLLECTIONS[kind]}/${resource.id}`);
    const outputs = { ...state?.outputs };
    const other = JSON.stringify(outputs).replaceAll(/[0-9a-f]{8}@http/g, "00000000@http");
    resource.state = { ...state, outputs: JSON.parse(other) } as typeof resource.state;
    await expect(resource.destroy()).rejects.toThrow("was not found, but that is inconclusive");
  }
});
