import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  publishedPackages,
  readManifest,
  withOrigin,
} from "../../../../tools/release/packages.mts";

const ROOT = path.join(__dirname, "../../../..");

describe("The published packages", () => {
  test("are all that are not private", () => {
    expect(publishedPackages()).toEqual(
      expect.arrayContaining(["models", "openapi", "provider", "policies", "emulator"]),
    );
  });

  describe.each(publishedPackages())("%s", (folder) => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, folder, "package.json"), "utf8"));

    test("packs its license, its README, its commands and the compiled files, and nothing else", () => {
      const json = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        cwd: path.join(ROOT, folder),
        encoding: "utf8",
      });
      const files: string[] = JSON.parse(json)[0].files.map((file: { path: string }) => file.path);
      expect(files).toEqual(
        expect.arrayContaining([
          "LICENSE",
          "README.md",
          "package.json",
          manifest.main,
          manifest.types,
          ...Object.values(manifest.bin ?? {}),
        ]),
      );
      const strangers = files.filter(
        (file) =>
          !["LICENSE", "README.md", "package.json", ...manifest.files].includes(file) &&
          !/^bin\/[\w-]+\.(?:js|d\.ts)$/.test(file) &&
          !/^dist\/.+\.(?:js|d\.ts|json)$/.test(file),
      );
      expect(strangers).toEqual([]);
      expect(files.filter((file) => /\.test\.|tsbuildinfo|(?:^|\/)src\//.test(file))).toEqual([]);
    });

    test("has the license of the repository, and a description", () => {
      const license = (...place: string[]) =>
        readFileSync(path.join(ROOT, ...place, "LICENSE"), "utf8");
      expect(license(folder)).toBe(license());
      expect(manifest).toMatchObject({ license: "Apache-2.0", description: expect.any(String) });
      expect(manifest.keywords).toContain("runpod");
      expect(readFileSync(path.join(ROOT, folder, "README.md"), "utf8")).toContain(
        `# ${manifest.name}`,
      );
    });

    test("runs no script when it is installed", () => {
      expect(manifest.scripts).toBeUndefined();
    });
  });

  test("name the repository in which they are built, as provenance requires", () => {
    const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "someone/stack" };
    expect(withOrigin(readManifest("policies"), "policies", env)).toEqual({
      ...readManifest("policies"),
      repository: {
        type: "git",
        url: "git+https://github.com/someone/stack.git",
        directory: "policies",
      },
      homepage: "https://github.com/someone/stack#readme",
      bugs: { url: "https://github.com/someone/stack/issues" },
    });
    expect(withOrigin(readManifest("policies"), "policies", {})).toEqual(readManifest("policies"));
  });
});
