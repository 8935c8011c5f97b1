import type { CreateTagRequest, UpdateTagRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Account } from "../state/store";
import { checkedResources } from "./attributions";
import { type ObjectRules, timestamp } from "./rules";

export const tags: ObjectRules<"tags", CreateTagRequest, UpdateTagRequest> = {
  kind: "tags",
  noun: "tag",
  idPrefix: "cm",
  idLength: 23,
  createSchema: "CreateTagRequest",
  create(account, { key, value, resources }, now) {
    const trimmed = checkedKey(key);
    checkUnique(account, trimmed, value);
    const attached = checkedResources(account, resources);
    return { key: trimmed, value, createdAt: now, updatedAt: now, resources: attached };
  },
  update: {
    schema: "UpdateTagRequest",
    apply(account, tag, { key = tag.key, value = tag.value, resources }, now) {
      const trimmed = checkedKey(key);
      if (trimmed !== tag.key || value !== tag.value) {
        checkUnique(account, trimmed, value);
      }
      const attached = resources && checkedResources(account, resources);
      Object.assign(tag, { key: trimmed, value, updatedAt: now });
      tag.resources = attached ?? tag.resources;
    },
  },
  view: ({ id, key, value, createdAt, updatedAt }) => ({
    id,
    key,
    value,
    createdAt: timestamp(createdAt),
    updatedAt: timestamp(updatedAt),
  }),
  label: ({ key, value }) => `${key}=${value}`,
  isDeletedTwice: true,
};

function checkedKey(key: string): string {
  const trimmed = key.trim();
  if (/^runpod:/i.test(trimmed)) {
    throw new ApiError(400, `tag key "${trimmed}" must not start with runpod:`);
  }
  return trimmed;
}

function checkUnique({ tags: all }: Account, key: string, value: string): void {
  if ([...all.peek()].some((tag) => tag.key === key && tag.value === value)) {
    throw new ApiError(409, `a tag ${key}=${value} already exists`);
  }
}
