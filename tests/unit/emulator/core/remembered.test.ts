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
