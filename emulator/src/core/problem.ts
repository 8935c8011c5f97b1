import { STATUS_CODES } from "node:http";
import { foreign, type Safe } from "@runpod-stack/kit";

/** A refusal. Each API has its own format for it. */
export class ApiError extends Error {
  readonly detail: Safe;
  /** The violations of a body that does not match the API's description. */
  readonly errors: readonly Safe[] | undefined;

  constructor(
    readonly status: number,
    detail: string,
    errors?: readonly string[],
  ) {
    super(detail);
    this.detail = foreign(detail);
    this.errors = errors?.map((error) => foreign(error));
  }
}

/** RunPod's message for "no machine fits", whether all are full, the request is too narrow or impossible. */
export const CAPACITY_DETAIL =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";

/** The same for one machine, as RunPod answers with 409 and 500. */
export const MACHINE_DETAIL =
  "This machine does not have the resources to deploy your pod. Please try a different machine";

export function notFound(kind: string, id: string): ApiError {
  return new ApiError(404, `${kind} "${id}" not found`);
}

/** RFC 9457, as v2 answers. */
export function problemResponse(error: ApiError, headers: Record<string, string> = {}): Response {
  const { status, detail, errors } = error;
  const body = { title: titleOf(status), status, detail, ...(errors && { errors }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

export function titleOf(status: number): string {
  return STATUS_CODES[status] ?? "Error";
}
