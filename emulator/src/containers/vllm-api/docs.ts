import { offers } from "./route-list";
import { POSTED, READ } from "./routes";
import type { VllmServed } from "./served";

/** The pages that FastAPI makes of its routes. They also answer HEAD. */
export const DOCUMENTS: Readonly<Record<string, (served: VllmServed) => Response>> = {
  "/docs": () => page("FastAPI - Swagger UI", "swagger-ui"),
  "/redoc": () => page("FastAPI - ReDoc", "redoc"),
  "/openapi.json": (served) => Response.json(description(served)),
};

function page(title: string, id: string): Response {
  const html = `
    <!DOCTYPE html>
    <html>
    <head>
    <title>${title}</title>
    </head>
    <body>
    <div id="${id}"></div>
    </body>
    </html>
    `;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

function description(served: VllmServed): unknown {
  const offered = (routes: object) => Object.keys(routes).filter((path) => offers(path, served));
  const responses = { "200": { description: "Successful Response" } };
  return {
    openapi: "3.1.0",
    info: { title: "FastAPI", version: "0.1.0" },
    paths: Object.fromEntries([
      ...offered(READ).map((path) => [path, { get: { responses } }]),
      ...offered(POSTED).map((path) => [path, { post: { responses } }]),
    ]),
  };
}
