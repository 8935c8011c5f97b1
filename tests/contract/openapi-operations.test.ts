import { v2Document } from "../../openapi/src";
import { createRunpodApi } from "../../provider/src/api";
import { systemClock } from "../../provider/src/core/clock";
import { json, startServer } from "../unit/http/test-server";

interface Operation {
  readonly parameters?: readonly { readonly name?: string; readonly $ref?: string }[];
}

const description = v2Document();

/** The API's calls: method, path and names of the query. */
async function everyCall(): Promise<{ method: string; path: string; query: string[] }[]> {
  const item = { id: "x1", name: "x", status: "RUNNING" };
  const page = {
    pods: [item],
    templates: [item],
    networkVolumes: [item],
    gpus: [],
    dataCenters: [],
  };
  const server = await startServer(({ method, path }, response) => {
    const isFirstPage = !path.includes("cursor=");
    const pagination = { nextCursor: isFirstPage ? "c1" : null, hasNextPage: isFirstPage };
    if (path.includes("/logs")) {
      response.writeHead(200, { "content-type": "text/event-stream" }).end();
    } else if (method === "DELETE") {
      response.writeHead(204).end();
    } else {
      json(response, 200, { ...item, ...page, pagination });
    }
  });
  const urls = { apiUrl: `${server.url}/v2`, graphqlUrl: `${server.url}/graphql` };
  const api = createRunpodApi({ ...urls, apiKey: "rpa_operations", clock: systemClock });
  for (const collection of [api.pods, api.templates, api.volumes] as (typeof api.pods)[]) {
    await collection.create({ name: "x" });
    await collection.list();
    await collection.get("x1");
    await collection.update("x1", { name: "y" });
    await collection.delete("x1");
  }
  await api.pods.act("x1", "stop");
  await api.pods.logs("x1", { source: "container", tail: 5 });
  await api.catalog.gpus({ availability: true, count: 2, cloud: "SECURE" });
  await api.catalog.dataCenters();
  await server.close();
  return server.received.map(({ method, path }) => {
    const url = new URL(path, server.url);
    return { method, path: url.pathname, query: [...url.searchParams.keys()] };
  });
}

function operationOf(method: string, path: string): Operation | undefined {
  const template = path.replace("/x1", "/{id}");
  return description.paths[template]?.[method.toLowerCase()] as Operation | undefined;
}

function parameterNames(operation: Operation): (string | undefined)[] {
  const { parameters = {} } = description.components as {
    parameters?: Record<string, { name: string }>;
  };
  return (operation.parameters ?? []).map(
    ({ name, $ref }) => name ?? parameters[$ref?.split("/").at(-1) ?? ""]?.name,
  );
}

// Lists of the catalog are short: RunPod does not page them, and only the answer's cursor makes the client ask on.
const UNPAGED = ["/v2/catalog/gpus", "/v2/catalog/datacenters"];

test("every call is a described operation, with described parameters", async () => {
  const calls = await everyCall();
  expect(calls.length).toBeGreaterThan(20);
  for (const { method, path, query } of calls) {
    const operation = operationOf(method, path);
    expect({ method, path, isDescribed: operation !== undefined }).toEqual({
      method,
      path,
      isDescribed: true,
    });
    const known = [
      ...parameterNames(operation ?? {}),
      ...(UNPAGED.includes(path) ? ["cursor"] : []),
    ];
    expect(known).toEqual(expect.arrayContaining(query));
  }
});

test("a path that RunPod does not describe is reported", () => {
  expect(operationOf("GET", "/v2/podz/x1")).toBeUndefined();
  expect(operationOf("PUT", "/v2/pods/x1")).toBeUndefined();
});
