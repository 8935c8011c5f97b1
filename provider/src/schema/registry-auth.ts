import type { CreateRegistryRequest, Registry } from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { flag, text } from "./values";

/** Inputs of credentials for a container registry. RunPod cannot change them: every change replaces them. */
export interface RegistryAuthInputs {
  /** The name of the credentials, up to 191 characters. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates them even if others with the same name exist outside this stack. @default false */
  allowDuplicateName?: boolean;
  /** The user name at the registry. */
  username: string;
  /** The password or access token. It is stored encrypted in the state, and RunPod never shows it. */
  password: string;
}

/** RunPod's request and response bodies for registry credentials. */
interface RegistryAuthWire {
  readonly request: CreateRegistryRequest;
  readonly answer: Registry;
}

const short = text.max(191, "must have at most 191 characters");

export const registryAuthFields: FieldTable<RegistryAuthInputs, RegistryAuthWire> = {
  name: { value: short, change: "replace", removal: "change", wire: "name", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
  username: {
    value: short,
    required: true,
    change: "replace",
    removal: "change",
    wire: "username",
  },
  password: {
    value: text.max(16_384, "must have at most 16384 characters"),
    required: true,
    change: "replace",
    removal: "change",
    wire: "password",
    secret: "whole",
  },
};
