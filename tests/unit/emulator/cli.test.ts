import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** The command runs the compiled files. */
const BIN = path.join(__dirname, "../../../emulator/bin/runpod-emulator.js");

describe("runpod-emulator", () => {
  let child: ChildProcess | null = null;
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    child = null;
  });

  /** The lines of standard output, as they come. */
  const start = (...args: string[]): AsyncIterator<string> => {
    child = spawn(process.execPath, [BIN, "--port", "0", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (!child.stdout) {
      throw new Error("no standard output");
    }
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  };
  const next = async (lines: AsyncIterator<string>): Promise<string> => (await lines.next()).value;

  test("prints what to export once it accepts connections, then a line for each request", async () => {
    const lines = start("--seed", "7");
    const exported: string[] = [];
    for (let index = 0; index < 8; index++) {
      exported.push(await next(lines));
    }
    const [, url = ""] =
      /^export RUNPOD_API_BASE_URL=(http:\/\/127\.0\.0\.1:\d+)$/.exec(exported[2] ?? "") ?? [];
    expect(exported).toEqual([
      "export RUNPOD_API_KEY=rpa_emulator",
      `export RUNPOD_REST_V2_URL=${url}/v2`,
      `export RUNPOD_API_BASE_URL=${url}`,
      `export RUNPOD_REST_V1_URL=${url}/v1`,
      `export RUNPOD_GRAPHQL_URL=${url}/graphql`,
      `export RUNPOD_PROXY_URL=${url}/proxy/{podId}-{port}`,
      `export RUNPOD_ENDPOINT_BASE_URL=${url}/serverless/v2`,
      `export RUNPOD_LOAD_BALANCER_URL=${url}/lb/{endpointId}`,
    ]);
    expect(await next(lines)).toBe("# seed 7; stop with Ctrl-C");
    await fetch(`${url}/v2/pods`, {
      headers: { authorization: "Bearer rpa_emulator", "user-agent": "tester/1.0" },
    });
    expect(await next(lines)).toMatch(/^\d{4}-\S+Z GET \/v2\/pods 200 tester\/1\.0$/);
  });

  test("without a rate limit it serves, and shows no limit", async () => {
    const lines = start("--rate-limit", "off");
    await next(lines);
    const v2 = (await next(lines)).replace("export RUNPOD_REST_V2_URL=", "");
    const { status, headers } = await fetch(`${v2}/pods`, {
      headers: { authorization: "Bearer rpa_emulator" },
    });
    expect([status, headers.get("ratelimit")]).toEqual([200, null]);
  });

  test("ends on a signal", async () => {
    const lines = start("--api-key", "rpa_one", "--api-key", "rpa_two", "--rate-limit", "off");
    expect(await next(lines)).toBe("export RUNPOD_API_KEY=rpa_one");
    child?.kill("SIGTERM");
    const [code] = child ? await once(child, "exit") : [];
    expect(code).toBe(0);
  });

  test("has no rate limit if that is off", async () => {
    const lines = start("--rate-limit", "off");
    await next(lines);
    const [, url = ""] = /=(.+)$/.exec(await next(lines)) ?? [];
    const { status, headers } = await fetch(`${url}/pods`, {
      headers: { authorization: "Bearer rpa_emulator" },
    });
    expect([status, headers.get("ratelimit")]).toEqual([200, null]);
  });

  const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: "utf8" });

  test.each([
    [
      ["--speed", "warp"],
      "error: option '--speed <speed>' argument 'warp' is invalid. Allowed choices are real, fast, instant.",
    ],
    [
      ["--port", "http"],
      "error: option '--port <number>' argument 'http' is invalid. It must be a whole number.",
    ],
    [
      ["--port", "65536"],
      "error: option '--port <number>' argument '65536' is invalid. It must be at most 65535.",
    ],
    [
      ["--api-key", ""],
      "error: option '--api-key <key>' argument '' is invalid. It must have visible ASCII characters only",
    ],
    [
      ["--seed", "x"],
      "error: option '--seed <number>' argument 'x' is invalid. It must be a whole number.",
    ],
    [
      ["--rate-limit", "lots"],
      "error: option '--rate-limit <limit>' argument 'lots' is invalid. It must be requests/seconds",
    ],
    [
      ["--spend-limit", "lots"],
      "error: option '--spend-limit <dollars>' argument 'lots' is invalid. It must be dollars per hour, such as 80, or \"off\".",
    ],
    [
      ["--restricted-key", "rpa_ci"],
      "error: option '--restricted-key <key=rights>' argument 'rpa_ci' is invalid. It must be a key and its rights, such as rpa_ci=all:read.",
    ],
    [["--turbo"], "error: unknown option '--turbo'"],
  ])("refuses %j", (args, message) => {
    const { status, stderr } = run(BIN, ...args);
    expect([status, stderr.replaceAll(/\s+/g, " ")]).toEqual([2, expect.stringContaining(message)]);
  });
});
