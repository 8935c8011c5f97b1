import { POSTED, READ } from "./routes";

/** The pages that FastAPI makes of its routes. They also answer HEAD. */
export const DOCUMENTS: Readonly<Record<string, () => Response>> = {
  "/docs": () => page("FastAPI - Swagger UI", "swagger-ui"),
  "/redoc": () => page("FastAPI - ReDoc", "redoc"),
  "/openapi.json": () => Response.json(description()),
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

function description(): unknown {
  const responses = { "200": { description: "Successful Response" } };
  return {
    openapi: "3.1.0",
    info: { title: "FastAPI", version: "0.1.0" },
    paths: Object.fromEntries([
      ...Object.keys(READ).map((path) => [path, { get: { responses } }]),
      ...Object.keys(POSTED).map((path) => [path, { post: { responses } }]),
    ]),
  };
}
