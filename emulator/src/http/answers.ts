import { randomBytes } from "node:crypto";
import { type ApiError, problemResponse, titleOf } from "../core/problem";

/** An error in the shape of the API that the path belongs to. */
export function errorResponse(
  path: string,
  error: ApiError,
  headers: Record<string, string> = {},
): Response {
  if (path.startsWith("/v1")) {
    return json(error.status, { error: v1Text(error), status: error.status }, headers);
  }
  if (/^\/(?:serverless|lb)\//.test(path)) {
    return json(error.status, { error: error.detail }, headers);
  }
  if (path.startsWith("/graphql")) {
    return json(error.status, { errors: [{ message: error.detail }] }, headers);
  }
  return problemResponse(error, headers);
}

/** A page with which Cloudflare answers instead of RunPod. */
export function htmlResponse(status: number): Response {
  const ray = newRay();
  const title = status < 400 ? "Just a moment..." : `${status}: ${titleOf(status)}`;
  return new Response(
    `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>runpod.net | ${title}</title></head>\n` +
      `<body><h1>${title}</h1><p>Cloudflare Ray ID: <strong>${ray}</strong></p></body>\n</html>\n`,
    {
      status,
      headers: {
        "content-type": "text/html; charset=UTF-8",
        ...cloudflareHeaders(ray),
      },
    },
  );
}

/** Cloudflare's refusal of a client by its signature. */
export function blockedResponse(): Response {
  const headers = { "content-type": "text/plain; charset=UTF-8", ...cloudflareHeaders(newRay()) };
  return new Response("error code: 1010", { status: 403, headers });
}

function newRay(): string {
  return randomBytes(8).toString("hex");
}

function cloudflareHeaders(ray: string): Record<string, string> {
  return { server: "cloudflare", "cf-ray": `${ray}-FRA` };
}

function json(status: number, body: object, headers: Record<string, string>): Response {
  return Response.json(body, { status, headers });
}

function v1Text({ detail, errors }: ApiError): string {
  return errors ? `${detail} ${errors.join("; ")}` : detail;
}
