/** Whether a browser asks if a page of another origin may send a request. */
export function isPreflight({ method, headers }: Request): boolean {
  return (
    method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method")
  );
}

/** Answers such a question as Starlette's middleware does, for `--allowed-origins`. */
export function preflight({ headers }: Request, allowed: readonly string[]): Response {
  const answer = new Headers({
    "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    "access-control-max-age": "600",
    "content-type": "text/plain; charset=utf-8",
  });
  const asked = headers.get("access-control-request-headers");
  if (asked !== null) {
    answer.set("access-control-allow-headers", asked);
  }
  const isAllowed = allowOrigin(headers, answer, allowed);
  return new Response(isAllowed ? "OK" : "Disallowed CORS origin", {
    status: isAllowed ? 200 : 400,
    headers: answer,
  });
}

/** Lets pages of allowed origins read an answer. Returns whether the request's origin is allowed. */
export function allowOrigin(
  request: Headers,
  answer: Headers,
  allowed: readonly string[],
): boolean {
  const origin = request.get("origin");
  if (origin === null) {
    return false;
  }
  if (allowed.includes("*")) {
    answer.set("access-control-allow-origin", "*");
    return true;
  }
  answer.append("vary", "Origin");
  const isAllowed = allowed.includes(origin);
  if (isAllowed) {
    answer.set("access-control-allow-origin", origin);
  }
  return isAllowed;
}
