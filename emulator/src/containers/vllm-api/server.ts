import type { OnSent } from "../in-flight";
import type { Service } from "../machine";
import { readBody } from "./body";
import { allowOrigin, isPreflight, preflight } from "./cors";
import { DOCUMENTS } from "./docs";
import { Refused } from "./errors";
import { hexId } from "./ids";
import { responseNotFound } from "./responses";
import { offers } from "./route-list";
import { COMMANDS, POSTED, READ } from "./routes";
import type { VllmServed } from "./served";

/** vLLM's server, route by route as 0.24.0 answers, with short replies, equal for equal requests. */
export class VllmServer implements Service {
  private requests = 0;

  constructor(
    readonly host: string,
    readonly port: number,
    private readonly served: VllmServed,
    private readonly startedAt: number,
    private readonly answered: (request: Request, status: number) => void,
  ) {}

  async handle(request: Request, now: number, onSent?: OnSent): Promise<Response> {
    const response = await this.route(request, now, onSent);
    response.headers.set("server", "uvicorn");
    this.answered(request, response.status);
    return response;
  }

  private async route(request: Request, now: number, onSent?: OnSent): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { method } = request;
    if (method !== "OPTIONS" && GUARDED.test(pathname) && !this.isAuthorized(request)) {
      return Response.json({ error: "Unauthorized" }, { status: 401 });
    }
    if (isPreflight(request)) {
      return preflight(request, this.served.allowedOrigins);
    }
    const answer = await this.answer(request, pathname, now, onSent).catch(refusal);
    allowOrigin(request.headers, answer.headers, this.served.allowedOrigins);
    return answer;
  }

  private async answer(
    request: Request,
    pathname: string,
    now: number,
    onSent: OnSent | undefined,
  ): Promise<Response> {
    const { method } = request;
    const allowed = this.isRoute(pathname) ? this.methods(pathname) : null;
    if (allowed === null) {
      return this.notFound(request, pathname);
    }
    if (!allowed.includes(method)) {
      const headers = { allow: allowed.join(", ") };
      return Response.json({ detail: "Method Not Allowed" }, { status: 405, headers });
    }
    const stored = STORED.exec(pathname)?.[1];
    if (stored !== undefined) {
      throw responseNotFound(stored);
    }
    const command = method === "POST" ? COMMANDS[pathname] : undefined;
    if (command !== undefined) {
      return command();
    }
    const read = pathname.startsWith("/metrics") ? READ["/metrics"] : READ[pathname];
    const answer = read ?? DOCUMENTS[pathname];
    if (answer !== undefined) {
      return answer(this.served, this.startedAt);
    }
    return this.post(request, pathname, now, onSent);
  }

  private async post(
    request: Request,
    pathname: string,
    now: number,
    onSent: OnSent | undefined,
  ): Promise<Response> {
    const posted = POSTED[pathname];
    if (posted === undefined) {
      return this.notFound(request, pathname);
    }
    const body = await readBody(request, posted);
    this.requests += 1;
    const id = request.headers.get("x-request-id") ?? hexId(this.requests);
    const call = { served: this.served, id, created: Math.floor(now / 1000), onSent };
    return posted.answer(body, call, posted);
  }

  private methods(pathname: string): readonly string[] | null {
    if (pathname.startsWith("/metrics")) {
      return ["GET", "HEAD"];
    }
    if (Object.hasOwn(DOCUMENTS, pathname)) {
      return ["GET", "HEAD"];
    }
    const isPosted = Object.hasOwn(POSTED, pathname) || Object.hasOwn(COMMANDS, pathname);
    const methods = [Object.hasOwn(READ, pathname) && "GET", isPosted && "POST"].filter(isMethod);
    if (methods.length > 0) {
      return methods;
    }
    return STORED.test(pathname) ? [pathname.endsWith("/cancel") ? "POST" : "GET"] : null;
  }

  private isRoute(pathname: string): boolean {
    return offers(pathname, this.served) && this.methods(pathname) !== null;
  }

  /** Starlette sends a path with a slash too many to the route without it. */
  private notFound(request: Request, pathname: string): Response {
    const stripped = pathname.replace(/\/$/, "");
    if (stripped === pathname || stripped === "" || !this.isRoute(stripped)) {
      return Response.json({ detail: "Not Found" }, { status: 404 });
    }
    const { origin, search } = new URL(request.url);
    const headers = { location: origin + stripped + search };
    return new Response(null, { status: 307, headers });
  }

  private isAuthorized(request: Request): boolean {
    const { apiKeys } = this.served;
    const [scheme = "", key] = (request.headers.get("authorization") ?? "").split(/ (.*)/s);
    return (
      apiKeys.length === 0 || (scheme.toLowerCase() === "bearer" && apiKeys.includes(key ?? ""))
    );
  }
}

function isMethod(name: string | false): name is string {
  return name !== false;
}

function refusal(error: unknown): Response {
  if (error instanceof Refused) {
    return error.answer();
  }
  throw error;
}

/** The key protects what begins so, and nothing else. */
const GUARDED = /^\/(?:v1|v2|inference)/;
const STORED = /^\/v1\/responses\/([^/]+)(?:\/cancel)?$/;
