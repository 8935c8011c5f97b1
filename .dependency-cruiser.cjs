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

/** What each folder of provider/src/handlers may import of the others. Its index.ts may import all. */
const ROOMS = {
  lifecycle: [],
  plugin: ["lifecycle"],
  pod: ["lifecycle"],
  "pod-endpoint": ["lifecycle"],
  template: ["lifecycle"],
  volume: ["lifecycle"],
  ownership: ["lifecycle"],
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

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `handlers-${room}`,
  comment: `handlers/${room} may import ${allowed.join(", ") || "no other room"}`,
  severity: "error",
  from: { path: `^provider/src/handlers/${room}/` },
  to: {
    path: `${PROVIDER}handlers/`,
    pathNot: `${PROVIDER}handlers/(${[room, ...allowed].join("|")})/`,
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...roomRules,
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
      comment: "every package may use the kit, so it uses none, not even of the registry",
      severity: "error",
      from: { path: "^kit/" },
      to: { path: "^(provider|policies|emulator)/|node_modules/" },
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
