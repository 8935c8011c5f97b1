import { isDeepStrictEqual } from "node:util";
import type { AttributableResource } from "../../api";
import { hasUnknown, type LabelInputs, type Labels, labelFields, type Values } from "../../schema";
import type { Context } from "./context";
import { type Handler, PartialFailure } from "./handler";
import { syncLabels, type Wanted } from "./label-sync";
import { NOUNS, type ObjectKind } from "./objects";

/** The kinds that tags and cost centers can be put on, with RunPod's name of each. */
const TYPES = {
  Pod: "POD",
  ServerlessEndpoint: "SERVERLESS_ENDPOINT",
  Volume: "NETWORK_VOLUME",
  Cluster: "CLUSTER",
} as const satisfies { readonly [K in ObjectKind]?: AttributableResource["type"] };

/**
 * The handler of a kind whose objects can be labeled. Tags and cost centers are for people and
 * bills, so a label that cannot be attached is a warning, and the next update tries again.
 */
export function labeled<T extends LabelInputs>(
  kind: keyof typeof TYPES,
  handler: Handler<T>,
): Handler<T> {
  const nameOf = (values: Values, id: string) => `${NOUNS[kind]} '${values["name"]}' (${id})`;
  const labels = async (context: Context, id: string, old: Values, inputs: Values) => {
    const target = { context, resource: { type: TYPES[kind], id }, what: nameOf(inputs, id) };
    return syncLabels(target, attachedTo(old), wantedIn(inputs));
  };
  return {
    ...handler,

    diff(old, inputs) {
      const difference = handler.diff(old, inputs);
      return difference.changed.length === 0 && isBehind(old as Values, inputs as Values)
        ? { ...difference, changed: ["__labels"] }
        : difference;
    },

    async create(context, inputs) {
      const { id, outputs } = await withLabels({}, () => handler.create(context, inputs));
      const attached = await labels(context, id, {}, inputs as Values);
      return { id, outputs: { ...outputs, __labels: attached } };
    },

    async read(context, id, stored) {
      const found = await handler.read(context, id, stored);
      return found && { ...found, outputs: { ...found.outputs, ...kept(stored as Values) } };
    },

    async update(context, id, old, inputs) {
      // Without a change in the object itself, it would be compared and possibly restarted.
      const isLabelsOnly =
        handler.diff(old, inputs as never).changed.length === 0 &&
        isBehind(old as Values, inputs as Values) &&
        old["__labels"]?.isUnfinished !== true;
      const outputs = isLabelsOnly
        ? old
        : await withLabels(old as Values, () => handler.update(context, id, old, inputs));
      const attached = await labels(context, id, old as Values, inputs as Values);
      return { ...outputs, __labels: attached };
    },
  };
}

function wantedIn(inputs: Values): Wanted {
  const { tags = {}, costCenterId } = inputs as LabelInputs;
  return { tags, costCenterId };
}

function attachedTo(outputs: Values): Labels {
  return (outputs["__labels"] ?? {}) as Labels;
}

/** Whether an update has labels to attach or to detach. */
function isBehind(old: Values, inputs: Values): boolean {
  const isKnown = !Object.keys(labelFields).some((field) => hasUnknown(inputs[field]));
  // An object of an earlier release, or an imported one, has no record to compare with.
  if (!isKnown || old["__labels"] === undefined) {
    return false;
  }
  const { tags = {}, costCenterId } = attachedTo(old);
  const values = Object.entries(tags).map(([key, { value }]) => [key, value] as const);
  return !isDeepStrictEqual({ tags: Object.fromEntries(values), costCenterId }, copy(inputs));
}

/** A map from the wire may lack a prototype. */
function copy(inputs: Values): Wanted {
  const { tags, costCenterId } = wantedIn(inputs);
  return { tags: { ...tags }, costCenterId };
}

function kept(stored: Values): Values {
  return stored["__labels"] === undefined ? {} : { __labels: stored["__labels"] };
}

/** Adds the labels that are attached to what is stored if the operation fails halfway. */
async function withLabels<R>(old: Values, operation: () => Promise<R>): Promise<R> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof PartialFailure)) {
      throw error;
    }
    const __labels: Labels = { ...attachedTo(old), isUnfinished: true };
    throw new PartialFailure(error.id, { ...error.outputs, __labels }, error.reasons);
  }
}
