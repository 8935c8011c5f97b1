import { createRunpodApi, type RunpodApi } from "../../../provider/src/api";
import { randomId } from "../../../provider/src/core/token";
import { ManualClock } from "../../support/manual-clock";
import { problem, startServer, type TestServer } from "../http/test-server";

let server: TestServer;
let clock: ManualClock;
let api: RunpodApi;

beforeEach(async () => {
  server = await startServer();
  clock = new ManualClock();
  api = createRunpodApi({
    apiKey: `rpa_${randomId(8)}`,
    apiUrl: `${server.url}/v2`,
    graphqlUrl: `${server.url}/graphql`,
    clock,
  });
});

afterEach(() => server.close());

const frame = (n: number, line: string) =>
  `id: 2026-11-23T12:00:0${n}Z/00000000000${n}\ndata: ${JSON.stringify({ ts: `2026-11-23T12:00:0${n}Z`, source: "container", line })}\n\n`;

/** Answers with a stream that stays open. */
function streaming(text: string): void {
  server.answer = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(text);
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The bound on the whole, and the one on silence. */
const SILENT = 2;

describe("the logs of a pod", () => {
  test("are the existing lines: a silent stream is not waited for", async () => {
    streaming(frame(1, "loading") + frame(2, "serving"));
    const reading = api.pods.logs("pod1");
    await until(() => clock.sleeping === SILENT);
    await clock.advance(500);
    expect(await reading).toEqual([
      { at: "2026-11-23T12:00:01Z", source: "container", line: "loading" },
      { at: "2026-11-23T12:00:02Z", source: "container", line: "serving" },
    ]);
    expect(clock.sleeping).toBe(0);
  });

  test("are requested by source and number", async () => {
    server.answer = (_, response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end();
    await api.pods.logs("pod1", { source: "system", tail: 20 });
    await api.pods.logs("pod1");
    expect(server.received.map(({ path }) => path)).toEqual([
      "/v2/pods/pod1/logs?tail=20&source=system",
      "/v2/pods/pod1/logs?tail=100",
    ]);
  });

  test("are none if nothing is written while they are waited for", async () => {
    let isAsked = false;
    server.answer = () => {
      isAsked = true;
    };
    const reading = api.pods.logs("pod1", { timeoutMs: 3_000 });
    await until(() => isAsked);
    await clock.advance(3_000);
    expect(await reading).toEqual([]);
  });

  test("end when the time is up, even if more is written", async () => {
    let writing: NodeJS.Timeout | undefined;
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      writing = setInterval(() => response.write(frame(1, "again")), 1);
    };
    let isOver = false;
    const reading = api.pods.logs("pod1").finally(() => {
      isOver = true;
    });
    await until(() => clock.sleeping === SILENT);
    while (!isOver) {
      await clock.advance(100);
    }
    expect((await reading).length).toBeGreaterThan(0);
    expect(clock.monotonic()).toBeLessThanOrEqual(5_100);
    clearInterval(writing);
  });

  test("are returned as shown, and a progress bar as separate lines", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const bar = "\u001b[32m 10%\u001b[0m\r 20%\r";
      response.end(frame(1, bar) + frame(2, "") + frame(3, "\u0007done"));
    };
    const lines = await api.pods.logs("pod1");
    expect(lines.map(({ line }) => line)).toEqual([" 10%", " 20%", "", "done"]);
  });

  test("end at their size limit, without the line that it cuts", async () => {
    const text = frame(1, "first") + frame(2, "second");
    streaming(text);
    const lines = await api.pods.logs("pod1", { maxBytes: text.length - 1 });
    expect(lines.map(({ line }) => line)).toEqual(["first"]);
  });

  test("lack an incomplete frame", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`${frame(1, "whole")}data: {"ts":"2026`);
    };
    expect((await api.pods.logs("pod1")).map(({ line }) => line)).toEqual(["whole"]);
  });

  test("lack frames that are not in the documented form", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        `data: nonsense\n\n: comment\n\ndata: {"line":7}\n\ndata: null\n\n${frame(1, "ok")}`,
      );
    };
    expect((await api.pods.logs("pod1")).map(({ line }) => line)).toEqual(["ok"]);
  });

  test("keep characters that arrive in two pieces", async () => {
    const bytes = Buffer.from(frame(1, "naïve 模型"));
    const middle = bytes.indexOf("模") + 1;
    server.answer = (_, response) => {
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .write(bytes.subarray(0, middle));
      setTimeout(() => response.end(bytes.subarray(middle)), 5);
    };
    expect((await api.pods.logs("pod1")).map(({ line }) => line)).toEqual(["naïve 模型"]);
  });

  test("are the lines before the connection broke", async () => {
    server.answer = (_, response) => {
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .write(frame(1, "last words"));
      setTimeout(() => response.destroy(), 5);
    };
    expect((await api.pods.logs("pod1")).map(({ line }) => line)).toEqual(["last words"]);
  });

  test("of a pod that does not exist are refused", async () => {
    server.answer = (_, response) => problem(response, 404, "no such pod");
    await expect(api.pods.logs("pod1")).rejects.toMatchObject({ kind: "notFound" });
    expect(clock.sleeping).toBe(0);
  });

  test("that are canceled are aborted", async () => {
    const abort = new AbortController();
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": nothing yet\n\n");
      setTimeout(() => abort.abort(), 5);
    };
    await expect(api.pods.logs("pod1", { signal: abort.signal })).rejects.toMatchObject({
      kind: "aborted",
    });
  });
});
