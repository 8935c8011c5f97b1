import type { ProbeResult } from "../../../../provider/src/api";
import { type Expectation, judge } from "../../../../provider/src/handlers/pod-endpoint/verdict";

const models: Expectation = { path: "/v1/models", status: 200 };
const qwen: Expectation = { ...models, model: "qwen" };
const page: Expectation = { path: "/", status: 200 };
const json = (value: unknown, status = 200): ProbeResult => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(value),
  json: value,
});
const html = (status: number): ProbeResult => ({
  status,
  contentType: "text/html",
  body: "<html>Welcome</html>",
});
const serves = (...ids: string[]) => json({ object: "list", data: ids.map((id) => ({ id })) });

type Case = readonly [what: string, answer: ProbeResult, expected: Expectation, told: string];

const waiting: readonly Case[] = [
  [
    "a proxy before nothing",
    html(502),
    models,
    "502 from the proxy: nothing listens on the port yet",
  ],
  [
    "a proxy that is busy",
    html(503),
    models,
    "503 from the proxy: nothing listens on the port yet",
  ],
  [
    "a CDN that finds no origin",
    html(530),
    models,
    "530 from the proxy: nothing listens on the port yet",
  ],
  [
    "a service that hangs",
    html(524),
    models,
    "524 from the proxy: the service took the connection and said nothing for 100 s",
  ],
  [
    "a page where models belong",
    html(200),
    models,
    "status 200 without a list of models (text/html)",
  ],
  [
    "JSON without models",
    json({ status: "loading" }),
    models,
    "status 200 without a list of models (application/json)",
  ],
  ["JSON null", json(null), models, "status 200 without a list of models (application/json)"],
  [
    "an answer without a type",
    { status: 200 },
    models,
    "status 200 without a list of models (no content type)",
  ],
  ["a CDN's own page of refusal", html(403), models, "status 403 where 200 is expected"],
  ["an error of the service", json({}, 500), models, "status 500 where 200 is expected"],
  [
    "another status than expected",
    html(200),
    { path: "/", status: 204 },
    "status 200 where 204 is expected",
  ],
  [
    "a body without the text",
    html(200),
    { ...page, body: "ready" },
    "status 200, and the body lacks ready",
  ],
  [
    "a body without the pattern",
    html(200),
    { ...page, body: "/^ready$/" },
    "status 200, and the body lacks /^ready$/",
  ],
  ["no body", { status: 200 }, { ...page, body: "ready" }, "status 200, and the body lacks ready"],
  ["no answer", { error: "connection refused" }, models, "no answer (connection refused)"],
  ["nothing at all", {}, models, "no answer (unknown reason)"],
];

test.each(waiting)("%s may still become a service", (_, answer, expected, text) => {
  expect(judge(answer, expected)).toEqual({ kind: "waiting", text });
});

const wrong: readonly (readonly [string, ProbeResult, Expectation, string, "short" | "long"])[] = [
  [
    "a refused key",
    json({ error: "Unauthorized" }, 401),
    models,
    "401: the service runs and refuses the key",
    "short",
  ],
  [
    "a refused key, told in a page",
    html(401),
    models,
    "401: the service runs and refuses the key",
    "short",
  ],
  [
    "a refusal by the service itself",
    json({}, 403),
    models,
    "403: the service runs and refuses the key",
    "short",
  ],
  [
    "a body that takes a pattern for ever",
    { status: 200, body: `${"a".repeat(50)}!` },
    { ...page, body: "/^(a+)+$/" },
    "status 200, and to search the body for /^(a+)+$/ takes more than 1000 ms",
    "short",
  ],
  ["an unknown path", html(404), models, "404 for /v1/models", "long"],
  [
    "another model",
    serves("llama", "mistral"),
    qwen,
    "it serves llama, mistral, not qwen",
    "short",
  ],
  ["no model at all", serves(), qwen, "it serves no model, not qwen", "short"],
  [
    "models without names",
    json({ data: [{}, null, { id: 7 }] }),
    qwen,
    "it serves no model, not qwen",
    "short",
  ],
];

test.each(wrong)("%s hardly becomes the service", (_, answer, expected, text, patience) => {
  expect(judge(answer, expected)).toMatchObject({ kind: "wrong", text, patience });
});

const serving: readonly (readonly [string, ProbeResult, Expectation, string[]])[] = [
  ["a list of models", serves("qwen", "lora"), models, ["qwen", "lora"]],
  ["an empty list, where any model does", serves(), models, []],
  ["the expected model among others", serves("lora", "qwen"), qwen, ["lora", "qwen"]],
  [
    "models under a path with a query",
    serves("qwen"),
    { ...qwen, path: "/v1/models?limit=1" },
    ["qwen"],
  ],
  ["models under another route", serves("qwen"), { ...qwen, path: "/api/models" }, ["qwen"]],
  ["any page, where models are not asked for", html(200), page, []],
  ["the expected status", html(404), { path: "/", status: 404 }, []],
  ["the expected status though it is the proxy's own", html(502), { path: "/", status: 502 }, []],
  ["another status than 200 under the path of models", html(401), { ...models, status: 401 }, []],
  ["a body with the text", html(200), { ...page, body: "Welcome" }, []],
  ["a body with the pattern", html(200), { ...page, body: "/welcome|Welcome</" }, []],
  ["a text between slashes that are not its ends", json("a/b/c"), { ...page, body: "a/b/" }, []],
  ["a body over two lines", { status: 200, body: "a\nb" }, { ...page, body: "/a\nb/" }, []],
];

test.each(serving)("%s is the service", (_, answer, expected, ids) => {
  expect(judge(answer, expected)).toEqual({ kind: "serving", models: ids });
});
