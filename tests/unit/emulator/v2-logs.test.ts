import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody } from "./bodies";

describe("GET /v2/pods/{id}/logs", () => {
  let emulator: TestEmulator;
  let id: string;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(async () => {
    await emulator.reset();
    id = (await emulator.call("POST", "/v2/pods", podBody())).body.id;
    await emulator.call("GET", `/v2/pods/${id}`);
  });
  afterAll(() => emulator.close());

  test("streams events of both sources, in order, each with an id", async () => {
    const lines = await emulator.logs(id, "tail=5000");
    expect(new Set(lines.map(({ source }) => source))).toEqual(new Set(["container", "system"]));
    expect(lines.map((line) => line.id)).toEqual(
      lines.map(({ ts }, index) => `${ts}/${String(index).padStart(12, "0")}`),
    );
    expect(lines.some(({ line }) => line.includes("Application startup complete"))).toBe(true);
  });

  test("tail counts for each source", async () => {
    const sources = (await emulator.logs(id, "tail=2")).map(({ source }) => source);
    expect(sources.sort()).toEqual(["container", "container", "system", "system"]);
    const system = await emulator.logs(id, "tail=3&source=system");
    expect(system.map(({ source }) => source)).toEqual(["system", "system", "system"]);
  });

  test("Last-Event-ID resumes after its line, and overrides tail and since", async () => {
    const all = await emulator.logs(id, "tail=5000");
    const headers = { "last-event-id": all.at(-3)?.id ?? "" };
    const since = new Date(0).toISOString();
    expect(await emulator.logs(id, `tail=0&since=${since}`, headers)).toEqual(all.slice(-2));
  });

  test("since overrides tail", async () => {
    const all = await emulator.logs(id, "tail=5000");
    expect(await emulator.logs(id, `tail=1&since=${all[0]?.ts}`)).toEqual(all);
    const later = new Date(Date.parse(all.at(-1)?.ts ?? "") + 60_000).toISOString();
    expect(await emulator.logs(id, `since=${later}`)).toEqual([]);
  });

  test("without a line to show, not even the headers are sent", async () => {
    const silent = fetch(`${emulator.url}/v2/pods/${id}/logs?tail=0`, {
      headers: { authorization: "Bearer rpa_emulator" },
      signal: AbortSignal.timeout(300),
    });
    await expect(silent).rejects.toThrow(/timeout/);
  });

  test("an open stream sends new lines as they are written", async () => {
    const following = emulator.logs(id, "tail=0&source=system");
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "restart" });
    expect((await following).map(({ line }) => line)).toEqual(
      expect.arrayContaining([expect.stringContaining("start container")]),
    );
  });

  test("lines continue after a restart, and are kept when the pod is stopped or gone", async () => {
    const before = await emulator.logs(id, "tail=5000");
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "restart" });
    await emulator.call("GET", `/v2/pods/${id}`);
    const after = await emulator.logs(id, "tail=5000");
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.length).toBeGreaterThan(before.length);
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "stop" });
    expect(await emulator.logs(id, "tail=5000")).toEqual(after);
    await emulator.call("DELETE", `/v2/pods/${id}`);
    expect(await emulator.logs(id, "tail=5000")).toEqual(after);
  });

  test("an unknown pod has none, and a wrong parameter is unprocessable", async () => {
    const status = async (path: string) => (await emulator.call("GET", path)).status;
    expect(await status("/v2/pods/nope/logs")).toBe(404);
    expect(await status(`/v2/pods/${id}/logs?tail=5001`)).toBe(422);
    expect(await status(`/v2/pods/${id}/logs?source=kernel`)).toBe(422);
    expect(await status(`/v2/pods/${id}/logs?since=yesterday`)).toBe(422);
  });
});
