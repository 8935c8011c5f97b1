const Module = require("node:module");

/** Packages that Pulumi's SDK loads in every process, and uses only to serialize functions. */
const RARELY_USED = ["@npmcli/arborist", "typescript"];

const load = Module._load;

/** Preloaded into the processes that tests start: such a package is loaded when it is first used. */
Module._load = (request, parent, isMain) => {
  const isLazy =
    RARELY_USED.includes(request) && parent?.filename.includes("/node_modules/@pulumi/pulumi/");
  if (!isLazy) {
    return load(request, parent, isMain);
  }
  // As an ES module, it is not copied property by property.
  const get = (_, name) => name === "__esModule" || load(request, parent, isMain)[name];
  return new Proxy({}, { get });
};
