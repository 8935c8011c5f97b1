import type { CreateTemplateRequest, Template, UpdateTemplateRequest } from "../api";
import { checkInputs, type Field, templateFields, templateRules, type Values } from "../schema";
import type { Context } from "./context";
import { inputChanges } from "./diff";
import { correctedInputs } from "./drift";
import { confirm, deleteForSure } from "./gone";
import type { Handler } from "./handler";
import { liveRecord, storedInputs } from "./live";
import { createNamed } from "./named";
import { REFRESH_AGE_MS } from "./snapshot";
import { automaticName, withToken } from "./token";

/** Templates: settings that pods start from. RunPod copies them once, at the pod's creation. */
export const templateHandler: Handler = {
  check(old, given) {
    return checkInputs(templateFields, templateRules, old, withToken(given), (inputs) => ({
      name: automaticName(inputs),
      volumeMountPath: inputs["volumeInGb"] === undefined ? undefined : "/workspace",
    }));
  },

  diff(old, inputs) {
    const changes = inputChanges(templateFields, old, inputs);
    const replaces = changes.filter(({ change }) => change === "replace").map(({ field }) => field);
    return { changed: changes.map(({ field }) => field), replaces };
  },

  async create(context, inputs) {
    const stored = outputs(context, inputs);
    const template = await createNamed<Template>(context, inputs, {
      noun: "template",
      snapshot: context.templates,
      fits: (found) => found.image === inputs["imageName"],
      create: () =>
        context.api.templates.create(
          body(inputs, Object.keys(templateFields)) as CreateTemplateRequest,
        ),
      changes: (found) => inputChanges(templateFields, { ...inputs, ...observed(found) }, inputs),
      update: ({ id }, fields) =>
        context.api.templates.update(id, body(inputs, fields) as UpdateTemplateRequest),
      outputs: stored,
    });
    return { id: template.id, outputs: stored };
  },

  async read(context, id, stored) {
    const listed = (await context.templates.list(REFRESH_AGE_MS)).find(
      (template) => template.id === id,
    );
    const what = `template '${stored["name"]}' (${id})`;
    const template =
      listed ?? (await confirm(context, what, stored, () => context.api.templates.get(id)));
    if (template === undefined) return undefined;
    const inputs = storedInputs(templateFields, stored);
    const corrected = correctedInputs(templateFields, inputs, observed(template));
    return { inputs: corrected, outputs: outputs(context, corrected, stored) };
  },

  async update(context, id, old, inputs) {
    const changes = inputChanges(templateFields, old, inputs).map(({ field }) => field);
    const request = body(inputs, changes.length > 0 ? changes : Object.keys(templateFields));
    if (Object.keys(request).length > 0) {
      context.templates.put(
        await context.api.templates.update(id, request as UpdateTemplateRequest),
      );
    }
    return outputs(context, inputs, old);
  },

  async delete(context, id, stored) {
    await deleteForSure(context, `template '${stored["name"]}' (${id})`, stored, {
      remove: () => context.api.templates.delete(id),
      get: () => context.api.templates.get(id),
      bill: () => "not billed",
      remedy: ({ kind }) =>
        kind === "invalid" || kind === "conflict"
          ? "If pods or endpoints were created from it, delete those first, and run the same command again."
          : undefined,
    });
    context.templates.remove(id);
  },
};

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
  return {
    name: template.name,
    imageName: template.image,
    containerDiskInGb: template.disk,
    volumeInGb: template.mounts?.persistent?.size,
    volumeMountPath: template.mounts?.persistent?.path,
    ports: template.ports ?? [],
    env: template.env ?? {},
    ...(template.entrypoint !== undefined && { dockerEntrypoint: template.entrypoint }),
    ...(template.cmd !== undefined && { dockerStartCmd: template.cmd }),
    containerRegistryAuthId: template.registry ?? undefined,
    allowedCudaVersions: template.allowedCudaVersions,
    startSsh: template.startSsh,
    startJupyter: template.startJupyter,
    category: template.category,
    isPublic: template.public,
    isServerless: template.serverless,
  };
}

function outputs(context: Context, inputs: Values, old: Values = {}): Values {
  return { ...inputs, __live: liveRecord(context, old) };
}
