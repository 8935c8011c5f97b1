/** What each package may import in addition to itself: the published packages, or a part of one. */
const BORDERS = {
  kit: [],
  models: [],
  openapi: [],
  provider: ["kit/", "models/", "openapi/"],
  policies: ["kit/", "models/", "provider/(src|dist)/schema/"],
  // No code of the provider, because the emulator must be able to prove it wrong.
  emulator: ["kit/", "openapi/", "models/(src|dist)/data/"],
};

/** What each folder of provider/src may import in addition to itself. */
const LAYERS = {
  core: [],
  http: ["core", "openapi"],
  api: ["core", "http", "openapi"],
  schema: ["models", "openapi"],
  handlers: ["core", "api", "schema", "models"],
  resources: ["schema"],
  functions: ["core", "api", "schema", "resources"],
  components: ["resources", "models"],
  cli: ["core", "api", "schema", "models", "handlers/lifecycle"],
};

/** The folders of emulator/src from the bottom up: each may import those before it. */
const EMULATOR = [
  "core",
  "money",
  "stock",
  "containers",
  "state",
  "objects",
  "pods",
  "clusters",
  "ssh",
  "http",
  "serverless",
  "middleware",
  "routes",
];

/** What each folder of provider/src/handlers may import of the others. Its index.ts may import all. */
const ROOMS = {
  lifecycle: [],
  plugin: ["lifecycle"],
  pod: ["lifecycle"],
  "pod-endpoint": ["lifecycle"],
  "endpoint-ready": ["lifecycle"],
  template: ["lifecycle"],
  volume: ["lifecycle"],
  secret: ["lifecycle"],
  "registry-auth": ["lifecycle"],
  "ecr-delegation": ["lifecycle"],
  "ssh-keys": ["lifecycle"],
  tag: ["lifecycle"],
  "global-volume": ["lifecycle"],
  "cost-center": ["lifecycle"],
  cluster: ["lifecycle"],
  ownership: ["lifecycle"],
};

/** Imports between workspaces resolve to the compiled files: build first. */
const PACKAGES = `^(${Object.keys(BORDERS).join("|")})/(src|dist)/`;

const borderRules = Object.entries(BORDERS).map(([name, allowed]) => ({
  name: `border-of-${name}`,
  comment: `${name} may import ${allowed.join(", ") || "no other package of ours"}`,
  severity: "error",
  from: { path: `^${name}/` },
  to: { path: PACKAGES, pathNot: [`${name}/`, ...allowed].map((part) => `^${part}`) },
}));

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `provider-${layer}`,
  comment: `provider/src/${layer} may import ${allowed.join(", ") || "no other layer"}`,
  severity: "error",
  from: { path: `^provider/src/${layer}/` },
  to: {
    path: `${PACKAGES}(src|dist)/`,
    pathNot: ["kit", layer, ...allowed].flatMap((part) => [
      `^provider/(src|dist)/${part}/`,
      ...(part in BORDERS ? [`^${part}/`] : []),
    ]),
  },
}));

const emulatorRules = EMULATOR.map((folder, index) => ({
  name: `emulator-${folder}`,
  comment: `emulator/src/${folder} may import ${EMULATOR.slice(0, index).join(", ") || "no other folder"}`,
  severity: "error",
  from: { path: `^emulator/src/${folder}/` },
  to: {
    path: "^emulator/src/",
    pathNot: `^emulator/src/(${EMULATOR.slice(0, index + 1).join("|")})/`,
  },
}));

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `handlers-${room}`,
  comment: `handlers/${room} may import ${allowed.join(", ") || "no other room"}`,
  severity: "error",
  from: { path: `^provider/src/handlers/${room}/` },
  to: {
    path: `^provider/(src|dist)/handlers/`,
    pathNot: `^provider/(src|dist)/handlers/(${[room, ...allowed].join("|")})/`,
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...borderRules,
    ...layerRules,
    ...emulatorRules,
    ...roomRules,
    {
      name: "schema-sees-wire-types",
      comment:
        "programs load schema: it may use the API's types, but nothing of the API at run time",
      severity: "error",
      from: { path: "^provider/src/schema/" },
      to: { path: "^openapi/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "models-are-pure",
      comment: "models uses no network, no files and no packages",
      severity: "error",
      from: { path: "^models/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-no-pkg"] },
    },
    {
      name: "schema-sees-types-of-openapi",
      comment: "programs load this, and need no validators of answers",
      severity: "error",
      from: { path: "^provider/src/schema/" },
      to: { path: "^openapi/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "safe-text-is-light",
      comment: "programs and plugins load it: it must not load a command line or a package",
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
      name: "packages-do-not-see-the-workshop",
      severity: "error",
      from: { path: PACKAGES },
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
