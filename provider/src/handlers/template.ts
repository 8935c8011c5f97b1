import { safe } from "@runpod-stack/kit";
import type { CreateTemplateRequest, Template, UpdateTemplateRequest } from "../api";
import { isRunpodError } from "../core/errors";
import { checkInputs, type Field, templateFields, templateRules, type Values } from "../schema";
import type { Context } from "./context";
import { differences, type InputChange, importedChanges, inputChanges, sameValue } from "./diff";
import { foundInputs } from "./drift";
import { confirm, deleteForSure } from "./gone";
import type { Handler } from "./handler";
import { asFound, isImported, liveRecord } from "./live";
import { createNamed } from "./named";
import { reportedValues, storedCopy, withoutNewDefaults } from "./reported";
import { REFRESH_AGE_MS } from "./snapshot";
import { automaticName, withToken } from "./token";

/** Templates: settings that pods start from. RunPod copies them once, at the pod's creation. */
export const templateHandler: Handler = {
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
      create: () =>
        context.api.templates.create(
          body(inputs, Object.keys(templateFields)) as CreateTemplateRequest,
        ),
      changes: (found) => differences(templateFields, { ...inputs, ...observed(found) }, inputs),
      update: ({ id }, fields) =>
        context.api.templates.update(id, body(inputs, fields) as UpdateTemplateRequest),
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
      ? Object.keys(reported).filter((field) => isWanted(field, inputs, old))
      : changes;
    const request = body(
      inputs,
      fields.filter((field) => !isThere(field, inputs, reported)),
    );
    const template =
      Object.keys(request).length === 0
        ? found
        : await context.api.templates.update(id, request as UpdateTemplateRequest);
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

function templateChanges(old: Values, inputs: Values): InputChange[] {
  const changes = inputChanges(templateFields, old, inputs);
  return isImported(old) ? importedChanges(changes, inputs) : changes;
}

/** What an unfinished update is about: not what an imported template has and the program leaves out. */
function isWanted(field: string, inputs: Values, old: Values): boolean {
  const { removal }: Field = templateFields[field as keyof typeof templateFields];
  return inputs[field] !== undefined || (removal === "clear" && !isImported(old));
}

function isThere(field: string, inputs: Values, reported: Values): boolean {
  const row = templateFields[field as keyof typeof templateFields];
  return reported[field] !== undefined && sameValue(row, reported[field], inputs[field]);
}

function body(inputs: Values, fields: readonly string[]): Values {
  const request: Values = {};
  for (const field of fields) {
    const { wire, cleared }: Field = templateFields[field as keyof typeof templateFields];
    const value = inputs[field] ?? cleared;
    if (wire !== undefined && value !== undefined) request[wire] = value;
  }
  const touchesMount = fields.includes("volumeInGb") || fields.includes("volumeMountPath");
  if (touchesMount && inputs["volumeInGb"] !== undefined) {
    request["mounts"] = {
      persistent: { size: inputs["volumeInGb"], path: inputs["volumeMountPath"] },
    };
  }
  return request;
}

function observed(template: Template): Values {
  return reportedValues(templateFields, {
    name: template.name,
    imageName: template.image,
    containerDiskInGb: template.disk,
    volumeInGb: template.mounts?.persistent?.size,
    volumeMountPath: template.mounts?.persistent?.path,
    ports: template.ports,
    env: template.env,
    dockerEntrypoint: template.entrypoint,
    dockerStartCmd: template.cmd,
    containerRegistryAuthId: template.registry,
    allowedCudaVersions: template.allowedCudaVersions,
    startSsh: template.startSsh,
    startJupyter: template.startJupyter,
    category: template.category,
    isPublic: template.public,
    isServerless: template.serverless,
  });
}

function outputs(
  context: Context,
  inputs: Values,
  reported: Values = {},
  old: Values = {},
): Values {
  const copy = storedCopy(templateFields, inputs, reported, old);
  return { ...copy, __live: liveRecord(context, old) };
}
