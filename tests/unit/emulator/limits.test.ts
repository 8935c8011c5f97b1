import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { sendRaw } from "../../support/raw-http";
import { podBody } from "./bodies";

const MIB = 1024 * 1024;

describe.each([false, true])("Limits on requests, globals replaced: %s", (replaceGlobals) => {
  let emulator: TestEmulator;
  let podId: string;
  beforeAll(async () => {
    emulator = await startTestEmulator({ replaceGlobals });
  });
  beforeEach(async () => {
    await emulator.reset();
    podId = (await emulator.call("POST", "/v2/pods", podBody())).body.id;
  });
  afterAll(() => emulator.close());

  const post = (path: string, headers: string[], body = "") =>
    sendRaw(
      emulator.url,
      [
        `POST ${path} HTTP/1.1`,
        `host: ${new URL(emulator.url).host}`,
        "authorization: Bearer rpa_emulator",
        "content-type: application/json",
        ...headers,
      ],
      body,
    );
  const routes = () =>
    [
      ["/_emulator/reset", MIB],
      ["/_emulator/clock", MIB],
      ["/v1/pods", MIB],
      ["/v2/pods", MIB],
      ["/graphql", MIB],
      ["/nothing", MIB],
      [`/proxy/${podId}-8000/v1/chat/completions`, 16 * MIB],
    ] as const;

  test("a body with a too large content-length is refused before it is sent", async () => {
    for (const [path, most] of routes()) {
      const { status, text } = await post(path, [`content-length: ${most + 1}`]);
      expect([path, status]).toEqual([path, 413]);
      expect(text).toContain(`limit of ${most} bytes`);
    }
  });

  test("a body in chunks is refused once it is too long", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    for (const [path, most] of routes()) {
      const chunks = chunk.repeat(most / 0x10000 + 1);
      const { status } = await post(path, ["transfer-encoding: chunked"], chunks);
      expect([path, status]).toEqual([path, 413]);
    }
  });

  test("a container gets a long message complete, in one piece or in chunks", async () => {
    const body = JSON.stringify({ prompt: "word ".repeat(1000), padding: " ".repeat(2 * MIB) });
    const path = `/proxy/${podId}-8000/v1/completions`;
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    for (const { status, text } of [
      await post(path, [`content-length: ${body.length}`], body),
      await post(path, ["transfer-encoding: chunked"], chunked),
    ]) {
      expect(status).toBe(200);
      expect(text).toContain('"prompt_tokens":');
    }
  });

  test("endlessly nested JSON is refused, and the request log still answers", async () => {
    const deep = "[".repeat(9_000) + "]".repeat(9_000);
    expect((await emulator.call("POST", "/v2/pods", deep)).status).toBe(400);
    const args = podBody({
      cmd: undefined,
      args: `{"cmd":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    });
    expect((await emulator.call("POST", "/v2/pods", args)).status).toBeLessThan(500);
    expect((await emulator.requests()).length).toBeGreaterThan(2);
  });

  const repeat = (times: number, text: (index: number) => string) =>
    Array.from({ length: times }, (_, index) => text(index)).join(" ");
  test.each([
    ["levels", "{a".repeat(100_000)],
    ["aliases", `{${repeat(5_000, (index) => `a${index}: gpuTypes { id }`)}}`],
    [
      "fragments that multiply each other",
      `{${repeat(60, (index) => `a${index}: myself { ...U }`)}}
       fragment U on User {${repeat(60, (index) => `b${index}: pods { ...P }`)}}
       fragment P on Pod {${repeat(60, (index) => `c${index}: runtime { uptimeInSeconds }`)}}`,
    ],
  ])("a GraphQL query of very many %s is refused", async (_, query) => {
    const { status, body } = await emulator.call("POST", "/graphql", { query });
    expect([status, body.data]).toEqual([200, undefined]);
    expect(body.errors[0].message).toMatch(/tokens|more than 2000 fields/);
  });

  test("a GraphQL body of nothing but escaped quotes is refused", async () => {
    const { status } = await emulator.call("POST", "/graphql", `"${'\\"'.repeat(500_000)}`);
    expect(status).toBe(400);
  });

  test.each([
    [null, "the body has no query"],
    [{ query: "{ myself { id } }", variables: "x" }, "variables must be a JSON object"],
    [{ query: "{ myself { id } }", operationName: 5 }, "operationName must be a string"],
  ])("a GraphQL body %j is refused", async (body, message) => {
    const answer = await emulator.call("POST", "/graphql", JSON.stringify(body));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ message }] } });
  });
});
