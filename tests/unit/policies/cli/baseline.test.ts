import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeBaseline } from "../../../../policies/src/cli/baseline";
import { violation } from "./report/violations";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a baseline waives each violation of a resource once, for 90 days, and none of the whole stack", () => {
  const file = path.join(folder, "new.json");
  const [a, b] = [violation({ resource: "a" }), violation({ resource: "b" })];
  writeBaseline(file, [a, a, b, { ...a, rule: "s" }, { ...a, rule: "t", isWhole: true }]);
  const text = readFileSync(file, "utf8");
  const config = JSON.parse(text);
  const day = config.r.waivers[0].reason.replace("baseline of ", "");
  const until = new Date(Date.parse(day) + 90 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  const waiver = (resource: string) => ({ resource, reason: `baseline of ${day}`, until });
  expect(config).toEqual({
    r: { waivers: [waiver("a"), waiver("b")] },
    s: { waivers: [waiver("a")] },
  });
  expect(text).toBe(`${JSON.stringify(config, null, 2)}\n`);
});

test("a file that exists is kept, and one that cannot be written is named", () => {
  const file = path.join(folder, "old.json");
  writeBaseline(file, []);
  expect(() => writeBaseline(file, [violation({})])).toThrow(
    `${file} already exists. Delete it, or choose another file.`,
  );
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  const nowhere = path.join(folder, "none", "new.json");
  expect(() => writeBaseline(nowhere, [])).toThrow(`${nowhere} does not exist.`);
});
