import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { type Safe, safe } from "@runpod-stack/kit";
import { nearest } from "../schema/near";
import { type Kind, typeToken } from "../schema/tokens";

/*
 * What a constructor rejects before it registers anything: mistakes that no compiler has caught, in
 * programs and in their environment. Pulumi prints a RunError's message without a stack.
 */

const PACKAGE = "@runpod-stack/provider";
const SETTINGS = ["apiKey", "apiUrl", "graphqlUrl", "proxyUrl", "serverlessUrl", "loadBalancerUrl"];
/** Keys of a stack's configuration. */
const CONFIGURATION = [...SETTINGS, "tags"];
/** How `pulumi config set` takes a key whose value is no URL. */
const CONFIGURING: Readonly<Record<string, string>> = {
  apiKey: "--secret runpod:apiKey <key>",
  tags: "--path runpod:tags.<key> <value>",
};
/** Pulumi's options for a resource. */
const OPTIONS = [
  "additionalSecretOutputs",
  "aliases",
  "customTimeouts",
  "deleteBeforeReplace",
  "deletedWith",
  "dependsOn",
  "envVarMappings",
  "hideDiffs",
  "hooks",
  "id",
  "ignoreChanges",
  "import",
  "parent",
  "pluginDownloadURL",
  "protect",
  "provider",
  "providers",
  "replaceOnChanges",
  "replaceWith",
  "replacementTrigger",
  "retainOnDelete",
  "stateMigrations",
  "transformations",
  "transforms",
  "urn",
  "version",
];
/** The kinds that wait for something, and are no objects at RunPod. */
const WAITS: readonly Kind[] = ["PodEndpoint", "EndpointReady"];
/** The input that takes the id of an object that the program does not manage. */
const ID_INPUTS: { readonly [K in Kind]?: string } = {
  Template: "templateId",
  Volume: "networkVolumeId",
  Pod: "podId",
  ServerlessEndpoint: "endpointId",
  RegistryAuth: "containerRegistryAuthId",
  CostCenter: "costCenterId",
};

/** An argument that takes a resource of this program, and the input that takes an id instead. */
interface Reference {
  readonly field: string;
  readonly kind: Kind;
  readonly idField: string;
}

/**
 * Checks the arguments of a resource's constructor.
 * @throws RunError that names the mistake and the remedy
 */
export function refuseMistakes(
  kind: Kind,
  name: unknown,
  args: unknown,
  opts: unknown,
  reference?: Reference,
): void {
  if (typeof name !== "string" || name === "") {
    throw refusal(
      safe`${kind} needs a name as its first argument, as in new ${kind}("llm", { … }).`,
    );
  }
  const refuse = (text: Safe) => refusal(safe`${kind} '${name}': ${text}`);
  if (!isPlainObject(args)) {
    throw refuse(
      safe`the second argument must be an object of inputs, not ${what(args)}. Pass the inputs directly; any of their values may be an output.`,
    );
  }
  if (!isPlainObject(opts)) {
    throw refuse(
      safe`the third argument must be an object of options, not ${what(opts)}. Pass options such as { provider } or { parent: this }.`,
    );
  }
  refuseOptions(kind, name, opts, refuse);
  refuseInputs(args, refuse, reference);
  const parent = opts["parent"] as pulumi.Resource | undefined;
  const provider = opts["provider"] ?? opts["providers"] ?? parent?.getProvider(typeToken(kind));
  if (provider === undefined) {
    refuseConfiguration();
  }
  refuseUnreachableHandlers();
}

/** Replaces the `get` of other resources. */
export function getIsNotAvailable(kind: string): never {
  throw refusal(safe`${kind}.get is not available: ${importing(kind as Kind)}`);
}

/** Checks the arguments of a `Provider`. */
export function refuseProviderArgs(name: unknown, args: unknown): void {
  if (!isPlainObject(args)) {
    throw refusal(
      safe`Provider '${name}': the second argument must be an object, not ${what(args)}. Pass an object such as { apiKey }.`,
    );
  }
  const unknown = Object.keys(args).find((key) => !SETTINGS.includes(key));
  if (unknown === undefined) {
    return;
  }
  const meant = nearest(unknown, SETTINGS);
  throw refusal(
    safe`Provider '${name}': ${unknown} is not an argument of a Provider. ${meant ? `Did you mean ${meant}?` : `Use ${SETTINGS.join(", ")}.`}`,
  );
}

/** Kinds that were warned about already: once is enough. */
const warned = new Set<Kind>();

function refuseOptions(
  kind: Kind,
  name: string,
  opts: Record<string, unknown>,
  refuse: (text: Safe) => Error,
): void {
  for (const option of ["import", "id"]) {
    if (opts[option]) {
      throw refuse(safe`the option ${option} is not available: ${importing(kind)}`);
    }
  }
  for (const option of Object.keys(opts)) {
    const meant = nearest(option, OPTIONS);
    if (meant) {
      throw refuse(safe`${option} is not an option. Did you mean ${meant}?`);
    }
  }
  if (!WAITS.includes(kind) && opts["deletedWith"]) {
    throw refuse(
      safe`the option deletedWith is not available: RunPod deletes no object together with another, so this one would stay and be billed. Remove the option, and use dependsOn to set the order.`,
    );
  }
  const provider = opts["provider"] ?? undefined;
  if (provider !== undefined && !pulumi.ProviderResource.isInstance(provider)) {
    throw refuse(
      safe`the option provider must be a Provider, not ${what(provider)}. Create one with new Provider("name", { apiKey }).`,
    );
  }
  if (!WAITS.includes(kind) && opts["customTimeouts"] && !warned.has(kind)) {
    warned.add(kind);
    void pulumi.log.warn(
      safe`${kind} '${name}': customTimeouts have no effect on a ${kind}. Remove them. Only a PodEndpoint and an EndpointReady wait, up to their timeout.`,
    );
  }
}

function refuseInputs(
  args: Record<string, unknown>,
  refuse: (text: Safe) => Error,
  reference: Reference | undefined,
): void {
  for (const [field, value] of Object.entries(args)) {
    if (value === undefined || value === null) {
      continue;
    }
    if (field === reference?.field) {
      const { kind, idField } = reference;
      if (!isOfKind(value, kind)) {
        throw refuse(
          safe`${field} must be a ${kind} of this program, not ${typeof value === "string" ? JSON.stringify(value) : what(value)}. To use an id, set ${idField} instead.`,
        );
      }
      if ((args[idField] ?? undefined) !== undefined) {
        throw refuse(safe`${idField} cannot be combined with ${field}. Remove one of them.`);
      }
    } else if (OPTIONS.includes(field)) {
      throw refuse(
        safe`${field} is an option, not an input. Move it to the third argument: { ${field}: … }.`,
      );
    } else if (pulumi.Resource.isInstance(value)) {
      throw refuse(
        safe`${field} must be a value, not ${what(value)}. Pass one of its outputs, such as its id.`,
      );
    }
  }
}

/**
 * Rejects a misspelled key of this package, which nothing would read. Other keys in the same
 * namespace belong to RunPod's own Pulumi provider.
 */
function refuseConfiguration(): void {
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const [namespace = "", setting = ""] = key.split(":", 2);
    const isOurs = namespace === "runpod";
    if (!isOurs && namespace === pulumi.getProject()) {
      continue;
    }
    const meant = CONFIGURATION.find((one) => one === setting) ?? nearest(setting, CONFIGURATION);
    const isMisspelt = isOurs ? meant !== setting : nearest(namespace, ["runpod"]) !== undefined;
    if (meant === undefined || !isMisspelt) {
      continue;
    }
    const value = CONFIGURING[meant] ?? `runpod:${meant} <url>`;
    throw refusal(
      safe`${key} in the stack's configuration is not a setting. Did you mean runpod:${meant}? Run \`pulumi config set ${value}\` and \`pulumi config rm ${key}\`.`,
    );
  }
}

/** The folder in which the CLI started the program, and in which it starts the plugin process. */
const started = process.cwd();
let areHandlersReachable: boolean | undefined;

/**
 * The line in the state loads the handlers from the program's folder. If only another package
 * depends on this one, a strict package manager does not install it there.
 */
function refuseUnreachableHandlers(): void {
  // In tests and in programs of the Automation API, the plugin's folder is not known here.
  if (!/[\\/]cmd[\\/]run[\\/]index\.js$/.test(require.main?.filename ?? "")) {
    return;
  }
  const folders = [started, pulumi.getRootDirectory()];
  areHandlersReachable ??= folders.some((folder) => resolves(`${PACKAGE}/handlers`, folder));
  if (areHandlersReachable) {
    return;
  }
  throw refusal(
    safe`${PACKAGE} cannot be loaded from the program's folder ${started}, because only another package depends on it. Add it to the dependencies of the program's package.json: run \`npm install ${PACKAGE}\` there (or pnpm add, yarn add, bun add).`,
  );
}

function resolves(request: string, folder: string): boolean {
  try {
    createRequire(`${folder}/`).resolve(request);
    return true;
  } catch {
    return false;
  }
}

function importing(kind: Kind): Safe {
  const id = ID_INPUTS[kind];
  const use = id ? ` To use it without managing it, pass its id as ${id}.` : "";
  return safe`Pulumi cannot read a dynamic resource that is not in the state. To manage an existing object, describe it in a file for \`pulumi import --file\`; see "Importing existing resources" in docs/import.md.${use}`;
}

function refusal(message: Safe): Error {
  return new pulumi.RunError(message);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !pulumi.Resource.isInstance(value) &&
    !isLater(value)
  );
}

function isLater(value: object): boolean {
  return pulumi.Output.isInstance(value) || typeof Object(value).then === "function";
}

function isOfKind(value: unknown, kind: Kind): boolean {
  return Object(value).__pulumiType === typeToken(kind);
}

/** Describes a value for an error. Does not show a string, since it may be a key. */
function what(value: unknown): string {
  if (value === undefined || value === null) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (pulumi.Resource.isInstance(value)) {
    return `a ${String(Object(value).__pulumiType).split(":").at(-1)}`;
  }
  if (typeof value === "object" && isLater(value)) {
    return "an output or a promise";
  }
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
