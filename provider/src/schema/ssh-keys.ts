import type { SshKeys, UpdateSshKeysRequest } from "@runpod-stack/openapi";
import { z } from "zod";
import type { FieldTable } from "./field";
import { publicKeyProblem } from "./values";

/** Inputs of SSH keys of the account. Keys that others have added stay. */
export interface SshKeysInputs {
  /**
   * Public keys to add to the account, such as "ssh-ed25519 AAAA… me@laptop". Pods that are created
   * with `startSsh` afterwards accept them.
   */
  keys: string[];
}

/** RunPod's request and response bodies for SSH keys. */
interface SshKeysWire {
  readonly request: UpdateSshKeysRequest;
  readonly answer: SshKeys;
}

const FORM = /^(ssh|ecdsa|sk)-[^\s]+ [^\s]+([ \t][^\n\r]*)?$/;

const key = z.string({ error: "must be a string" }).superRefine((value, context) => {
  const message =
    publicKeyProblem(value) ??
    (FORM.test(value)
      ? undefined
      : 'must be one public key. Use the content of the .pub file, such as "ssh-ed25519 AAAA…"');
  if (message !== undefined) {
    context.addIssue({ code: "custom", message });
  }
});

const keys = z
  .array(key, { error: "must be a list of public keys" })
  .min(1, "must not be empty. List public keys, or remove the resource")
  .superRefine((list, context) => {
    const ids = list.map(keyId);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) < index) {
        const message = "is listed twice. Remove one";
        context.addIssue({ code: "custom", path: [index], message });
      }
    }
  });

export const sshKeysFields: FieldTable<SshKeysInputs, SshKeysWire> = {
  keys: {
    value: keys,
    required: true,
    change: "update",
    removal: "change",
    wire: "keys",
    unordered: true,
    observed: true,
  },
};

/** A key without its comment: two lines with the same one are the same key. */
export function keyId(line: string): string {
  return line.trim().split(/\s+/, 2).join(" ");
}
