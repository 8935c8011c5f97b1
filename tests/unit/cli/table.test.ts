import { dollarsPerHour, tableLines } from "../../../provider/src/cli/table";

test("columns are as wide as their widest cell, without spaces at a line's end", () => {
  expect(
    tableLines(
      ["A", "LONG", "C"],
      [
        ["aaa", "b", "c c"],
        ["a", "b", ""],
      ],
    ),
  ).toEqual(["A    LONG  C", "aaa  b     c c", "a    b"]);
});

test("dollars an hour keep what matters of a small price", () => {
  expect([0, 0.0096, 0.49, 31.2].map(dollarsPerHour)).toEqual(["-", "0.0096", "0.49", "31.20"]);
});
