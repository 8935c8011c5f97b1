import type { Kind, Values } from "../../schema";

/** The kinds of resources that are objects at RunPod, and where the API and the context list them. */
export const LISTS = {
  Pod: "pods",
  ServerlessEndpoint: "endpoints",
  Volume: "volumes",
  Template: "templates",
  Secret: "secrets",
  RegistryAuth: "registries",
  EcrDelegation: "delegations",
  Tag: "tags",
  GlobalVolume: "globalVolumes",
  CostCenter: "costCenters",
  Cluster: "clusters",
} as const satisfies { readonly [K in Kind]?: string };

/** What messages call them. */
export const NOUNS: { readonly [K in ObjectKind]: string } = {
  Pod: "pod",
  ServerlessEndpoint: "endpoint",
  Volume: "volume",
  Template: "template",
  Secret: "secret",
  RegistryAuth: "registry credentials",
  EcrDelegation: "delegation",
  Tag: "tag",
  GlobalVolume: "global volume",
  CostCenter: "cost center",
  Cluster: "cluster",
};

export type ObjectKind = keyof typeof LISTS;

/** The kinds whose objects carry their creation token in their environment. */
export type TokenedObjectKind = "Pod" | "ServerlessEndpoint";

/** The kinds that cannot carry a token, and so are known by their names. */
export type NamedObjectKind = Exclude<ObjectKind, TokenedObjectKind>;

export function isTokened(kind: Kind): kind is TokenedObjectKind {
  return kind === "Pod" || kind === "ServerlessEndpoint";
}

export function isObjectKind(kind: Kind): kind is ObjectKind {
  return kind in LISTS;
}

/** The name under which RunPod lists an object with these inputs. */
export function objectName(kind: Kind, inputs: Values): unknown {
  switch (kind) {
    case "Tag":
      return `${inputs["key"]}=${inputs["value"]}`;
    case "CostCenter":
      return inputs["value"];
    default:
      return inputs["name"];
  }
}
