import type { CreateSecretRequest, Secret, UpdateSecretRequest } from "@runpod-stack/openapi";
import { z } from "zod";
import type { FieldTable, Previewed } from "./field";
import { type Problem, problem, type Rule } from "./rules";
import { secretNameProblem } from "./secret-name";
import { isUnknown } from "./unknown";
import { text } from "./values";

/** Inputs of a secret: a value that containers read and that no API shows. */
export interface SecretInputs {
  /**
   * The secret's name, unique in the account. A new name replaces the secret. @default the
   * resource's name and a unique suffix
   */
  name?: string;
  /** The value. It is stored encrypted in the state, and RunPod never shows it. */
  value: string;
  /** What the secret is for. Everyone who can list the account's secrets can read it. */
  description?: string;
}

/** Outputs of a secret. */
export interface SecretOutputs {
  /** When the value was last written, in ISO 8601; null if RunPod does not report it. */
  valueLastUpdatedAt: string | null;
  /** When RunPod created the secret, in ISO 8601. */
  createdAt: string;
}

/** All stored properties of a secret. */
export interface SecretProperties extends SecretInputs, Partial<SecretOutputs> {}

const MOST_BYTES = 16_777_216;

/** RunPod's request and response bodies for secrets. */
interface SecretWire {
  readonly request: CreateSecretRequest & UpdateSecretRequest;
  readonly answer: Secret;
}

export const secretFields: FieldTable<SecretInputs, SecretWire> = {
  name: { value: text, change: "replace", removal: "change", wire: "name", observed: true },
  value: {
    value: text.refine((value) => Buffer.byteLength(value) < MOST_BYTES, {
      error: "must be smaller than 16 MiB",
    }),
    required: true,
    change: "update",
    removal: "change",
    secret: "whole",
    // RunPod does not report it, but when it was last written.
    observed: true,
  },
  description: {
    value: z.string({ error: "must be a string" }),
    change: "update",
    removal: "clear",
    cleared: "",
    wire: "description",
    observed: true,
  },
};

/** Rules between a secret's fields. */
export const secretRules: readonly Rule<SecretInputs>[] = [isReferable];

/** Also judges the automatic name. */
function isReferable(inputs: Previewed<SecretInputs>): Problem[] {
  const name = inputs["name"];
  const isKnown = typeof name === "string" && !isUnknown(name);
  const message = isKnown ? secretNameProblem(name) : undefined;
  return message === undefined ? [] : [problem("name", name, message)];
}
