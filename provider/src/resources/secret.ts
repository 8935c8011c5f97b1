import * as pulumi from "@pulumi/pulumi";
import { safe } from "@runpod-stack/kit";
import type { SecretInputs, SecretOutputs } from "../schema";
import { secretNameProblem } from "../schema/secret-name";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `Secret`. */
export interface SecretArgs extends Args<SecretInputs> {}

/**
 * A value that RunPod stores encrypted and puts into containers when they boot. No API shows it.
 *
 * @example
 * const token = new Secret("hf-token", { value: config.requireSecret("hfToken") });
 * new Pod("llm", { …, env: { HF_TOKEN: runpodSecret(token) } });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Secret extends DynamicResource {
  static readonly __pulumiType = typeToken("Secret");
  constructor(name: string, args: SecretArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Secret", name, args, opts);
    const value = args.value === undefined ? undefined : pulumi.secret(args.value);
    super(
      "Secret",
      name,
      { ...args, value, ...ownershipInputs("Secret", name, opts) },
      ["name"],
      opts,
    );
  }

  static override isInstance(object: unknown): object is Secret {
    return DynamicResource.isOfKind(object, "Secret");
  }

  /** The secret's id at RunPod. */
  get secretId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface Secret extends Outputs<SecretInputs, "name">, Outputs<SecretOutputs> {}

/**
 * The reference to a secret, for a value of `env`. RunPod replaces it when the container boots.
 * @param secret the secret, or the name of one that the program does not manage
 *
 * @example
 * new Pod("llm", { …, env: { HF_TOKEN: runpodSecret("hf_token") } });
 */
export function runpodSecret(secret: Secret | pulumi.Input<string>): pulumi.Output<string> {
  if (typeof secret === "string") {
    return pulumi.output(reference(secret));
  }
  const name = Secret.isInstance(secret) ? secret.name : pulumi.output(secret);
  return name.apply(reference);
}

function reference(name: string): string {
  const problem = secretNameProblem(name);
  if (problem !== undefined) {
    throw new pulumi.RunError(safe`runpodSecret: the name ${JSON.stringify(name)} ${problem}.`);
  }
  return `{{ RUNPOD_SECRET_${name} }}`;
}
