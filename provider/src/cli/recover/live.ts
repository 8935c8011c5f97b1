import type { NetworkVolume, Pod, Template } from "../../api";
import { isMarkedName, markOf } from "../../core/mark";
import { volumePricePerHour } from "../../llm";
import { TOKEN_ENV } from "../../schema";
import type { Stored } from "./state";

/** What an account holds, as its lists tell. */
export interface Listing {
  readonly pods: readonly Pod[];
  readonly volumes: readonly NetworkVolume[];
  readonly templates: readonly Template[];
}

/** The resources that are an object at RunPod. */
export type ObjectKind = "Pod" | "Volume" | "Template";

/** An object that exists. */
export interface Live {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  /** What it is billed at, in USD. */
  readonly costPerHr: number;
  /** A pod that must be unlocked before it can be stopped. */
  readonly locked: boolean;
  /** Tells the resource that it was made for, if it carries a mark. */
  readonly identity: string;
  /** Whether it carries the mark of a stack's owner. */
  isMarked(mark: string): boolean;
  /** Whether it is certain to be some stack's. */
  readonly isOwned: boolean;
}

/** All that exists, the oldest pods first. */
export function liveObjects({ pods, volumes, templates }: Listing): Live[] {
  return [
    ...pods
      .filter(({ status }) => status !== "TERMINATED")
      .toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))
      .map(livePod),
    ...volumes.map((volume) => liveNamed("Volume", volume, volumePricePerHour(volume.size))),
    ...templates.map((template) => liveNamed("Template", template, 0)),
  ];
}

/** What the object of a stored resource is known by; undefined if there is nothing of that kind. */
export function identityOf({ kind, name, token }: Stored): string | undefined {
  if (kind === "Pod") return token;
  const isMarked = name !== undefined && isMarkedName(name, markOf(token) ?? "");
  return token !== undefined && isMarked ? namedIdentity(kind, name) : undefined;
}

function livePod({ id, name, cost, locked, env }: Pod): Live {
  const token = env?.[TOKEN_ENV] ?? "";
  return {
    kind: "Pod",
    id,
    name,
    costPerHr: cost ?? 0,
    locked: locked ?? false,
    identity: token,
    isMarked: (mark) => markOf(token) === mark,
    isOwned: markOf(token) !== undefined,
  };
}

function liveNamed(
  kind: "Volume" | "Template",
  { id, name }: { readonly id: string; readonly name: string },
  costPerHr: number,
): Live {
  return {
    kind,
    id,
    name,
    costPerHr,
    locked: false,
    identity: namedIdentity(kind, name),
    isMarked: (mark) => isMarkedName(name, mark),
    isOwned: false,
  };
}

function namedIdentity(kind: string, name: string): string {
  return `${kind} ${name}`;
}
