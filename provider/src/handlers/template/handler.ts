import { safe } from "@runpod-stack/kit";
import type { CreateTemplateRequest, Template } from "../../api";
import { isRunpodError } from "../../core/errors";
import {
  checkInputs,
  fromWire,
  type Inputs,
  type Previewed,
  type Reported,
  type Stored,
  type TemplateInputs,
  templateFields,
  templateRules,
  toWire,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { createNamed } from "../lifecycle/create-named";
import {
  differences,
  type InputChange,
  importedChanges,
  inputChanges,
  sameValue,
} from "../lifecycle/diff";
import { foundInputs } from "../lifecycle/drift";
import { confirm, deleteForSure } from "../lifecycle/gone";
import type { Handler } from "../lifecycle/handler";
import { asFound, isImported, liveRecord } from "../lifecycle/record";
import { storedCopy, withoutNewDefaults } from "../lifecycle/reported";
import { REFRESH_AGE_MS } from "../lifecycle/snapshot";
import { automaticName, withToken } from "../lifecycle/token";

type Input = keyof TemplateInputs;
const FIELDS = Object.keys(templateFields) as Input[];

/** Templates: settings that pods start from. RunPod copies them once, at the pod's creation. */
export const templateHandler: Handler<TemplateInputs> = {
  check(old, given) {
    return checkInputs(templateFields, templateRules, old, withToken(old, given), (inputs) => ({
      name: automaticName(inputs),
      volumeMountPath: inputs["volumeInGb"] === undefined ? undefined : "/workspace",
    }));
  },

  diff(old, inputs) {
    const changes = templateChanges(old, inputs);
    const replaces = changes.filter(({ change }) => change === "replace").map(({ field }) => field);
    return { changed: changes.map(({ field }) => field), replaces };
  },

  async create(context, inputs) {
    const template = await createNamed<Template>(context, inputs, {
      kind: "Template",
      noun: "template",
      snapshot: context.templates,
      fits: (found) => found.image === inputs["imageName"],
      create: () => context.api.templates.create(body(inputs, FIELDS) as CreateTemplateRequest),
      changes: (found) => differences(templateFields, { ...inputs, ...observed(found) }, inputs),
      update: ({ id }, fields) => context.api.templates.update(id, body(inputs, fields as Input[])),
      outputs: outputs(context, inputs),
    });
    return { id: template.id, outputs: outputs(context, inputs, observed(template)) };
  },

  async read(context, id, stored) {
    const listed = (await context.templates.list(REFRESH_AGE_MS)).find(
      (template) => template.id === id,
    );
    const what = `template '${stored["name"]}' (${id})`;
    const template =
      listed ?? (await confirm(context, what, stored, () => context.api.templates.get(id)));
    if (template === undefined) return undefined;
    const reported = observed(template);
    const inputs = foundInputs(templateFields, templateHandler.check, stored, reported);
    return { inputs, outputs: asFound(outputs(context, inputs, reported, stored), stored) };
  },

  async update(context, id, old, given) {
    const changes = templateChanges(old, given).map(({ field }) => field);
    const isUnfinished = changes.length === 0;
    const found = isUnfinished || isImported(old) ? await context.api.templates.get(id) : undefined;
    const reported = found === undefined ? {} : observed(found);
    const inputs = withoutNewDefaults(given, old, reported);
    const fields = isUnfinished
      ? FIELDS.filter((field) => field in reported && isWanted(field, inputs, old))
      : changes;
    const request = body(
      inputs,
      fields.filter((field) => !isThere(field, inputs, reported)),
    );
    const template =
      Object.keys(request).length === 0 ? found : await context.api.templates.update(id, request);
    if (template !== undefined) context.templates.put(template);
    return outputs(context, inputs, template === undefined ? {} : observed(template), old);
  },

  async delete(context, id, stored) {
    const what = `template '${stored["name"]}' (${id})`;
    try {
      await deleteForSure(context, what, stored, {
        remove: () => context.api.templates.delete(id),
        get: () => context.api.templates.get(id),
        bill: () => "not billed",
        remedy: ({ kind }) =>
          kind === "invalid" || kind === "conflict"
            ? "If pods or endpoints were created from it, delete those first, and run the same command again."
            : undefined,
      });
      context.templates.remove(id);
    } catch (error) {
      const pod =
        isRunpodError(error) &&
        (await podThatStays(context, (error.detail ?? "").replaceAll(id, "")));
      if (!pod) throw error;
      context.say(
        safe`${what} stays in the account: RunPod keeps a template while a pod that was created from it exists (${pod}). It costs nothing. Delete it in RunPod's console once that pod is gone.`,
      );
    }
  },
};

/** A pod of this stack for which RunPod refuses the deletion, and which this run does not delete. */
async function podThatStays(context: Context, refusal: string): Promise<string | undefined> {
  const ids = await context.journal.idsInState("Pod");
  return ids.find((id) => refusal.includes(id) && !context.deleting.has(id));
}

function templateChanges(
  old: Stored<TemplateInputs>,
  inputs: Previewed<TemplateInputs>,
): InputChange<Input>[] {
  const changes = inputChanges(templateFields, old, inputs);
  return isImported(old) ? importedChanges(changes, inputs) : changes;
}

/** What an unfinished update is about: not what an imported template has and the program leaves out. */
function isWanted(
  field: Input,
  inputs: Inputs<TemplateInputs>,
  old: Stored<TemplateInputs>,
): boolean {
  const { removal } = templateFields[field];
  return inputs[field] !== undefined || (removal === "clear" && !isImported(old));
}

function isThere(
  field: Input,
  inputs: Inputs<TemplateInputs>,
  reported: Reported<TemplateInputs>,
): boolean {
  const found = reported[field];
  return found !== undefined && sameValue(templateFields[field], found, inputs[field]);
}

/** Only the mount is mapped by hand: two inputs that are one on the wire. */
function body(
  inputs: Inputs<TemplateInputs>,
  fields: readonly Input[],
): Partial<CreateTemplateRequest> {
  const { volumeInGb: size, volumeMountPath: path } = inputs;
  const touchesMount = fields.includes("volumeInGb") || fields.includes("volumeMountPath");
  const request = toWire(templateFields, inputs, fields);
  if (!touchesMount || size === undefined || path === undefined) return request;
  return { ...request, mounts: { persistent: { size, path } } };
}

function observed(template: Template): Reported<TemplateInputs> {
  const { size, path } = template.mounts?.persistent ?? {};
  return fromWire(templateFields, template, { volumeInGb: size, volumeMountPath: path });
}

function outputs(
  context: Context,
  inputs: Stored<TemplateInputs>,
  reported: Reported<TemplateInputs> = {},
  old: Stored<TemplateInputs> = {},
): Stored<TemplateInputs> {
  const copy = storedCopy(templateFields, inputs, reported, old);
  return { ...copy, __live: liveRecord(context, old) };
}
