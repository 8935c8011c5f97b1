// Loads TypeScript into this process as jest.config.cjs says, and forgets it again.
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { type Options, transformSync } from "@swc/core";

/** The parts of Node's loader that it does not declare. */
interface Loader {
  _resolveFilename(request: string, ...rest: unknown[]): string;
  readonly _extensions: Record<string, (module: Compiled, file: string) => void>;
}

interface Compiled {
  _compile(code: string, file: string): void;
}

/** Loads test files and what they import. */
export interface Modules {
  /** Runs a file, and what it imports unless that has run since the last `forget`. */
  load(file: string): void;
  /** Forgets every module whose source is in the repository. */
  forget(): void;
  /** Lets `run` load other copies of them. */
  isolate(run: () => void): void;
  /** The number of imports between a test file and each of its modules, once it has run. */
  distances(file: string): ReadonlyMap<string, number>;
}

/** Prepares this process. @param root the folder of jest.config.cjs */
export function modulesOf(root: string): Modules {
  const settings = path.join(root, "jest.config.cjs");
  const require = createRequire(settings);
  const config = require(settings);
  const [transform] = Object.values<[string, Options]>(config.transform);
  const names = Object.entries<string>(config.moduleNameMapper).map(
    ([pattern, target]) => [new RegExp(pattern), target.replace("<rootDir>", root)] as const,
  );
  const loader = Module as unknown as Loader;
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, ...rest) => {
    const name = names.find(([pattern]) => pattern.test(request));
    return resolve(name === undefined ? request : request.replace(...name), ...rest);
  };
  const compiled = new Map<string, string>();
  for (const extension of [".ts", ".mts"]) {
    loader._extensions[extension] = (module, file) => {
      let code = compiled.get(file);
      if (code === undefined) {
        const source = readFileSync(file, "utf8");
        ({ code } = transformSync(source, {
          ...transform?.[1],
          filename: file,
          sourceMaps: false,
        }));
        compiled.set(file, code);
      }
      module._compile(code, file);
    };
  }
  for (const setup of config.setupFiles) {
    require(setup.replace("<rootDir>", root));
  }
  const isOurs = (file: string) => /\.m?ts$/.test(file) && !file.includes("/node_modules/");
  const ours = () => Object.entries(require.cache).filter(([file]) => isOurs(file));
  const forget = () => {
    for (const [file] of ours()) {
      delete require.cache[file];
    }
    // Otherwise the parent of the test files keeps all of them in memory.
    const parent = require.cache[settings];
    parent?.children.splice(0);
  };
  return {
    forget,
    load: (file) => void require(file),
    isolate(run) {
      const before = ours();
      forget();
      run();
      forget();
      Object.assign(require.cache, Object.fromEntries(before));
    },
    distances(file) {
      const found = new Map([[file, 0]]);
      for (const [at, distance] of found) {
        for (const child of require.cache[at]?.children ?? []) {
          if (isOurs(child.filename) && !found.has(child.filename)) {
            found.set(child.filename, distance + 1);
          }
        }
      }
      return found;
    },
  };
}
