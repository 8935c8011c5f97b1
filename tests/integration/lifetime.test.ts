import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TIMER } from "../../provider/src/handlers/timer-script";
import { type Scene, startScene } from "../support/scene";

const pod = {
  imageName: "python:3.12",
  gpuTypeIds: ["NVIDIA L4"],
  dockerEntrypoint: ["sleep"],
  dockerStartCmd: ["infinity"],
};
const HOUR = 3_600;

let scene: Scene;

// Each moves its emulator's clock.
beforeEach(async () => {
  scene = await startScene();
});

afterEach(() => scene.close());

describe("a pod's end", () => {
  test("terminates it, and a restart of its container does not start the time anew", async () => {
    const resource = scene.resource("Pod", "ends");
    await resource.up({ ...pod, terminateAfter: "2h" });
    await scene.emulator.advance(1.5 * HOUR);
    await scene.emulator.call("POST", `/v2/pods/${resource.id}/action`, { action: "restart" });
    expect(await endedAt(resource.id)).toBeNull();
    await scene.emulator.advance(0.6 * HOUR);
    expect(await endedAt(resource.id)).not.toBeNull();
  });

  test("stops it, and what is found then is no drift of its command", async () => {
    const resource = scene.resource("Pod", "stops");
    await resource.up({ ...pod, stopAfter: "1h" });
    expect(await resource.refresh()).toBe(true);
    await scene.emulator.advance(1.1 * HOUR);
    const { body } = await scene.emulator.call("GET", `/v2/pods/${resource.id}`);
    expect(body.status).toBe("EXITED");
    await resource.destroy();
  });

  test("is refused where the full command is not known", async () => {
    const resource = scene.resource("Pod", "unknown");
    const given = { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"], terminateAfter: "1h" };
    expect(await resource.up(given)).toBe("refused");
    expect(resource.failures).toEqual([
      expect.stringContaining("give dockerEntrypoint and dockerStartCmd in full"),
    ]);
  });

  test("needs no ENTRYPOINT where the image's own is known", async () => {
    const resource = scene.resource("Pod", "vllm");
    await resource.up({
      imageName: "vllm/vllm-openai:v0.20.0",
      gpuTypeIds: ["NVIDIA L4"],
      dockerStartCmd: ["Qwen/Qwen3-0.6B"],
      terminateAfter: "1h",
    });
    const { body } = await scene.emulator.call("GET", `/v2/pods/${resource.id}`);
    expect(body.entrypoint.slice(3)).toEqual([
      "runpod-stack-timer",
      "vllm",
      "serve",
      "Qwen/Qwen3-0.6B",
    ]);
    await resource.destroy();
  });

  test("counts from the pod's creation when it is changed later", async () => {
    const resource = scene.resource("Pod", "longer");
    await resource.up({ ...pod, terminateAfter: "2h" });
    const deadline = async () =>
      Number(
        (await scene.emulator.call("GET", `/v2/pods/${resource.id}`)).body.env
          .RUNPOD_STACK_TERMINATE_AFTER,
      );
    const before = await deadline();
    await resource.up({ ...pod, terminateAfter: "5h" });
    expect((await deadline()) - before).toBe(3 * HOUR);
    await resource.destroy();
  });
});

describe("the timer's script, as a process", () => {
  let child: ChildProcess | undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-timer-"));

  afterEach(() => {
    child?.kill("SIGKILL");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A PATH with the shell's own tools, and one of the programs that can ask. */
  const only = (tool: string | undefined): string => {
    const bin = mkdtempSync(path.join(folder, "bin-"));
    for (const name of ["sh", "date", "sleep", ...(tool === undefined ? [] : [tool])]) {
      symlinkSync(which(name) ?? name, path.join(bin, name));
    }
    return bin;
  };

  const start = (command: string[], env: Record<string, string>) => {
    child = spawn("/bin/sh", ["-c", TIMER, "runpod-stack-timer", ...command], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return child;
  };

  const installed = ["curl", "wget", "python3", "node"].filter(which);

  test.each(installed)("terminates the pod by %s", async (tool) => {
    const { body } = await scene.emulator.call("POST", "/v2/pods", {
      name: "timed",
      image: "python:3.12",
      gpu: { id: "NVIDIA L4", count: 1 },
      cmd: ["sleep", "infinity"],
    });
    start(["sleep", "60"], {
      PATH: only(tool),
      RUNPOD_POD_ID: body.id,
      RUNPOD_API_KEY: scene.emulator.env["RUNPOD_API_KEY"] ?? "",
      RUNPOD_STACK_API_URL: scene.emulator.env["RUNPOD_REST_V2_URL"] ?? "",
      RUNPOD_STACK_TERMINATE_AFTER: String(Math.floor(Date.now() / 1000)),
    });
    while ((await endedAt(body.id)) === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test("passes the command's exit code on", async () => {
    const [code] = await once(start(["sh", "-c", "exit 7"], { PATH: only("curl") }), "exit");
    expect(code).toBe(7);
  });

  test("passes signals on", async () => {
    const running = start(
      ["sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.1; done"],
      { PATH: only("curl") },
    );
    await once(running.stdout ?? running, "data");
    running.kill("SIGTERM");
    expect((await once(running, "exit"))[0]).toBe(9);
  });

  test("says that it is off where nothing can ask", async () => {
    const running = start(["sleep", "0"], { PATH: only(undefined), RUNPOD_STACK_STOP_AFTER: "1" });
    const [text] = await once(running.stderr ?? running, "data");
    expect(String(text)).toContain("the image has none of curl, wget, python3 and node");
  });
});

async function endedAt(id: string): Promise<string | null | undefined> {
  return (await scene.emulator.ledger()).pods.find((entry) => entry.id === id)?.endedAt;
}

/** Where a program really is; undefined if this machine has none. Version managers put scripts before theirs. */
function which(name: string): string | undefined {
  if (name === "node") return process.execPath;
  const command =
    name === "python3" ? "python3 -c 'import sys; print(sys.executable)'" : `command -v ${name}`;
  return spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout.trim() || undefined;
}
