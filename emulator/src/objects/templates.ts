import type {
  CreateTemplateRequest,
  Template as TemplateView,
  UpdateTemplateRequest,
} from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import { closeEntry, openEntry } from "../money/ledger";
import { applyCommand, commandView, IMAGE_COMMAND } from "../state/container-command";
import type { Account, Template } from "../state/store";
import { newIdentity, type World } from "../state/world";
import { checkEnv, checkName, checkPorts } from "./checks";

/** A valid create body: the generated type does not show that it has an image. */
export type NewTemplate = CreateTemplateRequest & { image: string };

/** RunPod's description has no default; this is the small one that guides warn about. */
const MOST_PUBLIC = 100;
export const DEFAULT_DISK_GB = 20;

const ID_LENGTH = 10;

export function createTemplate(world: World, account: Account, fields: NewTemplate): Template {
  checkFields(account, fields);
  const identity = newIdentity(world, ID_LENGTH);
  const template: Template = {
    ...identity,
    name: fields.name,
    image: fields.image,
    command: applyCommand(IMAGE_COMMAND, fields),
    disk: fields.disk ?? DEFAULT_DISK_GB,
    ports: fields.ports ?? [],
    env: fields.env ?? {},
    registry: fields.registry || null,
    mounts: fields.mounts ?? {},
    serverless: fields.serverless ?? false,
    public: fields.public ?? false,
    category: fields.category ?? "NVIDIA",
    startSsh: fields.startSsh ?? true,
    startJupyter: fields.startJupyter ?? true,
    allowedCudaVersions: fields.allowedCudaVersions ?? [],
    entry: openEntry(
      world.store.ledger,
      "templates",
      account,
      { id: identity.id, name: fields.name },
      world.clock.now(),
    ),
  };
  account.templates.add(template);
  return template;
}

/** Changes only the fields in the body; `registry: ""` clears it, and null is ignored. */
export function updateTemplate(
  account: Account,
  template: Template,
  fields: UpdateTemplateRequest,
): Template {
  checkFields(account, fields);
  const { registry, args, entrypoint, cmd, mounts, ...plain } = fields;
  template.command = applyCommand(template.command, fields);
  Object.assign(template, plain);
  if (mounts?.persistent) {
    template.mounts = mounts;
  }
  if (typeof registry === "string") {
    template.registry = registry || null;
  }
  template.entry.name = template.name;
  return template;
}

/** @throws 400 while a pod that was created from it lives. */
export function deleteTemplate(world: World, account: Account, template: Template): void {
  const users = world.store.accounts
    .flatMap(({ pods }) => [...pods.peek()])
    .filter(({ templateId }) => templateId === template.id);
  if (users.length > 0) {
    const ids = users.map(({ id }) => id).join(", ");
    throw new ApiError(400, `template is in use by pod ${ids} and cannot be deleted`);
  }
  account.templates.remove(template.id);
  closeEntry(account, template.entry, world.clock.now());
}

/** The account's templates, and the public ones of other accounts. */
export function readTemplate(world: World, account: Account, id: string): Template {
  const template =
    account.templates.read(id) ??
    world.store.accounts
      .map(({ templates }) => templates.read(id))
      .find((other) => other?.public === true);
  if (!template) {
    throw notFound("template", id);
  }
  return template;
}

/** The public templates of all accounts, as many as RunPod lists. */
export function publicTemplates({ store }: World): Template[] {
  const all = store.accounts.flatMap(({ templates }) => templates.list());
  return all.filter((template) => template.public).slice(0, MOST_PUBLIC);
}

export function ownTemplate(account: Account, id: string): Template {
  const template = account.templates.find(id);
  if (!template) {
    throw notFound("template", id);
  }
  return template;
}

/** As v2 answers. */
export function templateView(template: Template): TemplateView {
  const { seq, entry, command, ...fields } = template;
  return { ...fields, ...commandView(command) };
}

function checkFields(account: Account, fields: UpdateTemplateRequest): void {
  checkName(fields.name ?? "");
  checkPorts(fields.ports ?? []);
  checkEnv(fields.env ?? {});
  if (fields.registry && !account.registries.find(fields.registry)) {
    throw new ApiError(400, `registry "${fields.registry}" not found`);
  }
}
