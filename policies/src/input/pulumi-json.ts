import { textOf } from "@runpod-stack/kit";
import { isRecord } from "../known";
import { specOfResource } from "../pulumi";
import type { Item } from "../rule";
import { at } from "./names";

type Json = Readonly<Record<string, unknown>>;

/** The resources in the output of a Pulumi command; undefined if it is something else. */
export function pulumiResources(document: Json): Json[] | undefined {
  return exportedResources(document) ?? plannedResources(document);
}

/** `pulumi stack export`, or a checkpoint of the file backend. */
function exportedResources(document: Json): Json[] | undefined {
  const latest = at(document, ["checkpoint", "latest"]) ?? document["deployment"];
  if (!isRecord(latest)) {
    return undefined;
  }
  return list(latest["resources"]).filter((resource) => resource["delete"] !== true);
}

/** `pulumi preview --json`. A replaced resource has several steps with the same inputs. */
function plannedResources(document: Json): Json[] | undefined {
  if (!Array.isArray(document["steps"])) {
    return undefined;
  }
  const states = list(document["steps"])
    .filter(({ op }) => !textOf(op).startsWith("delete"))
    .map(({ newState }) => newState)
    .filter(isRecord);
  return [...new Map(states.map((state) => [state["urn"], state])).values()];
}

/** The item to check for a resource; empty if it is not one of RunPod's. */
export function itemOf({ urn, type, inputs, protect, propertyDependencies }: Json): Item[] {
  if (typeof urn !== "string" || typeof type !== "string" || !isRecord(inputs)) {
    return [];
  }
  const spec = specOfResource(type, inputs, { protect: protect === true });
  if (spec === undefined) {
    return [];
  }
  const dependencies = Object.entries(
    isRecord(propertyDependencies) ? propertyDependencies : {},
  ).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]));
  return [{ id: urn, spec, dependencies: Object.fromEntries(dependencies) }];
}

/** RunPod resources of other providers, which no rule checks. */
export function foreignResources(resources: readonly Json[]): { urn: string; type: string }[] {
  return resources.flatMap(({ urn, type }) =>
    typeof urn === "string" && typeof type === "string" && /^runpod:/.test(type)
      ? [{ urn, type }]
      : [],
  );
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
