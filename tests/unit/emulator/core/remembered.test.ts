import { remembered } from "../../../../emulator/src/core/remembered";

test("a result is made once, until too many are kept", () => {
  const made: string[] = [];
  const find = remembered(2, (key) => {
    made.push(key);
    return { key };
  });
  expect(find("a")).toBe(find("a"));
  expect(find("b")).toEqual({ key: "b" });
  expect(made).toEqual(["a", "b"]);
  find("c");
  find("a");
  expect(made).toEqual(["a", "b", "c", "a"]);
});

test("what is asked with a long key is not kept", () => {
  const make = jest.fn((key: string) => key.length);
  const length = remembered(10, make);
  const key = "a".repeat(301);
  expect([length(key), length(key)]).toEqual([301, 301]);
  expect(make).toHaveBeenCalledTimes(2);
});
