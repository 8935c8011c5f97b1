import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT, podBody, templateBody, volumeBody } from "./bodies";

const MACHINE_TEXT =
  "This machine does not have the resources to deploy your pod. Please try a different machine";
const CREATE = { method: "POST", path: "^/v2/pods$", times: 1 };

/** The command replaces the process's Request and Response, a program that starts an emulator does not. */
describe.each([false, true])("/_emulator/faults, globals replaced: %s", (replaceGlobals) => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator({ replaceGlobals });
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = () => emulator.call("POST", "/v2/pods", podBody());
  const listed = async () => (await emulator.call("GET", "/v2/pods")).body.pods.length;
  const existing = async () => (await emulator.ledger()).pods.length;
  const lastStatus = async () => (await emulator.requests()).at(-1)?.status;

  test("reset:before cuts the connection and nothing happens", async () => {
    await emulator.fault("reset:before", CREATE);
    await expect(create()).rejects.toThrow();
    expect([await existing(), await lastStatus()]).toEqual([0, 0]);
    expect((await create()).status).toBe(201);
  });

  test("reset:after cuts the connection once the object is created", async () => {
    await emulator.fault("reset:after", CREATE);
    await expect(create()).rejects.toThrow();
    expect([await existing(), await lastStatus()]).toEqual([1, 0]);
  });

  test("status before and after", async () => {
    await emulator.fault("status:503:before", CREATE);
    expect((await create()).status).toBe(503);
    expect(await existing()).toBe(0);
    await emulator.fault("status:500:after", CREATE);
    const answer = await create();
    expect(answer).toMatchObject({ status: 500, body: { title: "Internal Server Error" } });
    expect(await existing()).toBe(1);
  });

  test.each([0, 1, 50])(
    "truncate:%d announces the whole body and sends its beginning",
    async (bytes) => {
      const complaints = jest.spyOn(console, "error");
      await emulator.fault(`truncate:${bytes}`, CREATE);
      const answer = await fetch(`${emulator.url}/v2/pods`, {
        method: "POST",
        headers: { authorization: "Bearer rpa_emulator", "content-type": "application/json" },
        body: JSON.stringify(podBody()),
      });
      expect(answer.status).toBe(201);
      expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(500);
      let received = 0;
      const reading = async () => {
        for await (const chunk of answer.body ?? []) {
          received += chunk.length;
        }
      };
      await expect(reading()).rejects.toThrow("terminated");
      expect(received).toBe(bytes);
      expect(await existing()).toBe(1);
      expect(complaints).not.toHaveBeenCalled();
    },
  );

  test("html answers with Cloudflare's page, with any status", async () => {
    await emulator.fault("html", CREATE);
    const bad = await create();
    expect([bad.status, bad.headers.get("server")]).toEqual([502, "cloudflare"]);
    await emulator.fault("html:200", CREATE);
    const good = await create();
    expect([good.status, good.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=UTF-8",
    ]);
    expect(await existing()).toBe(0);
  });

  test("capacity refuses in RunPod's words", async () => {
    await emulator.fault("capacity", CREATE);
    expect(await create()).toMatchObject({ status: 400, body: { detail: CAPACITY_TEXT } });
    expect(await existing()).toBe(0);
  });

  test.each([409, 500])("capacity:%d refuses with that status, for one machine", async (status) => {
    await emulator.fault(`capacity:${status}`, CREATE);
    expect(await create()).toMatchObject({ status, body: { detail: MACHINE_TEXT } });
    await emulator.fault(`capacity:${status}`, { times: 1 });
    expect((await emulator.call("POST", "/v1/pods", {})).body).toMatchObject({
      error: MACHINE_TEXT,
    });
    expect(await existing()).toBe(0);
  });

  test("a page may be short or empty although more comes, and no cursor comes twice", async () => {
    const ids = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift((await create()).body.id);
    }
    await emulator.fault("page:0", { method: "GET", path: "^/v2/pods$", times: 2 });
    await emulator.fault("page:2", { method: "GET", path: "^/v2/pods$", after: 2, times: 2 });
    const sizes = [];
    const found = [];
    const cursors = new Set<string>();
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor && `?cursor=${cursor}`;
      const { pods, pagination } = (await emulator.call("GET", `/v2/pods${query}`)).body;
      expect(pagination.hasNextPage).toBe(pagination.nextCursor !== null);
      sizes.push(pods.length);
      found.push(...pods.map(({ id }: { id: string }) => id));
      cursors.add(cursor);
      cursor = pagination.nextCursor;
    }
    expect(found).toEqual(ids);
    expect(sizes).toEqual([0, 0, 2, 2, 1]);
    expect(cursors.size).toBe(5);
  });

  test("cloudflare blocks the client", async () => {
    await emulator.fault("cloudflare", CREATE);
    const answer = await create();
    expect([answer.status, answer.body]).toEqual([403, "error code: 1010"]);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(answer.headers.get("server")).toBe("cloudflare");
    expect(answer.headers.get("cf-ray")).toMatch(/^[0-9a-f]{16}-FRA$/);
    expect(await existing()).toBe(0);
  });

  test("lag hides a new object from lists, or from all reads", async () => {
    await emulator.fault("lag:20000:list", CREATE);
    const inLists = (await create()).body.id;
    await emulator.fault("lag:20000:all", CREATE);
    const everywhere = (await create()).body.id;
    expect(await listed()).toBe(0);
    expect((await emulator.call("GET", `/v2/pods/${inLists}`)).status).toBe(200);
    expect((await emulator.call("GET", `/v2/pods/${everywhere}`)).status).toBe(404);
    await emulator.advance(21);
    expect(await listed()).toBe(2);
    expect((await emulator.call("GET", `/v2/pods/${everywhere}`)).status).toBe(200);
  });

  test("lag hides templates and volumes too", async () => {
    await emulator.fault("lag:20000:list", { method: "POST" });
    await emulator.call("POST", "/v2/templates", templateBody());
    await emulator.call("POST", "/v2/network-volumes", volumeBody());
    expect((await emulator.call("GET", "/v2/templates")).body.templates).toEqual([]);
    expect((await emulator.call("GET", "/v2/network-volumes")).body.networkVolumes).toEqual([]);
  });

  test("delete-lag shows a deleted pod as it was, and its volume in use", async () => {
    const volume = (await emulator.call("POST", "/v2/network-volumes", volumeBody())).body.id;
    const mounts = { network: [{ volumeId: volume, path: "/cache" }] };
    const { id } = (await emulator.call("POST", "/v2/pods", podBody({ mounts }))).body;
    await emulator.fault("delete-lag:20000", { method: "DELETE", times: 1 });
    await emulator.call("DELETE", `/v2/pods/${id}`);
    expect((await emulator.call("GET", `/v2/pods/${id}`)).body.status).toBe("RUNNING");
    expect(await listed()).toBe(1);
    expect((await emulator.ledger()).pods[0]?.endedAt).not.toBeNull();
    expect((await emulator.call("DELETE", `/v2/network-volumes/${volume}`)).status).toBe(400);
    await emulator.advance(21);
    expect((await emulator.call("GET", `/v2/pods/${id}`)).status).toBe(404);
    expect((await emulator.call("DELETE", `/v2/network-volumes/${volume}`)).status).toBe(204);
  });

  test("slow delays the answer, but not the action", async () => {
    await emulator.fault("slow:60000", CREATE);
    const answered = fetch(`${emulator.url}/v2/pods`, {
      method: "POST",
      headers: { authorization: "Bearer rpa_emulator", "content-type": "application/json" },
      body: JSON.stringify(podBody()),
      signal: AbortSignal.timeout(200),
    });
    await expect(answered).rejects.toThrow(/timeout/);
    expect([await existing(), await lastStatus()]).toEqual([1, null]);
  });

  test("after lets matches pass first, and times counts the hits", async () => {
    await emulator.fault("status:500:before", { ...CREATE, after: 1, times: 2 });
    await emulator.call("GET", "/v2/pods");
    const statuses = [];
    for (let round = 0; round < 4; round++) {
      statuses.push((await create()).status);
    }
    expect(statuses).toEqual([201, 500, 500, 201]);
  });

  test("a lost answer and a lag may hit the same request", async () => {
    await emulator.fault("reset:after", CREATE);
    await emulator.fault("lag:20000:list", CREATE);
    await expect(create()).rejects.toThrow();
    expect([await existing(), await listed()]).toEqual([1, 0]);
  });

  test("without times a fault stays until it is cleared", async () => {
    await emulator.fault("status:500:before", { path: "^/v2/" });
    expect([(await create()).status, (await create()).status]).toEqual([500, 500]);
    await emulator.clearFaults();
    expect((await create()).status).toBe(201);
  });

  test.each([
    "reset",
    "status:99:before",
    "lag:5",
    "slow:-1",
    "explode",
    "capacity:418",
    "capacity:",
    "capacity:500:after",
    "cloudflare:1010",
    "status:204:before",
    "slow:99999999999",
    "reset:before:x",
  ])("%s is not a fault", async (fault) => {
    await expect(emulator.fault(fault)).rejects.toThrow(`fault \\"${fault}\\" must be one of`);
  });

  test("errors have the form of the API that answers", async () => {
    await emulator.fault("status:500:before");
    expect((await emulator.call("GET", "/v1/pods")).body).toMatchObject({ status: 500 });
    expect((await emulator.call("POST", "/graphql", {})).body).toHaveProperty("errors");
  });
});
