import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { templateBody } from "./bodies";

describe("/v2/templates", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator({ apiKeys: ["rpa_one", "rpa_two"] });
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const asOther = { authorization: "Bearer rpa_two" };
  const create = async (changes: Record<string, unknown> = {}) =>
    (await emulator.call("POST", "/v2/templates", templateBody(changes))).body;
  const patch = (id: string, body: unknown) => emulator.call("PATCH", `/v2/templates/${id}`, body);

  test("a template is created with RunPod's defaults, changed, and deleted", async () => {
    const created = await emulator.call("POST", "/v2/templates", templateBody());
    expect(created.status).toBe(201);
    const { id } = created.body;
    const full = {
      id,
      name: "recipe",
      image: "vllm/vllm-openai:v0.11.0",
      args: "",
      entrypoint: [],
      cmd: [],
      disk: 20,
      ports: [],
      env: {},
      registry: null,
      mounts: {},
      serverless: false,
      public: false,
      category: "NVIDIA",
      startSsh: true,
      startJupyter: true,
      allowedCudaVersions: [],
    };
    expect(created.body).toEqual(full);
    expect((await patch(id, { name: "other", cmd: ["serve"] })).body).toEqual({
      ...full,
      name: "other",
      args: '{"cmd":["serve"]}',
      cmd: ["serve"],
    });
    const { body } = await emulator.call("GET", "/v2/templates");
    expect(body.templates).toHaveLength(1);
    expect((await emulator.call("DELETE", `/v2/templates/${id}`)).status).toBe(204);
    expect((await emulator.call("GET", `/v2/templates/${id}`)).status).toBe(404);
    expect((await emulator.ledger()).templates).toEqual([
      expect.objectContaining({ id, name: "other", endedAt: expect.any(String), spent: 0 }),
    ]);
  });

  test("names need not be unique", async () => {
    expect((await create()).id).not.toBe((await create()).id);
  });

  test("a network mount and an unknown field are unprocessable", async () => {
    const network = [{ volumeId: "x", path: "/y" }];
    for (const changes of [{ mounts: { network } }, { readme: "no" }]) {
      expect((await emulator.call("POST", "/v2/templates", templateBody(changes))).status).toBe(
        422,
      );
    }
  });

  test("registry is cleared by an empty string, and null is ignored", async () => {
    const credentials = { name: "hub", username: "me", password: "secret" };
    const registry = (await emulator.call("POST", "/v2/registries", credentials)).body.id;
    const { id } = await create({ registry });
    expect((await patch(id, { registry: null })).body.registry).toBe(registry);
    expect((await patch(id, { registry: "" })).body.registry).toBeNull();
    expect((await patch(id, { registry: "nope" })).status).toBe(400);
  });

  test("other accounts see a public template and cannot change it", async () => {
    const { id } = await create({ public: true });
    const { id: own } = await create();
    const path = `/v2/templates/${id}`;
    expect((await emulator.call("GET", path, undefined, asOther)).body.id).toBe(id);
    expect((await emulator.call("PATCH", path, { name: "x" }, asOther)).status).toBe(404);
    expect((await emulator.call("DELETE", path, undefined, asOther)).status).toBe(404);
    expect((await emulator.call("GET", `/v2/templates/${own}`, undefined, asOther)).status).toBe(
      404,
    );
    expect(
      (await emulator.call("GET", "/v2/templates", undefined, asOther)).body.templates,
    ).toEqual([]);
  });
});
