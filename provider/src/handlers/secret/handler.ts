import { safe } from "@runpod-stack/kit";
import type { CreateSecretRequest, Secret, UpdateSecretRequest } from "../../api";
import {
  fromWire,
  type Inputs,
  listed,
  type SecretInputs,
  type SecretProperties,
  type Stored,
  secretFields,
  secretRules,
  toWire,
} from "../../schema";
import { namedHandler } from "../lifecycle/named-handler";

/** Secrets: values that RunPod puts into containers and never shows. */
export const secretHandler = namedHandler<
  SecretInputs,
  Secret,
  CreateSecretRequest,
  UpdateSecretRequest
>({
  kind: "Secret",
  fields: secretFields,
  rules: secretRules,
  objects: ({ secrets, api }) => ({ snapshot: secrets, api: api.secrets }),

  warnings(_, changes, old) {
    const isRotated =
      listed(old["__drifted"]).includes("value") && changes.some(({ field }) => field === "value");
    return isRotated
      ? [
          safe`secret '${old["name"]}': its value was changed outside this program, at ${writtenAt(old)}. The program's value will be written again.`,
        ]
      : [];
  },

  body: (inputs, fields) => ({
    ...toWire(secretFields, inputs, fields),
    ...valueIn(inputs, fields),
  }),
  observed: (secret) => fromWire(secretFields, secret, {}),
  // The stored value no longer describes the secret, so an update writes the program's again.
  drift: (secret, stored) => (isRotated(secret, stored) ? { value: null } : {}),
  outputs: (secret, old) => ({
    valueLastUpdatedAt: latest(secret.valueLastUpdatedAt, writtenAt(old)),
    createdAt: secret.createdAt ?? (old as Stored<SecretProperties>)["createdAt"],
  }),
  fits: () => true,
  // An earlier run may have written another value.
  changesFound: (_, __, changes) => [...changes, { field: "value", change: "update" }],
});

function valueIn(inputs: Inputs<SecretInputs>, fields: readonly (keyof SecretInputs)[]) {
  return fields.includes("value") ? { value: inputs["value"] } : {};
}

/** Whether the value was written after the time that is stored. Unknown times prove nothing. */
function isRotated({ valueLastUpdatedAt }: Secret, stored: Stored<SecretInputs>): boolean {
  const { createdAt } = stored as Stored<SecretProperties>;
  const known = Date.parse(writtenAt(stored) ?? "");
  // RunPod may report the time of the first write only in some of its answers.
  const before = Number.isNaN(known) ? Date.parse(createdAt ?? "") + CREATION_MS : known;
  return Date.parse(valueLastUpdatedAt ?? "") > before;
}

/** How long RunPod may take to write a new secret. */
const CREATION_MS = 5_000;

function writtenAt(stored: Stored<SecretInputs>): string | null | undefined {
  return (stored as Stored<SecretProperties>)["valueLastUpdatedAt"];
}

/** A list may lag behind this provider's own write. */
function latest(reported: string | null | undefined, known: string | null | undefined) {
  return Date.parse(reported ?? "") < Date.parse(known ?? "") ? known : (reported ?? known ?? null);
}
