/** What each folder of provider/src may import besides itself. */
const LAYERS = {
  core: [],
  wire: [],
  llm: [],
  http: ["core", "wire"],
  api: ["core", "http", "wire"],
  schema: ["llm", "wire"],
  handlers: ["core", "api", "schema", "llm"],
  resources: ["schema"],
  components: ["resources", "llm"],
  cli: ["core", "api", "schema", "llm", "handlers/lifecycle"],
};

/** Imports between workspaces resolve to the compiled files: build first. */
const PROVIDER = "^provider/(src|dist)/";

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `provider-${layer}`,
  comment: `provider/src/${layer} may import ${allowed.join(", ") || "no other layer"}`,
  severity: "error",
  from: { path: `^provider/src/${layer}/` },
  to: { path: PROVIDER, pathNot: `${PROVIDER}(${[layer, ...allowed].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "schema-sees-wire-types",
      comment: "programs load schema: of the wire it may know the types, and nothing at run time",
      severity: "error",
      from: { path: "^provider/src/schema/" },
      to: { path: "^provider/src/wire/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "llm-is-pure",
      comment: "llm is knowledge: no network, no files, no packages",
      severity: "error",
      from: { path: "^provider/src/llm/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-no-pkg"] },
    },
    {
      name: "kit-stands-alone",
      severity: "error",
      from: { path: "^kit/" },
      to: { path: "^(provider|policies|emulator)/" },
    },
    {
      name: "safe-text-is-light",
      comment: "programs and plugins load it: it brings no command line and no package",
      severity: "error",
      from: { path: "^kit/src/", pathNot: "^kit/src/command/" },
      to: { path: "^kit/src/command/|node_modules/" },
    },
    {
      name: "commands-load-command-lines",
      severity: "error",
      from: {
        path: "^(provider|policies|emulator)/src/",
        pathNot: "^(provider|policies|emulator)/src/cli(/|\\.ts$)",
      },
      to: { path: "^kit/(src|dist)/command/" },
    },
    {
      name: "provider-stands-alone",
      severity: "error",
      from: { path: "^provider/" },
      to: { path: "^(policies|emulator)/" },
    },
    {
      name: "policies-see-llm-and-schema",
      severity: "error",
      from: { path: "^policies/" },
      to: { path: "^(provider|emulator)/", pathNot: `${PROVIDER}(llm|schema)/` },
    },
    {
      name: "emulator-sees-wire-and-tables",
      comment:
        "the emulator must be able to prove the provider wrong, so it shares no logic with it",
      severity: "error",
      from: { path: "^emulator/" },
      to: { path: "^(provider|policies)/", pathNot: `${PROVIDER}(wire/|llm/data/)` },
    },
    {
      name: "packages-do-not-see-the-workshop",
      severity: "error",
      from: { path: "^(kit|provider|policies|emulator)/src/" },
      to: { path: "^(tests|tools|bench|examples)/" },
    },
    {
      name: "examples-use-packages",
      comment: "a reader copies an example: it may import only what is published",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^(tests|tools|bench|[^/]+/src)/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    exclude: { path: "/\\.demo/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "default", "types"],
      extensions: [".ts", ".mts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
