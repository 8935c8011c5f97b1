import * as pulumi from "@pulumi/pulumi";
import type { RegistryAuthInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `RegistryAuth`. */
export interface RegistryAuthArgs extends Args<RegistryAuthInputs> {}

/**
 * Credentials for a container registry, to pull private images with. RunPod cannot change them: a
 * change creates new ones before it deletes the old ones.
 *
 * @example
 * const ghcr = new RegistryAuth("ghcr", { username: "acme", password: config.requireSecret("ghcrToken") });
 * new Pod("llm", { imageName: "ghcr.io/acme/llm:1.4.0", containerRegistryAuthId: ghcr.registryAuthId, … });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class RegistryAuth extends DynamicResource {
  static readonly __pulumiType = typeToken("RegistryAuth");
  constructor(name: string, args: RegistryAuthArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("RegistryAuth", name, args, opts);
    const password = args.password === undefined ? undefined : pulumi.secret(args.password);
    super(
      "RegistryAuth",
      name,
      { ...args, password, ...ownershipInputs("RegistryAuth", name, opts) },
      ["name"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is RegistryAuth {
    return DynamicResource.isOfKind(object, "RegistryAuth");
  }

  /** The id of the credentials at RunPod, for `containerRegistryAuthId`. */
  get registryAuthId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface RegistryAuth extends Outputs<RegistryAuthInputs, "name"> {}
