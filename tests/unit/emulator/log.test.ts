import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { sendRaw } from "../../support/raw-http";

describe("The log", () => {
  let emulator: TestEmulator;
  let lines: string[];
  beforeEach(async () => {
    lines = [];
    emulator = await startTestEmulator({ log: (line) => lines.push(line) });
  });
  afterEach(() => emulator.close());

  const get = (target: string, ...headers: string[]) =>
    sendRaw(emulator.url, [
      `GET ${target} HTTP/1.1`,
      `host: ${new URL(emulator.url).host}`,
      ...headers,
    ]);

  test("shows a path as it was sent, so that it neither ends the line nor moves the cursor", async () => {
    await get("/v2/%1b[31m%0a::error::x?key=1", "user-agent: tester/1.0");
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-\S+Z GET \/v2\/%1b\[31m%0a::error::x 401 tester\/1\.0$/),
    ]);
  });

  test.each([
    ["user-agent", "C1 escapes", "\u009b31m\u009d0;title\u009c"],
    ["user-agent", "what is UTF-8 for a bidi control", Buffer.from("\u202e").toString("latin1")],
  ])("shows a %s of %s without terminal control characters", async (header, _, value) => {
    await get("/v2/pods", `${header}: x${value}x`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\P{C}+$/u);
  });

  test("shows a path of bytes that are not ASCII in ASCII, if it is served at all", async () => {
    await get("/v2/\u009b31m");
    expect(lines.join("")).toMatch(/^[ -~]*$/);
  });
});
