import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT, podBody, templateBody, volumeBody } from "./bodies";

describe("Requests to /v2/pods", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const post = (path: string, body: unknown) => emulator.call("POST", path, body);
  const get = (path: string) => emulator.call("GET", path);
  const patch = (id: string, body: unknown) => emulator.call("PATCH", `/v2/pods/${id}`, body);
  const create = async (changes: Record<string, unknown> = {}) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    expect({ status, detail: body.detail, errors: body.errors }).toEqual({ status: 201 });
    return body;
  };
  const refusal = async (changes: Record<string, unknown>) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    return { status, detail: body.detail };
  };

  describe("templates", () => {
    test("a template's settings are resolved once, the body takes precedence, and env is merged", async () => {
      const mounts = { persistent: { size: 50, path: "/data" } };
      const template = (
        await post(
          "/v2/templates",
          templateBody({
            cmd: ["a"],
            disk: 70,
            ports: ["1/http"],
            env: { A: "t", B: "t" },
            mounts,
          }),
        )
      ).body;
      const body = {
        name: "from-template",
        templateId: template.id,
        gpu: { id: "NVIDIA H100 80GB HBM3", count: 1 },
        ports: ["2/http"],
        env: { B: "b", C: "b" },
      };
      const pod = (await post("/v2/pods", body)).body;
      expect(pod).toMatchObject({
        template: null,
        image: "vllm/vllm-openai:v0.11.0",
        cmd: ["a"],
        disk: 70,
        ports: ["2/http"],
        env: { A: "t", B: "b", C: "b", JUPYTER_PASSWORD: expect.any(String) },
        mounts,
      });
      await emulator.call("PATCH", `/v2/templates/${template.id}`, { disk: 99 });
      expect((await get(`/v2/pods/${pod.id}`)).body.disk).toBe(70);
      expect((await emulator.call("DELETE", `/v2/templates/${template.id}`)).status).toBe(400);
      await emulator.call("DELETE", `/v2/pods/${pod.id}`);
      expect((await emulator.call("DELETE", `/v2/templates/${template.id}`)).status).toBe(204);
    });

    test("a template's CUDA versions apply unless the body has any", async () => {
      const allowedCudaVersions = ["11.8"];
      const template = (await post("/v2/templates", templateBody({ allowedCudaVersions }))).body;
      expect((await refusal({ templateId: template.id })).detail).toBe(CAPACITY_TEXT);
      const gpu = { id: "NVIDIA H100 80GB HBM3", count: 1 };
      await create({ templateId: template.id, gpu: { ...gpu, minCudaVersion: "12.8" } });
      await create({ templateId: template.id, gpu: { ...gpu, allowedCudaVersions: [] } });
    });

    test("an unknown template is not found and a serverless one unprocessable", async () => {
      expect((await refusal({ templateId: "nope" })).status).toBe(404);
      const template = (await post("/v2/templates", templateBody({ serverless: true }))).body;
      expect((await refusal({ templateId: template.id })).status).toBe(422);
    });

    test("a template applied by PATCH replaces env and leaves the mounts", async () => {
      const template = (await post("/v2/templates", templateBody({ env: { T: "1" }, disk: 77 })))
        .body;
      const { id } = await create({ env: { OLD: "1" } });
      const changed = (await patch(id, { templateId: template.id, env: { B: "2" } })).body;
      expect(changed).toMatchObject({ disk: 77, env: { T: "1", B: "2" }, mounts: {} });
    });
  });

  describe("the command", () => {
    test.each([
      {
        spelling: "both arrays",
        fields: { entrypoint: ["bash", "-c"], cmd: ["echo a b"] },
        told: {
          args: '{"entrypoint":["bash","-c"],"cmd":["echo a b"]}',
          entrypoint: ["bash", "-c"],
          cmd: ["echo a b"],
        },
      },
      {
        spelling: "args as JSON",
        fields: { args: '{"cmd":["x"]}', cmd: undefined },
        told: { args: '{"cmd":["x"]}', entrypoint: [], cmd: ["x"] },
      },
      {
        spelling: "args as a shell string",
        fields: { args: "serve 'a b' --c=\"d e\" f\\ g", cmd: undefined },
        told: {
          args: "serve 'a b' --c=\"d e\" f\\ g",
          entrypoint: [],
          cmd: ["serve", "a b", "--c=d e", "f g"],
        },
      },
      { spelling: "nothing", fields: { cmd: [] }, told: { args: "", entrypoint: [], cmd: [] } },
    ])("is answered in all three forms: $spelling", async ({ fields, told }) => {
      expect(await create(fields)).toMatchObject(told);
    });

    test("args and arrays that differ are refused", async () => {
      expect((await refusal({ args: "other" })).status).toBe(400);
      await create({ args: '{"cmd":["x"]}', cmd: ["x"] });
    });

    test("a PATCH of one part leaves the other, and an empty list clears", async () => {
      const { id } = await create({ entrypoint: ["bash"] });
      expect((await patch(id, { cmd: ["-c", "true"] })).body).toMatchObject({
        entrypoint: ["bash"],
        cmd: ["-c", "true"],
      });
      expect((await patch(id, { entrypoint: [] })).body).toMatchObject({ entrypoint: [] });
      expect((await patch(id, { args: "" })).body).toMatchObject({ args: "", cmd: [] });
    });
  });

  describe("lists", () => {
    test("are paged by cursor, newest first", async () => {
      const names = ["a", "b", "c"];
      for (const name of names) {
        await create({ name });
      }
      const first = (await get("/v2/pods?limit=2")).body;
      expect(first.pods.map((pod: { name: string }) => pod.name)).toEqual(["c", "b"]);
      expect(first.pagination).toEqual({ nextCursor: expect.any(String), hasNextPage: true });
      const second = (await get(`/v2/pods?limit=2&cursor=${first.pagination.nextCursor}`)).body;
      expect(second.pods.map((pod: { name: string }) => pod.name)).toEqual(["a"]);
      expect(second.pagination).toEqual({ nextCursor: null, hasNextPage: false });
    });

    test("are whole and without pagination if the emulator is configured so", async () => {
      const older = await startTestEmulator({ pageSize: null });
      await older.call("POST", "/v2/pods", podBody());
      const { body } = await older.call("GET", "/v2/pods?limit=1");
      expect([Object.keys(body), body.pods.length]).toEqual([["pods"], 1]);
      await older.close();
    });

    test("refuse a limit that is not a number, and ignore unknown parameters", async () => {
      expect((await get("/v2/pods?limit=x")).status).toBe(422);
      expect((await get("/v2/pods?name=a")).status).toBe(200);
      expect((await get("/v2/pods?includeClusterPods=null")).status).toBe(422);
      expect((await get("/v2/pods?includeClusterPods=true")).status).toBe(200);
    });
  });

  describe("a wrong body", () => {
    test("is unprocessable, and every violation is named", async () => {
      const { status, headers, body } = await post("/v2/pods", {
        image: 5,
        bogus: true,
        gpu: { id: "x", count: 0, speed: 1 },
      });
      expect(status).toBe(422);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({ title: "Unprocessable Entity", status: 422 });
      expect(body.errors.sort()).toEqual([
        "$.gpu.count: must be >= 1",
        "$.gpu: additional properties 'speed' not allowed",
        "$.image: must be string",
        "$: additional properties 'bogus' not allowed",
        "$: must have required property 'name'",
      ]);
    });

    test("an image is required without a template", async () => {
      const { image, ...body } = podBody();
      expect((await post("/v2/pods", body)).body.errors).toEqual([
        "$: must have required property 'image'",
      ]);
    });

    test("that is not JSON is refused", async () => {
      expect((await post("/v2/pods", "{")).status).toBe(400);
    });

    test("over 102,400 bytes is too large, whoever sends it", async () => {
      const body = podBody({ env: { BIG: "x".repeat(102_400) } });
      const answer = await emulator.call("POST", "/v2/pods", body, { authorization: "Bearer no" });
      expect(answer.status).toBe(413);
    });

    test("that its template makes too large is too large", async () => {
      const env = (key: string) => ({ [key]: "x".repeat(60_000) });
      const template = (await post("/v2/templates", templateBody({ env: env("A") }))).body;
      expect((await refusal({ templateId: template.id, env: env("B") })).status).toBe(413);
    });

    test.each([
      ...["80/udp", "99999/http", "65536/tcp", "0/http", "123456/tcp"].map(
        (port): [string[], string] => [
          [port],
          `invalid port "${port}": expected <port>/http or <port>/tcp with a port from 1 to 65535`,
        ],
      ),
      [
        Array.from({ length: 11 }, (_, index) => `${8000 + index}/http`),
        "at most 10 HTTP ports can be exposed, got 11",
      ],
    ])("with ports %j is refused", async (ports, detail) => {
      expect(await refusal({ ports })).toEqual({ status: 400, detail });
    });

    test("may ask for a TCP port that is the same inside and outside", async () => {
      expect((await create({ ports: ["65535/http", "70000/tcp"] })).ports).toContain("70000/tcp");
    });

    test("with a name of more than 191 characters is refused, for each kind", async () => {
      const name = "n".repeat(192);
      const detail = "name must be at most 191 characters long";
      const volume = (await post("/v2/network-volumes", volumeBody())).body;
      const template = (await post("/v2/templates", templateBody())).body;
      const pod = await create({ name: "n".repeat(191) });
      for (const [method, path, body] of [
        ["POST", "/v2/pods", podBody({ name })],
        ["POST", "/v2/templates", templateBody({ name })],
        ["POST", "/v2/network-volumes", volumeBody({ name })],
        ["PATCH", `/v2/pods/${pod.id}`, { name }],
        ["PATCH", `/v2/templates/${template.id}`, { name }],
        ["PATCH", `/v2/network-volumes/${volume.id}`, { name }],
      ] as const) {
        const answer = await emulator.call(method, path, body);
        expect([path, answer.status, answer.body.detail]).toEqual([path, 400, detail]);
      }
    });

    test("names no registry that does not exist", async () => {
      expect((await refusal({ registry: "nope" })).status).toBe(404);
    });
  });
});
