const RESOURCES = [
  "all",
  "pods",
  "clusters",
  "serverless",
  "templates",
  "network-volumes",
  "registries",
  "tags",
  "cost-centers",
  "global-volumes",
  "catalog",
  "account",
  "graphql",
];
const RIGHTS = new Set(RESOURCES.flatMap((one) => [`${one}:read`, `${one}:write`]));
const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** What keys of the first account may do. Any other key may do everything. */
export type KeyRights = Readonly<Record<string, readonly string[]>>;

/** @throws if one of the rights is unknown */
export function checkRights(rights: readonly string[]): void {
  const wrong = rights.find((right) => !RIGHTS.has(right));
  if (wrong !== undefined || rights.length === 0) {
    throw new Error(
      `right "${wrong ?? ""}" must be <resource>:read or <resource>:write, where the resource is one of ${RESOURCES.join(", ")}`,
    );
  }
}

/** @param rights null for a key that may do everything */
export function allows(
  rights: readonly string[] | null,
  resource: string,
  action: "read" | "write",
): boolean {
  if (rights === null) {
    return true;
  }
  const sufficient = action === "read" ? ["read", "write"] : ["write"];
  return sufficient.some((right) =>
    ["all", resource].some((scope) => rights.includes(`${scope}:${right}`)),
  );
}

/** Whether a request to a REST API is allowed: the resource is the path's second segment. */
export function allowsRest(
  rights: readonly string[] | null,
  method: string,
  path: string,
): boolean {
  const [, , segment = ""] = path.split("/");
  // REST v1 writes it as one word.
  const resource = segment === "networkvolumes" ? "network-volumes" : segment;
  return allows(rights, resource, READS.has(method) ? "read" : "write");
}
