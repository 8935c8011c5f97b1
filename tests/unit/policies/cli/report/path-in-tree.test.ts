import { pathInTree } from "../../../../../policies/src/cli/report/path-in-tree";
import { HOSTILE_PATHS, PATHS } from "./paths";

test.each(PATHS)("the file %j is %j below the working directory", (file, inTree) => {
  expect(pathInTree(file)).toBe(inTree);
});

test.each(HOSTILE_PATHS)("%j is not shown", (file) => {
  expect(pathInTree(file)).toBeUndefined();
});
