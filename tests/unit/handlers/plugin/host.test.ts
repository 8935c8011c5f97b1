import { safe, trusted } from "@runpod-stack/kit";
import { z } from "zod";
import type { Asked } from "../../../../provider/src/handlers/lifecycle/account";
import { type Handler, PartialFailure } from "../../../../provider/src/handlers/lifecycle/handler";
import { hostHandler } from "../../../../provider/src/handlers/plugin/host";
import {
  type FieldTable,
  handlerLine,
  seal,
  UNKNOWN,
  unpack,
  type Values,
} from "../../../../provider/src/schema";
import { fakeScene } from "../fake-context";

interface Inputs {
  name?: string;
  env?: Record<string, string>;
  apiKey?: string;
}

const any = z.any();
const table: FieldTable<Inputs> = {
  name: { value: any, change: "update", removal: "change" },
  env: { value: any, change: "restart", removal: "clear", cleared: {}, secret: "values" },
  apiKey: { value: z.string(), change: "update", removal: "change", secret: "whole" },
};
const LINE = handlerLine("Pod");
const SECRET = "correct horse battery staple";

/** A host around a handler that succeeds except as the test defines. */
function host(parts: Partial<Handler<Inputs>> = {}, account?: () => Promise<Asked>) {
  const { context, said, runpod } = fakeScene();
  const handler: Handler<Inputs> = {
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
    account: account ?? (async () => runpod.account),
    context: async () => context,
    say: (line: string) => said.push(line),
  };
  const provider = hostHandler(handler, table, process) as unknown as Record<
    "check" | "diff" | "create" | "read" | "update" | "delete",
    (...values: unknown[]) => Promise<Values>
  >;
  return { provider, said, context };
}

/** The error of an operation. */
async function thrown(operation: () => Promise<unknown>): Promise<Error & Values> {
  return operation().then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error) => error,
  );
}

describe("values", () => {
  test("reach the handler unsealed and without the __provider line", async () => {
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

  test("are returned without half characters, at which the engine's encoding would break off", async () => {
    const outputs = { name: "a\ud83d", list: [{ "\ude80b": "\u{1f680}" }] };
    const { provider } = host({ create: async () => ({ id: "pod1", outputs }) });
    const { outs } = await provider.create({});
    expect(outs).toEqual({ name: "a\ufffd", list: [{ "\ufffdb": "\u{1f680}" }] });
  });

  test("leave sealed and without undefined, which the engine cannot represent", async () => {
    const outputs = { name: undefined, env: { KEY: SECRET }, list: [{ a: undefined, b: null }] };
    const { provider } = host({
      create: async () => ({ id: "pod1", outputs }),
      update: async () => outputs,
      read: async () => ({ inputs: outputs, outputs }),
    });
    const inputs = { env: { KEY: seal(SECRET) }, list: [{ b: null }] };
    const stored = { env: seal({ KEY: SECRET }), list: [{ b: null }] };
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
    const [created, updated, read] = [
      await provider.create({}),
      await provider.update("pod1", {}, {}),
      await provider.read("pod1", {}),
    ];
    expect(created["outs"]).toStrictEqual(plain(stored));
    expect(updated["outs"]).toStrictEqual(plain(stored));
    expect(read).toStrictEqual({ id: "pod1", props: plain(stored), inputs: plain(inputs) });
  });

  test("of an object that is gone are empty", async () => {
    const { provider } = host({ read: async () => undefined });
    expect(await provider.read("pod1", {})).toEqual({});
  });
});

describe("a difference", () => {
  test("that is empty is reported as none; the engine details any other", async () => {
    expect(await host().provider.diff("pod1", {}, {})).toEqual({ changes: false });
    const { provider } = host({
      diff: () => ({ changed: ["env", "name"], replaces: ["name"], deleteBeforeReplace: true }),
    });
    expect(await provider.diff("pod1", {}, {})).toEqual({
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });

  test("warns once after a check of the same inputs, and not in a refresh", async () => {
    const { provider, said } = host({
      check: (_, given) => ({ inputs: { ...given, size: undefined } as Values, problems: [] }),
      diff: () => ({ changed: ["name"], replaces: [], warnings: [safe`it restarts`] }),
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
});

test("a deletion that has succeeded records the deleted token", async () => {
  const failures = [new Error("not yet")];
  const { provider, context } = host({
    delete: async () => {
      const failure = failures.shift();
      if (failure !== undefined) {
        throw failure;
      }
    },
  });
  const stored = { __token: "token-1", __provider: LINE };
  await thrown(() => provider.delete("pod1", stored));
  expect([...context.endedTokens]).toEqual([]);
  await provider.delete("pod1", stored);
  await provider.delete("pod2", {});
  expect([...context.endedTokens.keys()]).toEqual(["token-1"]);
});

describe("the recorded account", () => {
  const here = { origin: "https://api.runpod.io", fingerprint: "aaaa1111" };
  const there = { origin: "https://elsewhere.example", fingerprint: "aaaa1111" };
  const line = { __provider: LINE };
  const accountOf = async (olds: Values, news: Values) => {
    const { inputs } = await host().provider.check(olds, news);
    return unpack(inputs as Values)["__account"];
  };

  test.each<[string, Values, unknown]>([
    ["as whom, for what leaves a trace there", { __token: "t" }, here],
    ["only where, for what leaves none", {}, { origin: here.origin }],
    ["not yet, for as long as the token is unknown", { __token: UNKNOWN }, UNKNOWN],
  ])("is added to the inputs of a new object: %s", async (_, news, expected) => {
    expect(await accountOf({}, news)).toEqual(expected);
  });

  test("stays as recorded for an object in the state, with any key", async () => {
    const other = { ...here, fingerprint: "bbbb2222" };
    expect(await accountOf({ ...line, __account: other }, { __token: "t" })).toEqual(other);
  });

  test("is not added to an object for which an older release or an import recorded none", async () => {
    expect(await accountOf({ ...line, name: "a" }, { __token: "t" })).toBeUndefined();
    // A resource without any inputs is in the state as well.
    expect(await accountOf(line, { __token: "t" })).toBeUndefined();
  });

  test("is refused if it is another API than the object's", async () => {
    const { provider } = host();
    const { message } = await thrown(() => provider.check({ ...line, __account: there }, {}));
    expect(message).toBe(
      "This stack's resources are at https://elsewhere.example, but runpod:apiUrl (or RUNPOD_REST_V2_URL) now points to https://api.runpod.io. Set it back, or use another stack for https://api.runpod.io. If both belong to the same account, run `pulumi up` once with RUNPOD_STACK_FORMER_API_URL=https://elsewhere.example. If everything at https://elsewhere.example is gone for good, as after an emulator ends, remove the stack with `pulumi stack rm --force`.",
    );
  });

  test("is refused by the update if only the outputs show it, as with older releases", async () => {
    let updates = 0;
    const { provider } = host({
      update: async () => {
        updates += 1;
        return {};
      },
    });
    const olds = { __live: { version: 1, createdAt: 0, account: there } };
    expect(await provider.diff("pod1", olds, {})).toEqual({ changes: true });
    const { message } = await thrown(() => provider.update("pod1", olds, {}));
    expect(message).toContain("are at https://elsewhere.example");
    expect(updates).toBe(0);
  });

  test("changes nothing if it is the object's, or unknown: a comparison never fails", async () => {
    const olds = { __live: { account: here } };
    expect(await host().provider.diff("pod1", olds, {})).toEqual({ changes: false });
    const { provider } = host({}, () => Promise.reject(new Error("no https")));
    expect(await provider.diff("pod1", olds, {})).toEqual({ changes: false });
  });
});

describe("a check", () => {
  test("reports its notes, and its problems without the values of inputs", async () => {
    const { provider, said } = host({
      check: (_, given) => ({
        inputs: given,
        problems: [{ field: "env", message: safe`env.KEY is wrong.` }],
        notes: [safe`data center`],
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

  test("is reported even if it threw something other than an error", async () => {
    const { provider } = host(failing("a text"));
    expect((await thrown(() => provider.create(given))).message).toBe("a text");
  });

  test("halfway leaves its object for the state: with the __provider line, sealed, redacted", async () => {
    const outputs = { name: undefined, env: { KEY: SECRET }, costPerHr: 1 };
    const failure = new PartialFailure("pod1", outputs, [trusted(`first ${SECRET}`), safe`second`]);
    const { provider } = host({ ...failing(failure), update: () => Promise.reject(failure) });
    for (const operation of [
      () => provider.create(given),
      () => provider.update("pod1", {}, given),
    ]) {
      expect(await thrown(operation)).toMatchObject({
        message: "first [secret]\nsecond",
        id: "pod1",
        reasons: ["first [secret]", "second"],
        properties: { env: seal({ KEY: SECRET }), costPerHr: 1, __provider: LINE },
      });
    }
    const { properties } = await thrown(() => provider.create(given));
    expect(Object.keys(properties as Values)).not.toContain("name");
  });
});
