import type { Json } from "./document.mts";

/** An operation of an OpenAPI description. */
export interface Operation {
  readonly id: string;
  /** Method and path, such as `GET /v2/pods/{id}`. */
  readonly call: string;
  /** False where it is known only by analogy, not from anything that RunPod has published. */
  readonly isPublished: boolean;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** All operations, in the description's order. */
export function operationsOf(description: Json): Operation[] {
  const paths = Object.entries(description["paths"] as Record<string, Record<string, Json>>);
  return paths.flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map((method) => ({
      id: String(methods[method]?.["operationId"]),
      call: `${method.toUpperCase()} ${path}`,
      isPublished: !String(methods[method]?.["x-confidence"]).startsWith("inferred"),
    })),
  );
}

/** Paths of v2 begin with their version, those of v1 have none. */
export function versionOf(description: Json): "v1" | "v2" {
  return Object.keys(description["paths"] as Json).some((path) => path.startsWith("/v2/"))
    ? "v2"
    : "v1";
}
