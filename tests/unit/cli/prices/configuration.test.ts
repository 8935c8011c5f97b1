import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configProblems } from "@runpod-stack/policies";
import {
  readConfiguration,
  withPrices,
  writeConfiguration,
} from "../../../../provider/src/cli/prices/configuration";

const PRICES = { date: "2026-11-24", gpus: { "NVIDIA L4": { secure: 0.5, community: null } } };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-prices-"));
  file = path.join(folder, "policies.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("prices in the policies' configuration", () => {
  test.each([
    ["an empty one", {}, { prices: PRICES }],
    ["options", { "hourly-cost": { maxPerHour: 5 } }, { maxPerHour: 5, prices: PRICES }],
    ["a level", { "hourly-cost": "mandatory" }, { enforcementLevel: "mandatory", prices: PRICES }],
    ["older prices", { "hourly-cost": { prices: {} } }, { prices: PRICES }],
  ])("join %s", (_, before, own) => {
    const all = { "image-pinned": "mandatory", ...before };
    const after = withPrices(all, PRICES);
    expect(after).toEqual({ "image-pinned": "mandatory", "hourly-cost": own });
    expect(configProblems(after)).toEqual([]);
  });

  test("begin a file that is not there yet, and leave nothing else behind", async () => {
    expect(await readConfiguration(file)).toEqual({});
    await writeConfiguration(file, withPrices({}, PRICES));
    expect(await readConfiguration(file)).toEqual({ "hourly-cost": { prices: PRICES } });
    expect(readdirSync(folder)).toEqual(["policies.json"]);
  });

  test.each([
    ["no JSON", "{", /policies\.json is not JSON\.$/],
    ["a list", "[]", /is no configuration of the policies: it must be a map/],
    ["a rule that is a number", '{"hourly-cost": 5}', /is no configuration of the policies/],
  ])("do not touch what is %s", async (_, text, problem) => {
    writeFileSync(file, text);
    await expect(readConfiguration(file)).rejects.toThrow(problem);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("do not follow a link out of a repository, and quote nothing", async () => {
    const repository = path.join(folder, "repository");
    mkdirSync(path.join(repository, ".git"), { recursive: true });
    writeFileSync(file, "machine github.com password ghp_SECRET");
    const link = path.join(repository, "policies.json");
    symlinkSync(file, link);
    await expect(readConfiguration(link)).rejects.toThrow("is a symbolic link that leads out of");
    await expect(readConfiguration(file)).rejects.toThrow(`${file} is not JSON.`);
  });

  test("are not written through a link that lies where the new file is made", async () => {
    const victim = path.join(folder, "victim");
    writeFileSync(victim, "kept");
    symlinkSync(victim, `${file}.partial`);
    await writeConfiguration(file, {});
    expect(readFileSync(victim, "utf8")).toBe("kept");
  });

  test("say why they cannot be written", async () => {
    const nowhere = path.join(folder, "none/policies.json");
    await expect(writeConfiguration(nowhere, {})).rejects.toThrow(/none does not exist\.$/);
  });

  test("leave nothing half done where the file cannot be replaced", async () => {
    mkdirSync(file);
    await expect(writeConfiguration(file, {})).rejects.toThrow(
      /policies\.json is a folder\. Name a file\.$/,
    );
    expect(readdirSync(folder)).toEqual(["policies.json"]);
  });
});
