import { safe } from "@runpod-stack/kit";
import type { CreateTemplateRequest, Template, UpdateTemplateRequest } from "../../api";
import { isRunpodError } from "../../core/errors";
import {
  checkInputs,
  fromWire,
  type Inputs,
  type Reported,
  type TemplateInputs,
  templateFields,
  templateRules,
  toWire,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { deleteForSure } from "../lifecycle/gone";
import { namedHandler } from "../lifecycle/named-handler";
import { automaticName, withToken } from "../lifecycle/token";

type Input = keyof TemplateInputs;

/** Templates: settings that pods start from. RunPod copies them once, at the pod's creation. */
export const templateHandler = namedHandler<
  TemplateInputs,
  Template,
  CreateTemplateRequest,
  UpdateTemplateRequest
>({
  kind: "Template",
  fields: templateFields,
  objects: ({ templates, api }) => ({ snapshot: templates, api: api.templates }),

  check(old, given) {
    return checkInputs(templateFields, templateRules, old, withToken(old, given), (inputs) => ({
      name: automaticName(inputs),
      volumeMountPath: inputs["volumeInGb"] === undefined ? undefined : "/workspace",
    }));
  },

  body,
  observed,
  fits: (found, inputs) => found.image === inputs["imageName"],

  async delete(context, id, stored, what) {
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
      if (!pod) {
        throw error;
      }
      context.say(
        safe`${what} stays in the account: RunPod keeps a template while a pod that was created from it exists (${pod}). It costs nothing. Delete it in RunPod's console once that pod is gone.`,
      );
    }
  },
});

/** A pod of this stack because of which RunPod rejects the deletion, and which this run does not delete. */
async function podThatStays(context: Context, refusal: string): Promise<string | undefined> {
  const ids = await context.journal.idsInState("Pod");
  return ids.find((id) => refusal.includes(id) && !context.deleting.has(id));
}

/** Only the mount is mapped by hand, because two inputs are one value on the wire. */
function body(
  inputs: Inputs<TemplateInputs>,
  fields: readonly Input[],
): Partial<CreateTemplateRequest> {
  const { volumeInGb: size, volumeMountPath: path } = inputs;
  const touchesMount = fields.includes("volumeInGb") || fields.includes("volumeMountPath");
  const request = toWire(templateFields, inputs, fields);
  if (!touchesMount || size === undefined || path === undefined) {
    return request;
  }
  return { ...request, mounts: { persistent: { size, path } } };
}

function observed(template: Template): Reported<TemplateInputs> {
  const { size, path } = template.mounts?.persistent ?? {};
  return fromWire(templateFields, template, { volumeInGb: size, volumeMountPath: path });
}
