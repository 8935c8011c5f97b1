import type * as pulumi from "@pulumi/pulumi";
import type { TagInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { ownershipInputs } from "./ownership";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";

/** Inputs of a `Tag`. */
export interface TagArgs extends Args<TagInputs> {}

/**
 * A tag that this program renames and deletes. To only put tags on objects, set their input `tags`,
 * which needs no `Tag`.
 *
 * @example
 * const team = new Tag("team", { key: "team", value: "research" });
 * new Pod("llm", { tags: { team: team.value }, … });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every property
export class Tag extends DynamicResource {
  static readonly __pulumiType = typeToken("Tag");
  constructor(name: string, args: TagArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("Tag", name, args, opts);
    super("Tag", name, { ...args, ...ownershipInputs("Tag", name, opts) }, [], opts);
  }

  static override isInstance(object: unknown): object is Tag {
    return DynamicResource.isOfKind(object, "Tag");
  }

  /** The tag's id at RunPod. */
  get tagId(): pulumi.Output<string> {
    return this.id;
  }
}

export interface Tag extends Outputs<TagInputs> {}
