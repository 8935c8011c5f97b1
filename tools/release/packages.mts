import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../checks/files.mts";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
}

/** The folders of the packages that are published. */
export function publishedPackages(): string[] {
  const { workspaces } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    workspaces: string[];
  };
  return workspaces.filter((folder) => !folder.endsWith("/*") && !readManifest(folder).private);
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as Manifest;
}

/**
 * The manifest with the repository in which it is built, from GitHub's variables: npm refuses
 * provenance for a package that names another one or none.
 */
export function withOrigin(
  manifest: Manifest,
  directory: string,
  { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }: NodeJS.ProcessEnv,
): Manifest & Record<string, unknown> {
  if (!server || !repository) {
    return { ...manifest };
  }
  const url = `${server}/${repository}`;
  return {
    ...manifest,
    repository: { type: "git", url: `git+${url}.git`, directory },
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
  };
}
