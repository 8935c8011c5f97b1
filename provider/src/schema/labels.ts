import { z } from "zod";
import type { FieldTable } from "./field";
import { tagKey, tagValue } from "./tag";
import { objectId } from "./values";

/** Inputs of every resource that RunPod's bills can group. */
export interface LabelInputs {
  /**
   * Tags by key, for people and bills, in addition to the stack's `runpod:tags`. They are attached
   * and detached, never read back. @default those of `runpod:tags`
   */
  tags?: Record<string, string>;
  /** The id of the cost center to bill. Written, never read back. @default none */
  costCenterId?: string;
}

const tags: z.ZodType<Record<string, string>> = z
  .record(z.string(), tagValue, { error: "must be a map from keys to values" })
  .superRefine((map, context) => {
    for (const key of Object.keys(map)) {
      for (const { message } of tagKey.safeParse(key).error?.issues ?? []) {
        context.addIssue({ code: "custom", path: [key], message: `has a key that ${message}` });
      }
    }
  });

/** The rows of these inputs. */
export const labelFields = {
  tags: { value: tags, change: "attach", removal: "change" },
  costCenterId: { value: objectId, change: "attach", removal: "change" },
} as const satisfies FieldTable<LabelInputs>;
