import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createSandbox, type Sandbox } from "./sandbox";

/** The SDK has its own type definitions of google-protobuf. */
type SdkStruct = NonNullable<ReturnType<language.ProgramInfo["getOptions"]>>;

const script = join(__dirname, "../../../../tools/pulumi-cli/language-host.mts");

describe("The language host", () => {
  let sandbox: Sandbox;
  let directory: string;
  let host: ChildProcess;
  let client: LanguageRuntimeClient;
  let output: string;
  beforeEach(async () => {
    sandbox = createSandbox();
    directory = join(sandbox.folder, "program");
    mkdirSync(directory);
    output = "";
    host = spawn(process.execPath, [script, "127.0.0.1:4711"], { stdio: "pipe" });
    host.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    while (!output.includes("\n")) {
      await once(host.stdout ?? host, "data");
    }
    client = new LanguageRuntimeClient(
      `127.0.0.1:${Number.parseInt(output, 10)}`,
      credentials.createInsecure(),
    );
    output = "";
  });
  afterEach(async () => {
    client.close();
    if (host.exitCode === null) {
      host.stdin?.end();
      await once(host, "close");
    }
    sandbox.remove();
  });

  test("runs a program with its SDK, the engine's addresses and its configuration", async () => {
    installSdk("run", "console.log(JSON.stringify(seen))");
    const answer = await run((request) => {
      request.setMonitorAddress("127.0.0.1:4712");
      request.setProject("project");
      request.setStack("dev");
      request.setOrganization("organization");
      request.setParallel(16);
      request.setDryrun(true);
      request.getConfigMap().set("runpod:apiKey", "rpa_x").set("project:n", "1");
      request.setConfigsecretkeysList(["runpod:apiKey"]);
    });
    expect(answer).toEqual({ error: "", bail: false });
    await eventually(() => output.includes("\n"));
    const { args, cwd, env, execArgv } = JSON.parse(output);
    expect(args).toEqual([
      ...["--monitor", "127.0.0.1:4712", "--engine", "127.0.0.1:4711"],
      ...["--organization", "organization", "--project", "project"],
      ...["--root-directory", directory, "--stack", "dev", "--pwd", directory],
      ...["--parallel", "16", "--dry-run", "."],
    ]);
    expect({ cwd, execArgv }).toEqual({ cwd: directory, execArgv: [] });
    expect(env).toEqual({
      PULUMI_CONFIG: '{"project:n":"1","runpod:apiKey":"rpa_x"}',
      PULUMI_CONFIG_SECRET_KEYS: '["runpod:apiKey"]',
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
  });

  test.each([true, false])("follows the runtime's options, typescript %s", async (typescript) => {
    installSdk("run", "console.log(JSON.stringify(seen))");
    await run((request) => {
      const options = { typescript, nodeargs: "--no-warnings --stack-size=900" };
      request.getInfo()?.setOptions(Struct.fromJavaScript(options) as unknown as SdkStruct);
    });
    await eventually(() => output.includes("\n"));
    const { env, execArgv } = JSON.parse(output);
    expect(env.PULUMI_NODEJS_TYPESCRIPT).toBe(String(typescript));
    expect(execArgv).toEqual(["--no-warnings", "--stack-size=900"]);
  });

  test("lets the engine add nothing if the program has reported its error", async () => {
    installSdk("run", "process.exit(32)");
    expect(await run()).toEqual({ error: "", bail: true });
  });

  test("reports how a program ended that did not report it", async () => {
    installSdk("run", "process.exit(7)");
    expect(await run()).toEqual({
      error: `The program in ${directory} exited with code 7.`,
      bail: false,
    });
    installSdk("run", 'process.kill(process.pid, "SIGKILL")');
    expect(await run()).toMatchObject({
      error: `The program in ${directory} was ended by SIGKILL.`,
    });
  });

  test("reports what to do if the SDK is not installed", async () => {
    await expect(run()).rejects.toMatchObject({
      code: status.UNKNOWN,
      details: `@pulumi/pulumi is not installed for ${directory}: run "npm install" there.`,
    });
  });

  test("runs a policy pack and streams what it prints", async () => {
    installSdk(
      "run-policy-pack",
      'console.log(seen.args.join(" "), process.env.FROM_ENGINE); console.error("hm"); process.exitCode = 3;',
    );
    expect(await runPlugin("analyzer")).toEqual({
      stdout: `127.0.0.1:4711 ${directory} a=b\n`,
      stderr: "hm\n",
      exitCode: 3,
    });
  });

  test("reports what to do if a policy pack's SDK is not installed", async () => {
    await expect(runPlugin("analyzer")).rejects.toMatchObject({
      details: expect.stringContaining('run "npm install" there'),
    });
  });

  test("ends a policy pack when the engine cancels the call", async () => {
    installSdk("run-policy-pack", "console.log(process.pid); setInterval(() => {}, 1000);");
    const call = client.runPlugin(pluginRequest("analyzer"));
    call.on("error", () => {});
    const [response] = (await once(call, "data")) as [language.RunPluginResponse];
    const pid = Number(Buffer.from(response.getStdout_asU8()).toString());
    call.cancel();
    await eventually(() => !isRunning(pid));
  });

  test("runs no plugin of another kind and explains how to", async () => {
    await expect(runPlugin("resource")).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
      details: expect.stringContaining("https://www.pulumi.com/docs/install/"),
    });
  });

  test("names its Node.js", async () => {
    const answer = await new Promise<language.AboutResponse>((resolve, reject) => {
      client.about(new language.AboutRequest(), (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
    expect(answer.getExecutable()).toBe(process.execPath);
    expect(answer.getVersion()).toBe(process.version);
  });

  test("ends with the engine", async () => {
    host.stdin?.end();
    const [code] = await once(host, "close");
    expect(code).toBe(0);
  });

  /** A stand-in for the SDK's runner, which sees what it is started with. */
  function installSdk(runner: "run" | "run-policy-pack", code: string): void {
    const names = ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS", "PULUMI_NODEJS_TYPESCRIPT"];
    sandbox.write(
      `program/node_modules/@pulumi/pulumi/cmd/${runner}/index.js`,
      `const seen = {
        args: process.argv.slice(2),
        cwd: process.cwd(),
        execArgv: process.execArgv,
        env: Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]])),
      };
      ${code}`,
    );
  }

  function programInfo(): language.ProgramInfo {
    const info = new language.ProgramInfo();
    info.setRootDirectory(directory);
    info.setProgramDirectory(directory);
    info.setEntryPoint(".");
    return info;
  }

  function run(prepare: (request: language.RunRequest) => void = () => {}) {
    const request = new language.RunRequest();
    request.setPwd(directory);
    request.setInfo(programInfo());
    prepare(request);
    return new Promise<{ error: string; bail: boolean }>((resolve, reject) => {
      client.run(request, (error: ServiceError | null, response) =>
        error ? reject(error) : resolve({ error: response.getError(), bail: response.getBail() }),
      );
    });
  }

  function pluginRequest(kind: string): language.RunPluginRequest {
    const request = new language.RunPluginRequest();
    request.setKind(kind);
    request.setPwd(sandbox.folder);
    request.setInfo(programInfo());
    request.setArgsList(["127.0.0.1:4711"]);
    request.setEnvList(["FROM_ENGINE=a=b"]);
    return request;
  }

  function runPlugin(kind: string) {
    const result = { stdout: "", stderr: "", exitCode: -1 };
    const call = client.runPlugin(pluginRequest(kind));
    call.on("data", (response: language.RunPluginResponse) => {
      result.stdout += Buffer.from(response.getStdout_asU8()).toString();
      result.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.hasExitcode()) {
        result.exitCode = response.getExitcode();
      }
    });
    return new Promise<typeof result>((resolve, reject) => {
      call.on("error", reject).on("end", () => resolve(result));
    });
  }
});

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
