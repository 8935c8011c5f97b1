import { isDeepStrictEqual } from "node:util";
import { type Safe, safe } from "@runpod-stack/kit";
import { mayHaveCommitted, messageFrom, UserError } from "../../core/errors";
import {
  checkInputs,
  type Hidden,
  keyId,
  type SshKeysInputs,
  type Stored,
  sshKeysFields,
  type Values,
} from "../../schema";
import { assertSameAccount } from "../lifecycle/account";
import type { Context } from "../lifecycle/context";
import { changedFields, storedChanges } from "../lifecycle/diff";
import { foundInputs } from "../lifecycle/drift";
import { type Handler, PartialFailure } from "../lifecycle/handler";
import { asFound, isImported, liveRecord } from "../lifecycle/record";
import { withToken } from "../lifecycle/token";
import { merged } from "./merge";

/** An account has one set of keys, of which a resource manages a part. */
const ID = "account";
const WHAT = "SSH keys of the account";
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;

/**
 * SSH keys of the account. RunPod's API only replaces the whole set, so every change reads the set,
 * merges and writes it, and reads it again: another writer may have replaced it in between.
 */
export const sshKeysHandler: Handler<SshKeysInputs> = {
  check(old, given) {
    const { keys } = given;
    // A .pub file ends with a line break.
    const trimmed = Array.isArray(keys)
      ? keys.map((key) => (typeof key === "string" ? key.trim() : key))
      : keys;
    return checkInputs(sshKeysFields, [], old, withToken(old, { ...given, keys: trimmed }));
  },

  diff(old, inputs) {
    const { changed } = changedFields(storedChanges(sshKeysFields, old, inputs));
    return { changed, replaces: [] };
  },

  async create(context, inputs) {
    const present = await context.api.sshKeys.get();
    for (const line of inputs.keys.filter((key) => present.map(keyId).includes(keyId(key)))) {
      context.say(
        safe`note: the SSH key ${label(line)} is already in the account. It stays there when this resource is deleted.`,
      );
    }
    return { id: ID, outputs: await synced(context, inputs, inputs.keys, {}) };
  },

  async read(context, _, stored) {
    const present = await context.api.sshKeys.get();
    const known = ownOf(stored);
    assertSeen(context, stored, present);
    const ids = present.map(keyId);
    const keys = (stored["keys"] ?? []).filter((line) => ids.includes(keyId(line)));
    const inputs = foundInputs(sshKeysFields, sshKeysHandler.check, stored, { keys });
    return { inputs, outputs: asFound(outputs(context, inputs, known, stored), stored) };
  },

  update: (context, _, old, inputs) => synced(context, inputs, inputs.keys, old),

  async delete(context, _, stored) {
    await synced(context, stored, [], stored);
  },
};

/** Brings the account's set up to date. @throws PartialFailure if it may not be, once it was written */
async function synced(
  context: Context,
  inputs: Values,
  wanted: readonly string[],
  old: Stored<SshKeysInputs>,
): Promise<Stored<SshKeysInputs>> {
  return inTurn(context, async () => {
    let own = ownOf(old);
    let isWritten = false;
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const present = await context.api.sshKeys.get();
        if (!isWritten) {
          assertSeen(context, old, present);
        }
        const target = merged(present, wanted, own);
        if (isDeepStrictEqual(target.keys, present)) {
          return outputs(context, inputs, target.own, old);
        }
        // From here on, a key that was not there is this resource's, whatever RunPod answers.
        own = [...new Set([...own, ...target.own])];
        isWritten = true;
        await replace(context, target.keys);
        await context.clock.sleep(PAUSE_MS * (attempt - 1));
      }
      throw new UserError(
        safe`RunPod accepted the change, but does not show it after ${ATTEMPTS} attempts. Another program may be replacing the account's SSH keys: stop it, and run \`pulumi up\` again.`,
      );
    } catch (error) {
      if (!isWritten) {
        throw error;
      }
      const reason = safe`${WHAT}: ${messageFrom(error)}`;
      throw new PartialFailure(ID, outputs(context, inputs, own, old), [reason]);
    }
  });
}

/** Writes the set. After a lost answer, the next read shows whether it was written. */
async function replace(context: Context, keys: readonly string[]): Promise<void> {
  try {
    await context.api.sshKeys.replace(keys);
  } catch (error) {
    if (!mayHaveCommitted(error)) {
      throw error;
    }
    context.say(safe`${WHAT}: RunPod gave no clear answer (${error.message}); reading them again`);
  }
}

function outputs(
  context: Context,
  inputs: Values,
  own: readonly string[],
  old: Stored<SshKeysInputs>,
): Stored<SshKeysInputs> {
  return { ...inputs, __added: own, __live: liveRecord(context, old as Hidden) };
}

/** The ids of the keys that a resource has added. An import takes over all that it names. */
function ownOf(stored: Stored<SshKeysInputs>): readonly string[] {
  const taken = isImported(stored) ? (stored["keys"] ?? []).map(keyId) : [];
  return stored["__added"] ?? taken;
}

/** @throws UserError if keys are missing that another account may have */
function assertSeen(
  context: Context,
  stored: Stored<SshKeysInputs>,
  present: readonly string[],
): void {
  const ids = present.map(keyId);
  if (ownOf(stored).some((id) => !ids.includes(id))) {
    assertSameAccount(context, WHAT, stored);
  }
}

const turns = new WeakMap<Context, Promise<unknown>>();

/** Resources of one program must not overwrite each other's keys. */
function inTurn<T>(context: Context, act: () => Promise<T>): Promise<T> {
  const before = turns.get(context) ?? Promise.resolve();
  const turn = before.then(act, act);
  turns.set(context, turn);
  return turn;
}

/** A key as messages name it: its comment, or the end of the key. */
function label(line: string): Safe {
  const [type, key = "", ...comment] = line.split(/\s+/);
  return comment.length > 0 ? safe`'${comment.join(" ")}'` : safe`${type} …${key.slice(-12)}`;
}
