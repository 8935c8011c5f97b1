import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { byName, fits } from "./one";

/** Arguments of `getRegistries`. */
export interface GetRegistriesArgs {
  /** Only registries with this name, in which * stands for any characters. @default any */
  name?: string;
}

/** Result of `getRegistries`. */
export interface GetRegistriesResult {
  /** The ids, in the order of their names. */
  ids: string[];
  /** The registries in the same order. */
  registries: RegistryInfo[];
}

/** Stored credentials for a private registry. RunPod never shows the credentials themselves. */
export interface RegistryInfo {
  /** The id, for the `containerRegistryAuthId` of a pod, an endpoint or a template. */
  registryAuthId: string;
  /** The name of the credentials. */
  name: string;
}

/**
 * Finds the account's credentials for private registries, by name.
 *
 * @example
 * const { ids: [containerRegistryAuthId] } = await getRegistries({ name: "ghcr" });
 */
export function getRegistries(
  args: GetRegistriesArgs = {},
  opts: FunctionOptions = {},
): Promise<GetRegistriesResult> {
  return call(definition, args, opts);
}

/** Like `getRegistries`, with arguments that may be outputs. */
export function getRegistriesOutput(
  args: OutputArgs<GetRegistriesArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetRegistriesResult> {
  return callOutput(definition, args, opts);
}

const definition: Definition<GetRegistriesArgs, GetRegistriesResult> = {
  name: "getRegistries",
  arguments: ({ text }) => ({ name: text }),
  async read({ api }, { name }) {
    const registries = (await api.registries.list())
      .filter((registry) => fits(registry.name, name))
      .toSorted(byName)
      .map((registry) => ({ registryAuthId: registry.id, name: registry.name }));
    return { ids: registries.map(({ registryAuthId }) => registryAuthId), registries };
  },
};
