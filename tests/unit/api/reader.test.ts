import { type Pod, zPod } from "../../../openapi/src";
import { objectReader, reader } from "../../../provider/src/api/reader";
import { pod } from "./fixtures";

function setUp() {
  const log: string[] = [];
  return { log, read: reader<Pod>("pod", zPod, (text) => log.push(text)) };
}

describe("an answer about a pod", () => {
  test("is read as documented", () => {
    const { read, log } = setUp();
    expect(read(pod, "reading pod pod1")).toEqual(pod);
    expect(log).toEqual([]);
  });

  test("may have more fields than documented", () => {
    const { read, log } = setUp();
    const newer = { ...pod, status: "HIBERNATING", cloud: "ORBITAL", region: "moon", runtime: {} };
    expect(read(newer, "reading pod pod1")).toMatchObject({
      status: "HIBERNATING",
      cloud: "ORBITAL",
    });
    expect(log).toEqual([]);
  });

  test("may leave out or null nearly everything", () => {
    const { read, log } = setUp();
    const bare = {
      id: "pod1",
      name: "llm",
      status: "RUNNING",
      env: null,
      mounts: null,
      ports: null,
    };
    const result = read(bare, "reading pod pod1");
    expect(result).toMatchObject({ id: "pod1", name: "llm", status: "RUNNING" });
    expect(result.env).toBeUndefined();
    expect(result.mounts).toBeUndefined();
    expect(log).toEqual([]);
  });

  test("keeps null where null is documented to mean something", () => {
    const { read } = setUp();
    expect(read(pod, "reading pod pod1")).toMatchObject({ registry: null, runtime: pod.runtime });
    expect(read({ ...pod, runtime: null }, "reading pod pod1").runtime).toBeNull();
  });

  test("is read without the fields that have another type than documented, which is noted once", () => {
    const { read, log } = setUp();
    const odd = { ...pod, cost: "0.86", mounts: { network: "vol1" } };
    const { cost: _, mounts: __, ...rest } = pod;
    expect(read(odd, "reading pod pod1")).toMatchObject(rest);
    expect(read(odd, "reading pod pod1").cost).toBeUndefined();
    expect(log).toEqual([
      "note: RunPod answers with a pod whose mounts, cost does not match its API documentation; ignoring it",
    ]);
  });

  test.each(["", "..", "a/b", "pod 1", "x".repeat(192), "pod\u202e1"])(
    "is invalid if its id cannot be one: %j",
    (id) => {
      const read = objectReader<Pod>("pod", zPod, () => {});
      expect(() => read({ ...pod, id }, "creating pod 'llm'")).toThrow(
        "creating pod 'llm': the answer contains no usable pod: id is missing or invalid",
      );
      expect(read(pod, "reading pod pod1")).toEqual(pod);
    },
  );

  test.each([
    [undefined],
    [null],
    ["text"],
    [[]],
    [{}],
    [{ name: "llm", status: "RUNNING" }],
    [{ ...pod, id: 7 }],
  ])("is invalid without its essential fields: %j", (value) => {
    expect(() => setUp().read(value, "reading pod pod1")).toThrow(
      "reading pod pod1: the answer contains no usable pod",
    );
  });

  test("does not let odd names of variables reach a prototype", () => {
    const { read } = setUp();
    const env = JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}');
    const result = read({ ...pod, env }, "reading pod pod1");
    expect(result.env?.["constructor"]).toBe("y");
    expect(Object.getPrototypeOf(result.env)).toBe(Object.prototype);
    expect(Object.prototype).not.toHaveProperty("x");
  });
});
