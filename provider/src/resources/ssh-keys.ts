import type * as pulumi from "@pulumi/pulumi";
import type { SshKeysInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of `SshKeys`. */
export interface SshKeysArgs extends Args<SshKeysInputs> {}

/**
 * Public SSH keys of the account, for pods with `startSsh`. It adds and removes its own keys, and
 * keeps all others.
 *
 * @example
 * const keys = new SshKeys("team", { keys: [readFileSync("alice.pub", "utf8")] });
 * new Pod("llm", { startSsh: true, … }, { dependsOn: keys });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class SshKeys extends DynamicResource {
  static readonly __pulumiType = typeToken("SshKeys");
  constructor(name: string, args: SshKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("SshKeys", name, args, opts);
    super("SshKeys", name, { ...args, ...ownershipInputs("SshKeys", name, opts) }, [], opts);
  }

  static override isInstance(object: unknown): object is SshKeys {
    return DynamicResource.isOfKind(object, "SshKeys");
  }
}

export interface SshKeys extends Outputs<SshKeysInputs> {}
