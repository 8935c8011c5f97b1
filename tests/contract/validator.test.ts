import { Contract, type Exchange } from "../support/contract";

const contract = new Contract();

const pod = {
  id: "abc123def456gh",
  name: "p",
  status: "PROVISIONING",
  actions: ["stop", "terminate"],
  image: "python:3.12",
  args: "",
  cmd: [],
  entrypoint: [],
  disk: 20,
  mounts: {},
  ports: [],
  env: {},
  registry: null,
  gpu: { id: "NVIDIA L4", count: 1, vcpuCount: 12, memory: 62 },
  cloud: "SECURE",
  dataCenterId: null,
  cudaVersion: null,
  ssh: { proxy: null, direct: null },
  template: null,
  cost: 0.43,
  locked: false,
  globalNetworking: { enabled: false, ip: "", internalDns: "" },
  runtime: null,
  createdAt: "2026-11-23T00:00:00.000Z",
  startedAt: null,
};

const create = { name: "p", image: "python:3.12", gpu: { id: "NVIDIA L4", count: 1 } };

/** A valid creation of a pod, with changes. */
function exchange(changes: Partial<Exchange> = {}): Exchange {
  return {
    method: "POST",
    url: "/v2/pods",
    requestHeaders: { "content-type": "application/json" },
    requestBody: JSON.stringify(create),
    status: 201,
    headers: {
      "content-type": "application/json",
      "ratelimit-policy": '"minute";q=60;w=60, "hour";q=3000;w=3600',
      ratelimit: '"minute";r=59;t=60, "hour";r=2999;t=3600',
    },
    body: JSON.stringify(pod),
    ...changes,
  };
}

const withBody = (body: unknown) => exchange({ requestBody: JSON.stringify(body) });
const answering = (body: unknown) => exchange({ body: JSON.stringify(body) });
const get = (url: string, changes: Partial<Exchange> = {}) =>
  exchange({ method: "GET", url, requestHeaders: {}, requestBody: "", status: 200, ...changes });
const refusal = (status: number, body: unknown) =>
  exchange({
    status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify(body),
  });

test("a valid exchange has no violations", () => {
  expect(contract.violations(exchange())).toEqual([]);
});

test.each<[string, Exchange, string[]]>([
  [
    "an unknown field",
    withBody({ ...create, gpuTypeIds: ["NVIDIA L4"] }),
    ["POST /v2/pods", "request body", "", 'unknown property "gpuTypeIds"'],
  ],
  [
    "a field of the wrong type",
    withBody({ ...create, disk: "20" }),
    ["POST /v2/pods", "request body", "/disk", "must be integer"],
  ],
  [
    "a missing field",
    withBody({ image: create.image, gpu: create.gpu }),
    ["POST /v2/pods", "request body", "", "must have required property 'name'"],
  ],
  [
    "an unknown path",
    get("/v2/podz"),
    ["GET /v2/podz", "request path", "", "is not in RunPod's description"],
  ],
  [
    "a method that the path does not have",
    exchange({ method: "PUT" }),
    ["PUT /v2/pods", "request path", "", "is not in RunPod's description"],
  ],
  [
    "an unknown query parameter",
    get("/v2/pods?name=p", { body: '{"pods":[]}' }),
    ["GET /v2/pods", "request query", "name", "is not in RunPod's description"],
  ],
  [
    "a query parameter of the wrong type",
    get("/v2/pods?limit=many", { body: '{"pods":[]}' }),
    ["GET /v2/pods", "request query", "limit", "must be integer"],
  ],
  [
    "a query parameter that is no word of its list",
    get("/v2/catalog/gpus?include=AVAILABILITY&product=POD,TPU", { body: '{"gpus":[]}' }),
    [
      "GET /v2/catalog/gpus",
      "request query",
      "product",
      "must be equal to one of the allowed values",
    ],
  ],
  [
    "a missing body",
    exchange({ requestBody: "" }),
    ["POST /v2/pods", "request body", "", "is missing"],
  ],
  [
    "a body where none belongs",
    get("/v2/pods", { requestBody: "{}", body: '{"pods":[]}' }),
    ["GET /v2/pods", "request body", "", "must be empty"],
  ],
  [
    "a body of another content type",
    exchange({ requestHeaders: { "content-type": "text/plain" } }),
    [
      "POST /v2/pods",
      "request headers",
      "content-type",
      'is "text/plain" instead of application/json',
    ],
  ],
  [
    "a body that is no JSON",
    exchange({ requestBody: "{" }),
    ["POST /v2/pods", "request body", "", "is not JSON"],
  ],
])("of a request, %s is reported", (_, wrong, [operation, part, pointer, message]) => {
  expect(contract.violations(wrong)).toContainEqual({ operation, part, pointer, message });
});

test.each<[string, Exchange, string[]]>([
  [
    "a missing field",
    answering({ ...pod, cost: undefined }),
    ["answer 201 body", "", "must have required property 'cost'"],
  ],
  [
    "a field of the wrong type",
    answering({ ...pod, actions: "stop" }),
    ["answer 201 body", "/actions", "must be array"],
  ],
  [
    "a field that the description does not know",
    answering({ ...pod, gpu: { ...pod.gpu, displayName: "L4" } }),
    ["answer 201 body", "/gpu/displayName", "is not in RunPod's description"],
  ],
  [
    "a refusal without a detail",
    refusal(422, { title: "Unprocessable Entity", status: 422 }),
    ["answer 422 body", "", "must have required property 'detail'"],
  ],
  [
    "a refusal in v1's form",
    refusal(500, { error: "boom", status: 500 }),
    ["answer 500 body", "", "must have required property 'title'"],
  ],
  [
    "a page instead of JSON",
    exchange({ headers: { "content-type": "text/html" } }),
    ["answer 201 headers", "content-type", 'is "text/html" instead of application/json'],
  ],
  [
    "a body where none belongs",
    exchange({ method: "DELETE", url: "/v2/pods/x", requestBody: "", status: 204, body: "{}" }),
    ["answer 204 body", "", "must be empty"],
  ],
  [
    "a rate limit in another form",
    exchange({ headers: { ...exchange().headers, ratelimit: "limit=60, remaining=59" } }),
    ["answer 201 headers", "ratelimit", 'is not a list of windows such as "minute";r=59;t=12'],
  ],
  [
    "a rate limit without a policy",
    exchange({ headers: { ...exchange().headers, ratelimit: '"day";r=1;t=1' } }),
    ["answer 201 headers", "ratelimit", '"day" is in no policy'],
  ],
  [
    "more left than the quota",
    exchange({ headers: { ...exchange().headers, ratelimit: '"minute";r=61;t=1' } }),
    ["answer 201 headers", "ratelimit", '"minute" has more left than its quota'],
  ],
])("of an answer, %s is reported", (_, wrong, [part, pointer, message]) => {
  expect(contract.violations(wrong)).toContainEqual(
    expect.objectContaining({ part, pointer, message }),
  );
});

test("a request without an answer is judged by itself", () => {
  const cut = { status: 0, headers: {}, body: "" };
  expect(contract.violations(exchange(cut))).toEqual([]);
  expect(contract.violations({ ...withBody({}), ...cut })).not.toEqual([]);
});

test("v1 is judged by its own description, and its refusals by their form", () => {
  const v1 = (changes: Partial<Exchange>) =>
    contract.violations(exchange({ url: "/v1/pods", requestBody: "{}", headers: {}, ...changes }));
  const refused = { "content-type": "application/json" };
  expect(v1({ status: 400, headers: refused, body: '{"error":"no","status":400}' })).toEqual([]);
  expect(v1({ status: 400, headers: refused, body: '{"title":"no"}' })).toEqual([
    {
      operation: "POST /v1/pods",
      part: "answer 400 body",
      pointer: "",
      message: "is not in the form of v1's refusals",
    },
  ]);
  expect(v1({ status: 200 })).toEqual([
    {
      operation: "POST /v1/pods",
      part: "answer 200",
      pointer: "",
      message: "is not in RunPod's description",
    },
  ]);
});
