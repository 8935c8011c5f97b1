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
  type Values,
} from "../../../../provider/src/schema";
import { fakeScene } from "../fake-context";

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

  test("leave without half characters, at which the engine's encoding would break off", async () => {
    const outputs = { name: "a\ud83d", list: [{ "\ude80b": "\u{1f680}" }] };
    const { provider } = host({ create: async () => ({ id: "pod1", outputs }) });
    const { outs } = await provider.create({});
    expect(outs).toEqual({ name: "a\ufffd", list: [{ "\ufffdb": "\u{1f680}" }] });
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

test("a deletion keeps in mind whose token has ended, once it has succeeded", async () => {
  const failures = [new Error("not yet")];
  const { provider, context } = host({
    delete: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    },
  });
  const stored = { __token: "token-1", __provider: LINE };
  await thrown(() => provider.delete("pod1", stored));
  expect([...context.endedTokens]).toEqual([]);
  await provider.delete("pod1", stored);
  await provider.delete("pod2", {});
  expect([...context.endedTokens.keys()]).toEqual(["token-1"]);
});

describe("which account is asked", () => {
  const here = { origin: "https://api.runpod.io", fingerprint: "aaaa1111" };
  const there = { origin: "https://elsewhere.example", fingerprint: "aaaa1111" };
  const line = { __provider: LINE };
  const accountOf = async (olds: Values, news: Values) => {
    const { inputs } = await host().provider.check(olds, news);
    return (inputs as Values)["__account"];
  };

  test.each<[string, Values, unknown]>([
    ["as whom, for what leaves a trace there", { __token: "t" }, here],
    ["only where, for what leaves none", {}, { origin: here.origin }],
    ["not yet, for as long as the token is unknown", { __token: UNKNOWN }, UNKNOWN],
  ])("goes into the inputs of what is in no state: %s", async (_, news, expected) => {
    expect(await accountOf({}, news)).toEqual(expected);
  });

  test("stays as it is recorded of what is in the state, under any key", async () => {
    const other = { ...here, fingerprint: "bbbb2222" };
    expect(await accountOf({ ...line, __account: other }, { __token: "t" })).toEqual(other);
  });

  test("is not added to what an older release or an import recorded none of", async () => {
    expect(await accountOf({ ...line, name: "a" }, { __token: "t" })).toBeUndefined();
    // A resource without any inputs is in the state as well.
    expect(await accountOf(line, { __token: "t" })).toBeUndefined();
  });

  test("is refused where it is another API than the object's", async () => {
    const { provider } = host();
    const { message } = await thrown(() => provider.check({ ...line, __account: there }, {}));
    expect(message).toBe(
      "This stack's resources are at https://elsewhere.example, but runpod:apiUrl (or RUNPOD_REST_V2_URL) now leads to https://api.runpod.io. Set it back, or use another stack for https://api.runpod.io. If both lead to the same account, run `pulumi up` once with RUNPOD_STACK_FORMER_API_URL=https://elsewhere.example. If what was at https://elsewhere.example is gone for good, such as an emulator's, remove the stack with `pulumi stack rm --force`.",
    );
  });

  test("is refused by the update where only the outputs show it, as of older releases", async () => {
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

  test("changes nothing where it is the object's own, or cannot be known: a comparison never fails", async () => {
    const olds = { __live: { account: here } };
    expect(await host().provider.diff("pod1", olds, {})).toEqual({ changes: false });
    const { provider } = host({}, () => Promise.reject(new Error("no https")));
    expect(await provider.diff("pod1", olds, {})).toEqual({ changes: false });
  });
});

describe("a check", () => {
  test("tells its notes, and its problems without the values of inputs", async () => {
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

  test("is told even if what it threw is no error", async () => {
    const { provider } = host(failing("a text"));
    expect((await thrown(() => provider.create(given))).message).toBe("a text");
  });

  test("half-way leaves its object for the state: with the line that leads here, sealed, redacted", async () => {
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
        properties: { env: { KEY: seal(SECRET) }, costPerHr: 1, __provider: LINE },
      });
    }
    const { properties } = await thrown(() => provider.create(given));
    expect(Object.keys(properties as Values)).not.toContain("name");
  });
});
