import { safe } from "@runpod-stack/kit";
import { z } from "zod";
import { inputChanges } from "../../../provider/src/handlers/lifecycle/diff";
import {
  checkInputs,
  type FieldTable,
  pickInputs,
  podFields,
  podRules,
  seal,
  sealInputs,
  templateFields,
  templateRules,
  toWire,
  UNKNOWN,
  unseal,
} from "../../../provider/src/schema";

interface Cup {
  color?: string;
  volume: number;
  handles?: string[];
  secrets?: Record<string, string>;
}

/** A separate table, because what is tested here is true of every table. */
const cupFields: FieldTable<Cup> = {
  color: { value: z.string(), default: "white", change: "update", removal: "change" },
  volume: {
    value: z.number({ error: "must be a number" }),
    required: true,
    change: "replace",
    removal: "change",
  },
  handles: {
    value: z.array(z.string({ error: "must be a string" })),
    change: "update",
    removal: "keep",
  },
  secrets: {
    value: z.record(z.string(), z.string({ error: "must be a string" })),
    secret: "values",
    change: "update",
    removal: "clear",
  },
};

const check = (given: object, old: object = {}, table = cupFields) =>
  checkInputs(table, [], { ...old }, { ...given });
const messages = (given: object) => check(given).problems.map(({ message }) => message);

describe("defaults", () => {
  test("are filled in and recorded, to distinguish them from the program's values", () => {
    expect(check({ volume: 1 }).inputs).toEqual({
      volume: 1,
      color: "white",
      __defaults: ["color"],
    });
  });

  test("are overridden by the program", () => {
    expect(check({ volume: 1, color: "red" }).inputs).toEqual({ volume: 1, color: "red" });
  });

  test("of an older release stay in force while the program sets no value", () => {
    const old = { volume: 1, color: "grey", __defaults: ["color"] };
    expect(check({ volume: 1 }, old).inputs).toEqual(old);
  });

  test("replace a value that the program no longer has", () => {
    const old = { volume: 1, color: "red" };
    expect(check({ volume: 1 }, old).inputs["color"]).toBe("white");
  });

  test("of an earlier preview are not kept while they are unknown", () => {
    const old = { volume: 1, color: UNKNOWN, __defaults: ["color"] };
    expect(check({ volume: 1 }, old).inputs["color"]).toBe("white");
  });

  test("may depend on other inputs, defaults included", () => {
    const extra = (inputs: Record<string, unknown>) => ({
      handles: [`${inputs["color"]} handle`],
    });
    expect(checkInputs(cupFields, [], {}, { volume: 1 }, extra).inputs).toEqual({
      volume: 1,
      color: "white",
      handles: ["white handle"],
      __defaults: ["color", "handles"],
    });
  });
});

describe("an input", () => {
  test("is absent if it is null or undefined", () => {
    expect(messages({ volume: null, handles: undefined })).toEqual(["volume is required."]);
  });

  test("with an unknown name is refused, with the nearest field", () => {
    expect(messages({ volume: 1, Color: "red", volumeInGb: 2, lid: true })).toEqual([
      "Color is not an input of this resource. Did you mean color?",
      "volumeInGb is not an input of this resource. Did you mean volume?",
      "lid is not an input of this resource. Remove it.",
    ]);
  });

  test.each([
    ["image", "imageName"],
    ["gpuTypeId", "gpuTypeIds"],
    ["container_disk_in_gb", "containerDiskInGb"],
    ["minRamPerGpu", "minRAMPerGPU"],
    ["entrypoint", "dockerEntrypoint"],
  ])("as %s is suggested as %s", (given, meant) => {
    const { problems } = checkInputs(podFields, [], {}, { [given]: "x" });
    expect(problems[0]?.message).toBe(
      `${given} is not an input of this resource. Did you mean ${meant}?`,
    );
  });

  test("that is hidden, for the handlers alone, is accepted", () => {
    expect(check({ volume: 1, __token: "t" })).toMatchObject({
      inputs: { __token: "t" },
      problems: [],
    });
  });

  test("for policies alone is accepted, and reaches neither RunPod nor a diff", () => {
    const waivers = [{ rule: "gpu-memory", reason: "tried", until: "2999-01-01" }];
    const given = { imageName: "x", gpuTypeIds: ["NVIDIA L4"], policyWaivers: waivers };
    const { inputs, problems } = checkInputs(podFields, [], {}, given);
    expect([inputs, problems]).toMatchObject([{ policyWaivers: waivers }, []]);
    expect(toWire(podFields, inputs as never)).not.toHaveProperty("policyWaivers");
    const { policyWaivers: _, ...without } = inputs as Record<string, unknown>;
    expect(inputChanges(podFields, without, inputs as Record<string, unknown>)).toEqual([]);
  });

  test("that is wrong at several places is reported place by place", () => {
    expect(messages({ volume: "1", handles: ["a", 2, 3] })).toEqual([
      'volume "1" must be a number.',
      "handles[1] 2 must be a string.",
      "handles[2] 3 must be a string.",
    ]);
  });

  test("that is wrong is reported once, even if a rule would refuse it, too", () => {
    const rule = () => [{ field: "volume", message: safe`volume spills` }];
    const told = (given: object) =>
      checkInputs(cupFields, [rule], {}, { ...given }).problems.map(({ message }) => message);
    expect(told({ volume: "1" })).toEqual(['volume "1" must be a number.']);
    expect(told({ volume: 1 })).toEqual(["volume spills"]);
  });

  test("that is secret is not shown in its error", () => {
    expect(messages({ volume: 1, secrets: { KEY: 1234567890 } })).toEqual([
      "secrets.KEY must be a string.",
    ]);
  });
});

describe("a value that is still unknown in a preview", () => {
  test("counts as set", () => {
    expect(check({ volume: UNKNOWN, color: UNKNOWN }).problems).toEqual([]);
  });

  test("inside a list does not stop the checks of its neighbors", () => {
    expect(messages({ volume: 1, handles: [UNKNOWN, 2] })).toEqual([
      "handles[1] 2 must be a string.",
    ]);
  });

  test("in a list skips only the checks of the list as a whole", () => {
    const ports = [
      UNKNOWN,
      "8000/udp",
      ...Array.from({ length: 11 }, (_, at) => `${9000 + at}/http`),
    ];
    const { problems } = checkInputs(podFields, [], {}, { ports });
    expect(problems.map(({ message }) => message)).toEqual([
      'ports[1] "8000/udp" must be <port>/http or <port>/tcp, such as "8000/http" or "22/tcp".',
    ]);
  });

  test("is never shown in a message", () => {
    const given = { imageName: "a", cpuFlavorIds: ["cpu3c"], gpuCount: UNKNOWN };
    const { problems } = checkInputs(podFields, podRules, {}, given);
    expect(problems.map(({ message }) => message)).toEqual([
      "gpuCount is not available on a CPU pod. Remove it, or use gpuTypeIds instead of cpuFlavorIds.",
    ]);
  });

  test("in env does not stop the check of the number of entries", () => {
    const names = Array.from({ length: 50 }, (_, index) => [`V${index}`, UNKNOWN]);
    const given = { imageName: "a", env: Object.fromEntries(names) };
    const { problems } = checkInputs(templateFields, templateRules, {}, given);
    expect(problems.map(({ field }) => field)).toEqual(["env"]);
  });
});

describe("secrets", () => {
  test("are sealed value by value, so that their names stay visible", () => {
    expect(sealInputs(cupFields, { volume: 1, secrets: { A: "x", B: UNKNOWN } })).toEqual({
      volume: 1,
      secrets: { A: seal("x"), B: UNKNOWN },
    });
  });

  test("that the program has sealed are not sealed twice", () => {
    const sealed = sealInputs(cupFields, { secrets: { A: seal("x") } });
    expect(sealed).toEqual({ secrets: { A: seal("x") } });
    expect(sealInputs(cupFields, sealed)).toEqual(sealed);
    expect(unseal(sealed)).toEqual({ secrets: { A: "x" } });
  });

  test("of a map that is unknown as a whole stay unknown", () => {
    expect(sealInputs(cupFields, { secrets: UNKNOWN })).toEqual({ secrets: UNKNOWN });
  });
});

test("stored properties are split into inputs and outputs by the table", () => {
  const stored = { volume: 1, handles: undefined, temperature: 60, __live: {} };
  expect(pickInputs(cupFields, stored)).toEqual({ volume: 1 });
});
