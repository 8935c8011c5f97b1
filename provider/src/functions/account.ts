import * as pulumi from "@pulumi/pulumi";
import { foreign, hideSecretsOf, type Safe, safe } from "@runpod-stack/kit";
import type * as apis from "../api";
import { fallBackTo, missingKey } from "../core/api-key";
import { type Clock, systemClock } from "../core/clock";
import { UserError } from "../core/errors";
import { type Lookup, readSettings, type Settings } from "../core/settings";
import { argsOf } from "../resources/provider";
import { typeToken } from "../schema/tokens";

/** Whose account a function reads. */
export interface FunctionOptions {
  /** The account. @default the parent's, or that of the stack's configuration */
  provider?: pulumi.ProviderResource;
  /** A component whose provider is used if there is no `provider`. */
  parent?: pulumi.Resource;
}

/** An account, as functions use it. */
export interface Account {
  readonly api: apis.RunpodApi;
  readonly settings: Settings;
  readonly clock: Clock;
  /** Whether the call follows on a resource of this run, which RunPod may not show yet. */
  readonly mayLag: boolean;
}

/** By their settings: all functions of a program share a client, and so its rate limit. */
const accounts = new Map<string, Account>();

/**
 * The account for a call; undefined if a preview does not know its settings yet.
 * @throws UserError if there is no key, or a URL cannot be used
 */
export async function accountOf(options: FunctionOptions): Promise<Account | undefined> {
  const provider = options.provider ?? options.parent?.getProvider(typeToken("Pod"));
  const config = provider === undefined ? stackConfig : await configOf(provider);
  if (config === undefined) {
    return undefined;
  }
  hideSecretsOf(process.env);
  const settings = readSettings(config, process.env);
  if (!settings.apiKey) {
    throw missingKey(config, process.env);
  }
  const name = JSON.stringify(settings);
  const account = accounts.get(name) ?? connect(settings, settings.apiKey);
  accounts.set(name, account);
  return account;
}

/** A setting of the stack; a key without a namespace is the project's. */
function stackConfig(key: string): string | undefined {
  return pulumi.runtime.getConfig(key.includes(":") ? key : `${pulumi.getProject()}:${key}`);
}

async function configOf(provider: pulumi.ProviderResource): Promise<Lookup | undefined> {
  const args = argsOf(provider);
  if (args === undefined) {
    throw new UserError(
      safe`the option provider must be a Provider of @runpod-stack/provider. Create one with new Provider("name", { apiKey }).`,
    );
  }
  const known = pulumi.output({ ...args }) as unknown as Settled<Record<string, string>>;
  if (!(await known.isKnown)) {
    return undefined;
  }
  const values = await known.promise();
  return (key) =>
    key === "runpod:explicit" ? "true" : values[key.slice("runpod:".length)] || undefined;
}

/** An output outside of `apply`, which is not called for a value that is unknown. */
interface Settled<T> {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<T>;
}

function connect(settings: Settings, apiKey: string): Account {
  // Most programs call no function, and this takes a tenth of a second.
  const { createRunpodApi }: typeof apis = require("../api");
  const { apiUrl, graphqlUrl, fallbackApiKey } = settings;
  const log = (line: string) => say(foreign(line));
  const hooks = { onUnauthorized: fallBackTo(fallbackApiKey, say) };
  const clock = systemClock;
  const api = createRunpodApi({ apiKey, apiUrl, graphqlUrl, clock, log, hooks });
  return { api, settings, clock, mayLag: false };
}

function say(line: Safe): void {
  void pulumi.log.info(line);
}
