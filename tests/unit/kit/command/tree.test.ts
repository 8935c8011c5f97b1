import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { withinTree } from "@runpod-stack/kit/command";
import { run } from "../../policies/cli/run";

const POD = '{"name":"llm","imageName":"vllm/vllm-openai:v0.20.0","gpuTypeIds":["NVIDIA L4"]}';
const SECRET = "ghp_SECRET";

let root: string;
let repository: string;
const at = (...parts: string[]) => path.join(root, ...parts);

/** A repository with links that stay in it and links that leave it, and what is around it. */
beforeAll(() => {
  root = realpathSync.native(mkdtempSync(path.join(tmpdir(), "runpod-tree-")));
  repository = at("repository");
  for (const folder of ["repository/.git", "repository/pods", "home/.git", "data/pods"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  const files = {
    "repository/pods/a.json": POD,
    "data/pods/b.json": POD,
    "data/config.json": '{"all": "disabled"}',
    "data/netrc": `machine github.com login x password ${SECRET}: a: b`,
    "home/netrc": `machine github.com login x password ${SECRET}: a: b`,
    "repository/.git/config": `[http]\n\textraheader = ${SECRET}`,
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(at(file), text);
  }
  const links = {
    "repository/inside.json": "pods/a.json",
    "repository/folder": "pods",
    "repository/twice": "folder",
    "repository/outside.json": "../data/netrc",
    "repository/absolute.json": at("data/netrc"),
    "repository/by-way-of.json": "outside.json",
    "repository/away": at("data/pods"),
    "repository/home": at("home"),
    "repository/git.json": ".git/config",
    "repository/environ.json": "/proc/self/environ",
    "repository/config.json": at("data/config.json"),
    "repository/gone.json": "../nothing",
    "data/link.json": "pods/b.json",
    "data/leaves": "../home/netrc",
    checkout: "repository",
  };
  for (const [link, target] of Object.entries(links)) {
    symlinkSync(target, at(link));
  }
});
const start = process.cwd();
afterEach(() => process.chdir(start));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LEAVES = [
  "outside.json",
  "absolute.json",
  "by-way-of.json",
  "away/b.json",
  "home/netrc",
  "git.json",
  "folder/../outside.json",
  ...(process.platform === "linux" ? ["environ.json"] : []),
];

describe("a file that a command reads", () => {
  test.each(LEAVES)("is not %s, which leads out of the repository", (link) => {
    expect(() => withinTree(`${repository}/${link}`)).toThrow(
      `${link} is a symbolic link that leads out of ${repository}. Copy the file there, or give its own path.`,
    );
    expect(() => withinTree(`${root}/checkout/${link}`)).toThrow("leads out of");
    process.chdir(repository);
    expect(() => withinTree(link)).toThrow("leads out of");
    process.chdir("pods");
    expect(() => withinTree(`../${link}`)).toThrow("leads out of");
  });

  test.each(["pods/a.json", "inside.json", "folder/a.json", "twice/a.json"])(
    "may be %s, which stays in it",
    (link) => {
      const real = path.join(repository, "pods/a.json");
      expect(withinTree(path.join(repository, link))).toBe(real);
      expect(withinTree(at("checkout", link))).toBe(real);
    },
  );

  test("may be any path outside of repositories and of the working directory", () => {
    for (const file of [at("data/netrc"), at("data/link.json"), "/dev/stdin", "/dev/fd/63"]) {
      expect(withinTree(file)).toBe(file);
    }
  });

  test("does not leave a working directory that is not a repository", () => {
    process.chdir(at("data"));
    expect(withinTree("link.json")).toBe(at("data/pods/b.json"));
    expect(() => withinTree("leaves")).toThrow(`leads out of ${at("data")}.`);
  });
});

describe("runpod-policies refuses a link out of the repository with status 2, and nothing of the file is shown", () => {
  const inside = () => path.join(repository, "inside.json");
  test.each([
    ["check", () => ["check", path.join(repository, "outside.json")]],
    ["check of several", () => ["check", inside(), path.join(repository, "away/b.json")]],
    ["check --config", () => ["check", "--config", path.join(repository, "config.json"), inside()]],
    ["check --program", () => ["check", "--program", path.join(repository, "home"), inside()]],
    ["report", () => ["report", path.join(repository, "outside.json")]],
    ["report --preview", () => ["report", "--preview", path.join(repository, "outside.json"), "-"]],
    ["report --program", () => ["report", "--program", path.join(repository, "home"), "-"]],
  ])("%s", async (_, args) => {
    const input = '{"sequence":0,"summaryEvent":{"result":"succeeded"}}\n';
    const { status, stdout, stderr } = await run(args(), { input });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/is a symbolic link that leads out of .*repository\. Copy .*\n$/);
    expect(stderr).not.toContain(SECRET);
  });

  test("a link without a target cannot be read, and one that stays in the tree can", async () => {
    const gone = await run(["check", path.join(repository, "gone.json")]);
    expect(gone).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/gone\.json does not exist\.\n$/),
    });
    const judged = await run(["check", inside()]);
    expect(judged.stdout).toMatch(/inside\.json: Pod llm\n/);
  });
});
