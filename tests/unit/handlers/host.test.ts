import { z } from "zod";
import { type Handler, PartialFailure } from "../../../provider/src/handlers/handler";
import { hostHandler } from "../../../provider/src/handlers/host";
import { type FieldTable, handlerLine, seal, type Values } from "../../../provider/src/schema";
import { fakeScene } from "./fake-context";

interface Inputs {
  name?: string;
  env?: Record<string, string>;
}

const any = z.any();
const table: FieldTable<Inputs> = {
  name: { value: any, change: "update", removal: "change" },
  env: { value: any, change: "restart", removal: "clear", cleared: {}, secret: "values" },
};
const LINE = handlerLine("Pod");
const SECRET = "correct horse battery staple";

/** A host around a handler that succeeds in everything but what the test says. */
function host(parts: Partial<Handler> = {}) {
  const { context, said } = fakeScene();
  const named = new Set<string>();
  const handler: Handler = {
    check: (_, given) => ({ inputs: given, problems: [] }),
    diff: () => ({ changed: [], replaces: [] }),
    create: async (_, inputs) => ({ id: "pod1", outputs: inputs }),
    read: async (_, __, outputs) => ({ inputs: outputs, outputs }),
    update: async (_, __, ___, inputs) => inputs,
    delete: async () => {},
    ...parts,
  };
  const process = {
    configure: () => {},
    context: async () => context,
    named,
    say: (line: string) => said.push(line),
  };
  const provider = hostHandler(handler, table, process) as unknown as Record<
    "check" | "diff" | "create" | "read" | "update" | "delete",
    (...values: unknown[]) => Promise<Values>
  >;
  return { provider, said, named };
}

/** What an operation ends with that throws. */
async function thrown(operation: () => Promise<unknown>): Promise<Error & Values> {
  return operation().then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error) => error,
  );
}

describe("values", () => {
  test("reach the handler unsealed and without the line that led here", async () => {
    const seen: unknown[] = [];
    const { provider } = host({
      create: async (_, inputs) => {
        seen.push(inputs);
        return { id: "pod1", outputs: inputs };
      },
    });
    await provider.create({ name: "a", env: { KEY: seal(SECRET) }, __provider: LINE });
    expect(seen).toEqual([{ name: "a", env: { KEY: SECRET } }]);
  });

  test("leave sealed and without anything undefined, for which the engine has no word", async () => {
    const outputs = { name: undefined, env: { KEY: SECRET }, list: [{ a: undefined, b: null }] };
    const { provider } = host({
      create: async () => ({ id: "pod1", outputs }),
      update: async () => outputs,
      read: async () => ({ inputs: outputs, outputs }),
    });
    const sealed = { env: { KEY: seal(SECRET) }, list: [{ b: null }] };
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
    const [created, updated, read] = [
      await provider.create({}),
      await provider.update("pod1", {}, {}),
      await provider.read("pod1", {}),
    ];
    expect(created["outs"]).toStrictEqual(plain(sealed));
    expect(updated["outs"]).toStrictEqual(plain(sealed));
    expect(read).toStrictEqual({ id: "pod1", props: plain(sealed), inputs: plain(sealed) });
  });

  test("of an object that is gone are none", async () => {
    const { provider } = host({ read: async () => undefined });
    expect(await provider.read("pod1", {})).toEqual({});
  });
});

describe("a difference", () => {
  test("that is none is told as such; any other is left to the engine to detail", async () => {
    expect(await host().provider.diff("pod1", {}, {})).toEqual({ changes: false });
    const { provider } = host({
      diff: () => ({ changed: ["env", "name"], replaces: ["name"], deleteBeforeReplace: true }),
    });
    expect(await provider.diff("pod1", {}, {})).toEqual({
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });

  test("warns after a check of the very inputs, once, and not in a refresh", async () => {
    const { provider, said } = host({
      check: (_, given) => ({ inputs: { ...given, size: undefined }, problems: [] }),
      diff: () => ({ changed: ["name"], replaces: [], warnings: ["it restarts"] }),
    });
    const given = { name: "a", env: { B: "2", A: "1" }, __provider: LINE };
    await provider.diff("pod1", {}, given);
    expect(said).toEqual([]);
    const { inputs } = await provider.check({}, given);
    await provider.diff("pod1", {}, { ...given, name: "b" });
    expect(said).toEqual([]);
    await provider.diff("pod1", {}, { ...(inputs as Values), env: { A: seal("1"), B: seal("2") } });
    await provider.diff("pod1", {}, inputs);
    expect(said).toEqual(["warning: it restarts"]);
  });

  test("names its object, which is then never adopted; so do read, update and delete", async () => {
    const { provider, named } = host();
    await provider.diff("a", {}, {});
    await provider.read("b", {});
    await provider.update("c", {}, {});
    await provider.delete("d", {});
    expect([...named]).toEqual(["a", "b", "c", "d"]);
  });
});

describe("a check", () => {
  test("tells its notes, and its problems without the values of inputs", async () => {
    const { provider, said } = host({
      check: (_, given) => ({
        inputs: given,
        problems: [{ field: "env", message: "env.KEY is wrong." }],
        notes: ["data center"],
      }),
    });
    const { failures } = await provider.check({}, { env: { KEY: SECRET } });
    expect(failures).toEqual([{ property: "", reason: "env.KEY is wrong." }]);
    expect(said).toEqual(["note: data center"]);
  });
});

describe("an operation that fails", () => {
  const failing = (error: unknown) => ({
    create: () => Promise.reject(error),
    read: () => Promise.reject(error),
    delete: () => Promise.reject(error),
    check: () => {
      throw error;
    },
  });
  const given = { env: { KEY: seal(SECRET) }, apiKey: "service-key-1", __provider: LINE };

  test("shows its message without secrets and without a stack", async () => {
    const { provider } = host(
      failing(new Error(`told ${SECRET} and service-key-1 and rpa_ABCDEF`)),
    );
    for (const operation of [
      () => provider.create(given),
      () => provider.read("pod1", given),
      () => provider.delete("pod1", given),
      () => provider.check({}, given),
    ]) {
      const error = await thrown(operation);
      expect(error.message).toBe("told [secret] and [secret] and [secret]");
      expect(`${error} ${error.stack}`).not.toMatch(/horse|service-key|at .*\.ts/);
      expect(error).not.toHaveProperty("id");
    }
  });

  test("is told even if what it threw is no error", async () => {
    const { provider } = host(failing("a text"));
    expect((await thrown(() => provider.create(given))).message).toBe("a text");
  });

  test("half-way leaves its object for the state: with the line that leads here, sealed, redacted", async () => {
    const outputs = { name: undefined, env: { KEY: SECRET }, costPerHr: 1 };
    const failure = new PartialFailure("pod1", outputs, [`first ${SECRET}`, "second"]);
    const { provider } = host({ ...failing(failure), update: () => Promise.reject(failure) });
    for (const operation of [
      () => provider.create(given),
      () => provider.update("pod1", {}, given),
    ]) {
      expect(await thrown(operation)).toMatchObject({
        message: "first [secret]\nsecond",
        id: "pod1",
        reasons: ["first [secret]", "second"],
        properties: { env: { KEY: seal(SECRET) }, costPerHr: 1, __provider: LINE },
      });
    }
    const { properties } = await thrown(() => provider.create(given));
    expect(Object.keys(properties as Values)).not.toContain("name");
  });
});
