import type * as pulumi from "@pulumi/pulumi";
import type { Template } from "../api";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { type SecretEnv, secretEnv } from "./environment";
import { byName, filled, findOne, fits } from "./one";

/** Arguments of `getTemplate`: an id or a name. */
export interface GetTemplateArgs {
  /** The template's id. */
  templateId?: string;
  /** The template's name, if only one template of the account has it. */
  name?: string;
}

/** Arguments of `getTemplates`. A template must satisfy all of them. */
export interface GetTemplatesArgs {
  /** `account` for the account's own templates; `official`, `verified` or `community` for those of RunPod's catalog. @default account */
  source?: "account" | "official" | "verified" | "community";
  /** Only templates with this name, in which * stands for any characters. @default any */
  name?: string;
  /** Only templates for serverless workers, or only templates for pods. @default both */
  isServerless?: boolean;
  /** Only templates for this hardware: `NVIDIA`, `AMD` or `CPU`. @default any */
  category?: "NVIDIA" | "AMD" | "CPU";
}

/** Result of `getTemplates`. */
export interface GetTemplatesResult {
  /** The templates' ids, in the order of their names. */
  ids: string[];
  /** The templates in the same order, without their environment variables: `getTemplate` reads those. */
  templates: TemplateInfo[];
}

/** Result of `getTemplate`. */
export interface GetTemplateResult extends TemplateInfo {
  /** Environment variables. Each value is secret. */
  env: SecretEnv;
}

/** A template. */
export interface TemplateInfo {
  /** The template's id, for the `templateId` of a pod or an endpoint. */
  templateId: string;
  /** The template's name. */
  name: string;
  /** The container image; null if RunPod does not report it. */
  imageName: string | null;
  /** Container disk in GB. */
  containerDiskInGb: number | null;
  /** Persistent disk in GB; null if there is none. */
  volumeInGb: number | null;
  /** The mount path of the persistent disk; null if there is none. */
  volumeMountPath: string | null;
  /** Exposed ports, such as "8000/http". */
  ports: string[];
  /** Replaces the image's ENTRYPOINT; null if it is not set. */
  dockerEntrypoint: string[] | null;
  /** Replaces the image's CMD; null if it is not set. */
  dockerStartCmd: string[] | null;
  /** The id of the credentials for a private registry; null if there are none. */
  containerRegistryAuthId: string | null;
  /** Host CUDA versions to accept; empty for any. */
  allowedCudaVersions: string[];
  /** The hardware it is for: `NVIDIA`, `AMD` or `CPU`. */
  category: string;
  /** Whether other accounts can see the template. */
  isPublic: boolean;
  /** Whether the template is for serverless workers. */
  isServerless: boolean;
}

/**
 * Reads a template that this program does not manage. Fails if there is none, or more than one with
 * the name.
 *
 * @example
 * const { templateId } = await getTemplate({ name: "vllm" });
 */
export function getTemplate(
  args: GetTemplateArgs,
  opts: FunctionOptions = {},
): Promise<GetTemplateResult> {
  return call(one, args, opts);
}

/** Like `getTemplate`, with arguments that may be outputs. */
export function getTemplateOutput(
  args: OutputArgs<GetTemplateArgs>,
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetTemplateResult> {
  return callOutput(one, args, opts);
}

/**
 * Finds templates of the account, or of RunPod's catalog, by name.
 *
 * @example
 * const { templates } = await getTemplates({ source: "official", name: "Runpod Pytorch*" });
 */
export function getTemplates(
  args: GetTemplatesArgs = {},
  opts: FunctionOptions = {},
): Promise<GetTemplatesResult> {
  return call(many, args, opts);
}

/** Like `getTemplates`, with arguments that may be outputs. */
export function getTemplatesOutput(
  args: OutputArgs<GetTemplatesArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetTemplatesResult> {
  return callOutput(many, args, opts);
}

const one: Definition<GetTemplateArgs, GetTemplateResult> = {
  name: "getTemplate",
  arguments: ({ objectId, text }) => ({ templateId: objectId, name: text }),
  async read(account, { templateId, name }) {
    const { templates } = account.api;
    const kind = { noun: "template", idField: "templateId", ...templates };
    const template = await findOne(account, kind, { id: templateId, name });
    return { ...infoOf(template), env: secretEnv(template.env) };
  },
};

const many: Definition<GetTemplatesArgs, GetTemplatesResult> = {
  name: "getTemplates",
  arguments: ({ flag, oneOf, text }) => ({
    source: oneOf(["account", "official", "verified", "community"]),
    name: text,
    isServerless: flag,
    category: oneOf(["NVIDIA", "AMD", "CPU"]),
  }),
  async read({ api }, { source = "account", ...args }) {
    const all =
      source === "account" ? await api.templates.list() : await api.catalog.templates(source);
    const templates = all
      .toSorted(byName)
      .map(infoOf)
      .filter((template) => isWanted(template, args));
    return { ids: templates.map(({ templateId }) => templateId), templates };
  },
};

function isWanted(template: TemplateInfo, args: GetTemplatesArgs): boolean {
  const { isServerless = template.isServerless, category = template.category } = args;
  return (
    fits(template.name, args.name) &&
    template.isServerless === isServerless &&
    template.category === category
  );
}

function infoOf(template: Template): TemplateInfo {
  const { persistent } = template.mounts ?? {};
  return {
    templateId: template.id,
    name: template.name,
    imageName: template.image ?? null,
    containerDiskInGb: template.disk ?? null,
    volumeInGb: persistent?.size ?? null,
    volumeMountPath: persistent?.path ?? null,
    ports: [...(template.ports ?? [])],
    dockerEntrypoint: filled(template.entrypoint),
    dockerStartCmd: filled(template.cmd),
    containerRegistryAuthId: template.registry ?? null,
    allowedCudaVersions: [...(template.allowedCudaVersions ?? [])],
    category: template.category,
    isPublic: template.public ?? false,
    isServerless: template.serverless ?? false,
  };
}
