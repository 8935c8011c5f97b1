import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { mockEngine } from "../resources/mocked-engine";

const EXAMPLE = path.join(__dirname, "../../../examples/post-deploy-check");

describe("examples/post-deploy-check", () => {
  afterEach(() => jest.resetModules());

  test("asks again whenever the endpoint's revision changes", async () => {
    const engine = await mockEngine();
    jest.isolateModules(() => require(`${EXAMPLE}/index.ts`));
    const { create, triggers, environment } = await engine.inputsOf("check", "Command");
    expect({ create, triggers, environment }).toMatchObject({
      create: "node check.mjs",
      triggers: ["llm-id", 1],
      environment: { EXPECTED: "4217" },
    });
    expect(engine.registered.filter(({ name }) => name === "hardware")).toEqual([]);
  });

  test("looks at the hardware over SSH if it has a key", async () => {
    pulumi.runtime.setAllConfig({ "project:sshPrivateKey": "a key" }, ["project:sshPrivateKey"]);
    const engine = await mockEngine();
    jest.isolateModules(() => require(`${EXAMPLE}/index.ts`));
    expect(await engine.inputsOf("hardware", "Command")).toMatchObject({
      create: "nvidia-smi && df -h",
      triggers: ["llm-id", 1],
    });
    pulumi.runtime.setAllConfig({});
  });
});

describe("examples/post-deploy-check/check.mjs", () => {
  let server: Server;
  let answer: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const isModels = request.url === "/v1/models";
      const chat = { choices: [{ message: { content: answer } }] };
      response.end(JSON.stringify(isModels ? { data: [{ id: "m" }] } : chat));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  const check = () => {
    const { port } = server.address() as AddressInfo;
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, EXPECTED: "4217" };
    const script = path.join(EXAMPLE, "check.mjs");
    return promisify(execFile)(process.execPath, [script], { env });
  };

  test("prints the right answer", async () => {
    answer = "4217";
    expect((await check()).stdout).toBe("4217\n");
  });

  test("fails on a wrong one", async () => {
    answer = "42";
    await expect(check()).rejects.toMatchObject({
      code: 1,
      stderr: 'The model answered "42", which does not contain 4217.\n',
    });
  });
});
