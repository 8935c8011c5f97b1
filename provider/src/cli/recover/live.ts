import { serverlessPricePerHour, volumePricePerHour } from "@runpod-stack/models";
import type { Cluster, Endpoint, NetworkVolume, Pod, Template } from "../../api";
import { isMarkedName, markOf } from "../../core/mark";
import { clusterPrice } from "../../handlers/lifecycle/clusters";
import type { Named } from "../../handlers/lifecycle/create-named";
import type { NamedObjectKind, ObjectKind } from "../../handlers/lifecycle/objects";
import { isAlive } from "../../handlers/lifecycle/pods";
import { tokenOf } from "../../handlers/lifecycle/tokened";

/** The objects of an account, as its lists report them. */
export interface Listing {
  readonly pods: readonly Pod[];
  readonly endpoints: readonly Endpoint[];
  readonly volumes: readonly NetworkVolume[];
  readonly clusters: readonly Cluster[];
  readonly templates: readonly Template[];
  /** Those of other kinds, of which an interrupted create may have made one. */
  readonly others?: readonly (Named & { readonly kind: NamedObjectKind })[];
}

/** An object that exists. */
export interface Live {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  /** The price in USD per hour. */
  readonly costPerHr: number;
  /** Whether it is a pod that must be unlocked before it can be stopped. */
  readonly locked: boolean;
  /**
   * Its creation token; an empty string for a pod without one, undefined for a kind that cannot
   * carry one.
   */
  readonly token: string | undefined;
  /** Whether it carries a stack mark. */
  isMarked(mark: string): boolean;
}

/** All objects that exist, the oldest pods first. */
export function liveObjects(listing: Listing): Live[] {
  const { pods, endpoints, volumes, clusters, templates, others = [] } = listing;
  const isBound = ({ serverless, name }: Template) =>
    serverless && endpoints.some((endpoint) => endpoint.name === name);
  return [
    ...pods
      .filter(isAlive)
      .toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))
      .map(livePod),
    ...endpoints.map(liveEndpoint),
    ...volumes.map((volume) => liveNamed("Volume", volume, volumePricePerHour(volume.size))),
    ...clusters.map((cluster) => liveNamed("Cluster", cluster, clusterPrice(cluster) ?? 0)),
    // RunPod makes one for each endpoint, and deletes it with the endpoint.
    ...templates
      .filter((template) => !isBound(template))
      .map((template) => liveNamed("Template", template, 0)),
    ...others.map((object) => liveNamed(object.kind, object, 0)),
  ];
}

function livePod(pod: Pod): Live {
  const { id, name, cost, locked } = pod;
  const token = tokenOf(pod);
  return {
    kind: "Pod",
    id,
    name,
    costPerHr: cost ?? 0,
    locked: locked ?? false,
    token,
    isMarked: (mark) => markOf(token) === mark,
  };
}

function liveEndpoint(endpoint: Endpoint): Live {
  const { id, name, workers, gpu } = endpoint;
  const token = tokenOf(endpoint);
  const price = serverlessPricePerHour(gpu?.pools ?? []) ?? 0;
  return {
    kind: "ServerlessEndpoint",
    id,
    name,
    costPerHr: price * (gpu?.count ?? 1) * (workers?.min ?? 0),
    locked: false,
    token,
    isMarked: (mark) => markOf(token) === mark,
  };
}

function liveNamed(kind: NamedObjectKind, { id, name }: Named, costPerHr: number): Live {
  return {
    kind,
    id,
    name,
    costPerHr,
    locked: false,
    token: undefined,
    isMarked: (mark) => isMarkedName(name, mark),
  };
}
