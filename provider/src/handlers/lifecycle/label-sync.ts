import { type Safe, safe } from "@runpod-stack/kit";
import type { AttributableResource } from "../../api";
import { isRunpodError, messageFrom, sentence } from "../../core/errors";
import type { Labels } from "../../schema";
import type { Context } from "./context";
import { createOnce } from "./create-once";
import { pollUntilFound } from "./poll";

/** The labels that a program wants on an object. */
export interface Wanted {
  readonly tags: Readonly<Record<string, string>>;
  readonly costCenterId: string | undefined;
}

/** An object, and how messages name it. */
export interface Target {
  readonly context: Context;
  readonly resource: AttributableResource;
  readonly what: string;
}

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;

/** Attaches and detaches. @returns what is attached now */
export async function syncLabels(target: Target, before: Labels, wanted: Wanted): Promise<Labels> {
  const tags = { ...before.tags };
  for (const [key, value] of Object.entries(wanted.tags)) {
    const old = tags[key];
    if (old?.value === value) {
      continue;
    }
    const isDone = await attempt(
      target,
      safe`tag ${key}=${value} could not be attached`,
      async () => {
        tags[key] = { value, id: await attachTag(target, key, value) };
      },
    );
    if (isDone && old !== undefined) {
      await detach(target, "tags", old.id, safe`tag ${key}=${old.value}`);
    }
  }
  for (const [key, { id, value }] of Object.entries(tags)) {
    const isDropped = wanted.tags[key] === undefined;
    if (isDropped && (await detach(target, "tags", id, safe`tag ${key}=${value}`))) {
      delete tags[key];
    }
  }
  const costCenterId = await costCenter(target, before.costCenterId, wanted.costCenterId);
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(costCenterId !== undefined && { costCenterId }),
  };
}

async function costCenter(
  target: Target,
  before: string | undefined,
  wanted: string | undefined,
): Promise<string | undefined> {
  if (before === wanted) {
    return before;
  }
  const { api } = target.context;
  if (wanted === undefined) {
    const isGone = await detach(target, "costCenters", String(before), safe`cost center ${before}`);
    return isGone ? undefined : before;
  }
  const attach = () => present(target, () => api.costCenters.attach(wanted, target.resource));
  const isMoved = await attempt(target, safe`cost center ${wanted} could not be set`, async () => {
    try {
      await attach();
    } catch (error) {
      // An object has one cost center; RunPod may want the old one removed first.
      if (
        before === undefined ||
        !(isRunpodError(error, "conflict") || isRunpodError(error, "invalid"))
      ) {
        throw error;
      }
      await api.costCenters.detach(before, target.resource);
      await attach();
    }
  });
  return isMoved ? wanted : before;
}

/** @returns the tag's id */
async function attachTag(target: Target, key: string, value: string): Promise<string> {
  const { context, resource } = target;
  const id = await tagId(context, key, value);
  try {
    await present(target, () => context.api.tags.attach(id, resource));
    return id;
  } catch (error) {
    // Someone may have deleted the tag since it was listed.
    context.tagIds.delete(`${key}=${value}`);
    const listed = await context.tags.list(0);
    if (!isRunpodError(error, "notFound") || listed.some((tag) => tag.id === id)) {
      throw error;
    }
    const renewed = await tagId(context, key, value);
    await context.api.tags.attach(renewed, resource);
    return renewed;
  }
}

/** The id of the account's tag, which is created if there is none. Tags are shared, and cost nothing. */
function tagId(context: Context, key: string, value: string): Promise<string> {
  const name = `${key}=${value}`;
  const known = context.tagIds.get(name);
  if (known !== undefined) {
    return known;
  }
  const find = async (maxAgeMs?: number) =>
    (await context.tags.list(maxAgeMs)).find((tag) => tag.key === key && tag.value === value);
  const create = async () => {
    const created = await context.api.tags.create({ key, value });
    context.tags.put(created, true);
    return created;
  };
  const id = find()
    .then(
      async (found) =>
        found ??
        createOnce(context, `tag ${name}`, create, () =>
          pollUntilFound(context.clock, () => find(0)),
        ).catch(async (error) => {
          // Another program may have created it in the meantime.
          const other = isRunpodError(error, "conflict") ? await find(0) : undefined;
          return other ?? Promise.reject(error);
        }),
    )
    .then((tag) => tag.id);
  context.tagIds.set(name, id);
  id.catch(() => context.tagIds.delete(name));
  return id;
}

/** Repeats a request while RunPod may not know a new object yet. */
async function present(target: Target, request: () => Promise<void>): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return await request();
    } catch (error) {
      if (!isRunpodError(error, "notFound") || count === ATTEMPTS) {
        throw error;
      }
      await target.context.clock.sleep(PAUSE_MS);
    }
  }
}

/** @returns whether the label is off the object */
function detach(
  target: Target,
  list: "tags" | "costCenters",
  id: string,
  label: Safe,
): Promise<boolean> {
  return attempt(target, safe`${label} could not be removed`, async () => {
    try {
      await target.context.api[list].detach(id, target.resource);
    } catch (error) {
      if (!isRunpodError(error, "notFound")) {
        throw error;
      }
    }
  });
}

/** Nothing after a create may fail because of a label. @returns whether it worked */
async function attempt(
  { context, what }: Target,
  problem: Safe,
  act: () => Promise<void>,
): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    context.say(
      safe`warning: ${what}: ${problem}: ${sentence(messageFrom(error))} The object itself is not affected. The next \`pulumi up\` tries again.`,
    );
    return false;
  }
}
