import type { CreateSecretRequest, UpdateSecretRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Secret } from "../state/account-objects";
import type { Account } from "../state/store";
import { type ObjectRules, timestamp } from "./rules";

const REFERENCE = /\{\{\s*RUNPOD_SECRET_([A-Za-z_][\w./-]*)\s*\}\}/g;

export const secrets: ObjectRules<"secrets", CreateSecretRequest, UpdateSecretRequest> = {
  kind: "secrets",
  noun: "secret",
  idLength: 25,
  createSchema: "CreateSecretRequest",
  create(account, { name, value, description }, now) {
    if (/^runpod/i.test(name)) {
      throw new ApiError(400, `secret name "${name}" must not start with RUNPOD`);
    }
    if (findSecret(account, name, isSameName)) {
      throw new ApiError(409, `a secret with the name "${name}" already exists`);
    }
    const shown = description || null;
    return { name, value, description: shown, createdAt: now, valueLastUpdatedAt: now };
  },
  update: {
    schema: "UpdateSecretRequest",
    apply(_, secret, { value, description }, now) {
      if (value !== undefined) {
        secret.value = value;
        secret.valueLastUpdatedAt = now;
      }
      if (description !== undefined) {
        secret.description = description || null;
      }
    },
  },
  view: ({ id, name, description, createdAt, valueLastUpdatedAt }) => ({
    id,
    name,
    description,
    createdAt: timestamp(createdAt),
    valueLastUpdatedAt: timestamp(valueLastUpdatedAt),
  }),
  label: ({ name }) => name,
  filters: { name: (secret, text) => isSameName(secret.name, text) },
};

/**
 * The environment with the values of the secrets that it refers to; the same object if it refers to
 * none. A reference to a secret that does not exist stays as written.
 */
export function resolveSecrets(
  account: Account,
  env: Readonly<Record<string, string>>,
): { readonly resolved: Readonly<Record<string, string>>; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const resolve = (reference: string, name: string) => {
    const secret = findSecret(account, name, (one, other) => one === other);
    if (secret === undefined) {
      missing.add(name);
    }
    return secret?.value ?? reference;
  };
  const entries = Object.entries(env).map(
    ([variable, text]) => [variable, text.replace(REFERENCE, resolve)] as const,
  );
  const isPlain = entries.every(([variable, text]) => text === env[variable]);
  return { resolved: isPlain ? env : Object.fromEntries(entries), missing: [...missing] };
}

function findSecret(
  { secrets: all }: Account,
  name: string,
  isSame: (one: string, other: string) => boolean,
): Secret | undefined {
  return [...all.peek()].find((secret) => isSame(secret.name, name));
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
