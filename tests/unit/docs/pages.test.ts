import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles } from "../../../tools/checks/files.mts";
import { publishedPackages } from "../../../tools/release/packages.mts";
import { blocksOf } from "../../support/page";

const ROOT = path.join(__dirname, "../../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const programs = (page: string) =>
  blocksOf(page)
    .filter(({ info }) => info === "ts")
    .map(({ code }) => code);

/** It is followed by tests/e2e/getting-started.test.ts, which also asks the policies about the program. */
const [FOLLOWED] = programs("docs/getting-started.md");

describe("The pages", () => {
  test.each(["README.md", "provider/README.md"])(
    "show the same first program: %s has that of getting started",
    (page) => {
      expect(programs(page)[0]).toBe(FOLLOWED);
    },
  );

  test("run a command of these packages by the package's name, because others may own the command's name on npm", () => {
    const unscoped = repositoryFiles("*.md").filter((page) => /\bnpx runpod-/.test(read(page)));
    expect(unscoped).toEqual([]);
  });

  test("are all in the index", () => {
    const linked = [...read("docs/README.md").matchAll(/\]\(([\w/-]+\.md)\)/g)].map(([, to]) => to);
    const pages = repositoryFiles("docs/*.md").map((page) => page.replace("docs/", ""));
    expect(pages.filter((page) => page !== "README.md" && !linked.includes(page))).toEqual([]);
  });

  test("show the layers that are enforced", () => {
    const enforced: string = require(path.join(ROOT, ".dependency-cruiser.cjs"))
      .forbidden.filter(({ name }: { name: string }) => name.startsWith("provider-"))
      .map(({ comment }: { comment?: string }) => comment)
      .join("\n");
    const rows = read("docs/architecture.md").matchAll(/^\| `(\w+)\/` \| .* \| (.*) \|$/gm);
    for (const [, layer, cell = ""] of rows) {
      const allowed = cell === "–" ? "no other layer" : cell.replaceAll("`", "");
      expect(enforced).toContain(`provider/src/${layer} may import ${allowed}`);
    }
  });

  test("have true badges", () => {
    const { engines, license } = JSON.parse(read(`${publishedPackages()[0]}/package.json`));
    expect(read("docs/badges/license.svg")).toContain(`license: ${license}`);
    expect(read("docs/badges/node.svg")).toContain(
      `Node.js: ${engines.node.replace(">=", "")} or newer`,
    );
  });
});
