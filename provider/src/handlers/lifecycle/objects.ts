import {
  type Kind,
  OBJECT_KINDS,
  type ObjectKind,
  type TOKEN_KINDS,
  type Values,
} from "../../schema";

/** Where the API and the context list the objects of a kind. */
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
} as const satisfies { readonly [K in ObjectKind]: string };

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
};

/** The kinds that cannot carry a token, and so are known by their names. */
export type NamedObjectKind = Exclude<ObjectKind, (typeof TOKEN_KINDS)[number]>;

export function isObjectKind(kind: Kind): kind is ObjectKind {
  return (OBJECT_KINDS as readonly Kind[]).includes(kind);
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
