import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import type { Terminal } from "@runpod-stack/kit/command";
import { readLayers } from "../../../../policies/src/cli/layers";

const start = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
  process.chdir(folder);
  mkdirSync("teams");
  file("org.json", { all: "advisory" });
  file("base.json", { "gpu-memory": "disabled" });
  file("teams/a.json", { extends: ["../org.json", "b.json"], "stack-cost": "mandatory" });
  file("teams/b.json", { extends: "../base.json" });
});
afterAll(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  writeFileSync(name, JSON.stringify(content));
  return name;
}

const read = (files: string[], input = "") =>
  readLayers(files, { stdin: Readable.from([input]) } as unknown as Terminal);

test("each layer comes after those that it extends, with paths from its own folder", async () => {
  expect(await read(["teams/a.json", "org.json"])).toEqual([
    { all: "advisory" },
    { "gpu-memory": "disabled" },
    {},
    { "stack-cost": "mandatory" },
    { all: "advisory" },
  ]);
  expect(await read([])).toEqual([]);
  expect(await read([file("null.json", { extends: null })])).toEqual([{}]);
});

test("paths in standard input are from the working directory", async () => {
  expect(await read(["-"], '{"extends": "teams/b.json"}')).toEqual([
    { "gpu-memory": "disabled" },
    {},
    {},
  ]);
});

const ITSELF = (name: string) =>
  `The configuration ${name} must not extend itself or more than 20 others. Remove an extends.`;

test("twenty layers may be extended, and no more", async () => {
  for (let level = 0; level < 23; level++) {
    file(`l${level}.json`, level === 0 ? {} : { extends: `l${level - 1}.json` });
  }
  const flat = (count: number) => file("flat.json", { extends: Array(count).fill("org.json") });
  expect(await read(["l22.json"])).toHaveLength(23);
  expect(await read([flat(21)])).toHaveLength(22);
  await expect(read([flat(22)])).rejects.toThrow(ITSELF("org.json"));
});

test("a layer must not extend itself", async () => {
  file("x.json", { extends: "y.json" });
  file("y.json", { extends: "./x.json" });
  await expect(read(["x.json"])).rejects.toThrow(ITSELF("x.json"));
});

test.each<[config: unknown, problems: string[]]>([
  [[], ["The configuration must be a map from rules to levels or options."]],
  [null, ["The configuration must be a map from rules to levels or options."]],
  [{ extends: "" }, ["extends must be a file path or a list of file paths."]],
  [{ extends: ["org.json", 5] }, ["extends must be a file path or a list of file paths."]],
  [
    { extends: {}, "stack-cost": { y: 1 } },
    ["extends must be a file path or a list of file paths.", "stack-cost: there is no option y."],
  ],
])("%j is refused with each of its problems on a line", async (config, problems) => {
  file("wrong.json", config);
  await expect(read(["wrong.json"])).rejects.toThrow(
    ["The configuration wrong.json is invalid:", ...problems].join("\n"),
  );
});
