import type { CreateTagRequest, Tag, UpdateTagRequest } from "@runpod-stack/openapi";
import { z } from "zod";
import type { FieldTable } from "./field";
import { text } from "./values";

/** Inputs of a tag. To put tags on objects, use the input `tags` of those. */
export interface TagInputs {
  /** The tag's key, up to 191 characters. `runpod:` at its start is reserved. */
  key: string;
  /** The tag's value, up to 191 characters. It may be empty. */
  value: string;
}

const LONGEST = 191;

/** The key of a tag. RunPod trims keys and reserves its own. */
export const tagKey = text
  .max(LONGEST, `must have at most ${LONGEST} characters`)
  .refine((key) => key === key.trim(), "must not begin or end with a space. Remove it")
  .refine((key) => !/^runpod:/i.test(key), "must not begin with runpod:, which RunPod reserves");

/** The value of a tag. */
export const tagValue = z
  .string({ error: "must be a string" })
  .max(LONGEST, `must have at most ${LONGEST} characters`);

/** RunPod's request and response bodies for tags. */
interface TagWire {
  readonly request: CreateTagRequest & UpdateTagRequest;
  readonly answer: Tag;
}

export const tagFields: FieldTable<TagInputs, TagWire> = {
  key: {
    value: tagKey,
    required: true,
    change: "update",
    removal: "change",
    wire: "key",
    observed: true,
  },
  value: {
    value: tagValue,
    required: true,
    change: "update",
    removal: "change",
    wire: "value",
    observed: true,
  },
};
