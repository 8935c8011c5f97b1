import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TIMER } from "../../provider/src/handlers/pod/timer-script";
import { startTestEmulator, type TestEmulator } from "../support/emulator";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterAll(() => emulator.close());

describe("the timer's script, as a process", () => {
  let children: ChildProcess[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-timer-"));

  afterEach(() => {
    // A timer outlives its command, so each script has its own process group.
    for (const { pid } of children) {
      if (pid !== undefined) {
        killGroup(pid);
      }
    }
    children = [];
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A PATH with the shell's tools, and one of the HTTP clients. */
  const only = (tool: string | undefined): string => {
    const bin = mkdtempSync(path.join(folder, "bin-"));
    for (const name of ["sh", "date", "sleep", ...(tool === undefined ? [] : [tool])]) {
      symlinkSync(which(name) ?? name, path.join(bin, name));
    }
    return bin;
  };

  /** A new container disk, and the file on it in which the script stores its deadline. */
  const newDisk = () => path.join(mkdtempSync(path.join(folder, "disk-")), ".runpod-stack-stop-at");

  const start = (command: string[], env: Record<string, string>, kept = newDisk()) => {
    const script = TIMER.replace('"" /var/tmp /tmp', `/dev/null "${path.dirname(kept)}"`);
    const child = spawn("/bin/sh", ["-c", script, "runpod-stack-timer", ...command], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    children.push(child);
    return child;
  };

  const installed = ["curl", "wget", "python3", "node"].filter(which);

  const inPod = async (tool = "curl") => {
    const { body } = await emulator.call("POST", "/v2/pods", {
      name: "timed",
      image: "python:3.12",
      gpu: { id: "NVIDIA L4", count: 1 },
      cmd: ["sleep", "infinity"],
    });
    return {
      PATH: only(tool),
      RUNPOD_POD_ID: body.id as string,
      RUNPOD_API_KEY: emulator.env["RUNPOD_API_KEY"] ?? "",
      RUNPOD_STACK_API_URL: emulator.env["RUNPOD_REST_V2_URL"] ?? "",
    };
  };
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    while (!(await isSo())) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const isStopped = async (id: string) =>
    (await emulator.call("GET", `/v2/pods/${id}`)).body.status === "EXITED";
  const seconds = () => Math.floor(Date.now() / 1_000);

  test.each(installed)("terminates the pod by %s", async (tool) => {
    const env = await inPod(tool);
    start(["sleep", "60"], { ...env, RUNPOD_STACK_TERMINATE_AFTER: String(seconds() + 1) });
    await until(async () => (await endedAt(env.RUNPOD_POD_ID)) !== null);
  });

  test("stops the pod some seconds after its start", async () => {
    const env = await inPod();
    start(["sleep", "60"], { ...env, RUNPOD_STACK_STOP_AFTER: "1" });
    await until(() => isStopped(env.RUNPOD_POD_ID));
  });

  test("stops the pod at a time that an older release set", async () => {
    const env = await inPod();
    const kept = newDisk();
    start(["sleep", "60"], { ...env, RUNPOD_STACK_STOP_AFTER: String(seconds() + 1) }, kept);
    await until(() => isStopped(env.RUNPOD_POD_ID));
    expect(existsSync(kept)).toBe(false);
  });

  test("keeps the deadline of its first run if the command crashes", async () => {
    const env = { ...(await inPod()), RUNPOD_STACK_STOP_AFTER: "3600" };
    const kept = newDisk();
    await once(start(["sh", "-c", "exit 1"], env, kept), "exit");
    const end = readFileSync(kept, "utf8");
    expect(Number(end) - seconds()).toBeGreaterThan(3_000);
    writeFileSync(kept, String(Number(end) - 100));
    await once(start(["sh", "-c", "exit 1"], env, kept), "exit");
    expect(readFileSync(kept, "utf8")).toBe(String(Number(end) - 100));
  });

  test("requests the end before the command starts, once the time is up", async () => {
    const env = { ...(await inPod()), RUNPOD_STACK_STOP_AFTER: "3600" };
    const kept = newDisk();
    writeFileSync(kept, `${seconds() - 10}\n`);
    await once(start(["sh", "-c", "exit 1"], env, kept), "exit");
    expect(await isStopped(env.RUNPOD_POD_ID)).toBe(true);
  });

  test.each(["", "soon", "12 34", "9999999999"])(
    "ignores a file that contains %j, so that no end is later than requested",
    async (text) => {
      const env = { ...(await inPod()), RUNPOD_STACK_STOP_AFTER: "3600" };
      const kept = newDisk();
      writeFileSync(kept, text);
      await once(start(["sh", "-c", "exit 1"], env, kept), "exit");
      expect(Number(readFileSync(kept, "utf8")) - seconds()).toBeGreaterThan(3_000);
      expect(Number(readFileSync(kept, "utf8")) - seconds()).toBeLessThanOrEqual(3_600);
    },
  );

  test("reports if a crash would delay the stop", async () => {
    const env = { ...(await inPod()), RUNPOD_STACK_STOP_AFTER: "3600" };
    const running = start(["sleep", "1"], env, "/dev/null/none");
    const [text] = await once(running.stderr ?? running, "data");
    expect(String(text)).toContain("no folder is writable");
  });

  test("changes no variable of the command", async () => {
    const names = ["url", "tool", "name", "file", "left"];
    const given = Object.fromEntries(names.map((name) => [name, "mine"]));
    const env = { ...given, ...(await inPod()), RUNPOD_STACK_STOP_AFTER: "3600" };
    const running = start(["sh", "-c", "echo $url $tool $name $file $left"], env);
    const [text] = await once(running.stdout ?? running, "data");
    expect(String(text)).toBe("mine mine mine mine mine\n");
  });

  test("returns the command's exit code", async () => {
    const [code] = await once(start(["sh", "-c", "exit 7"], { PATH: only("curl") }), "exit");
    expect(code).toBe(7);
  });

  test("forwards signals", async () => {
    const running = start(
      ["sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.1; done"],
      { PATH: only("curl") },
    );
    await once(running.stdout ?? running, "data");
    running.kill("SIGTERM");
    expect((await once(running, "exit"))[0]).toBe(9);
  });

  test("reports that it is off if no HTTP client is installed", async () => {
    const running = start(["sleep", "0"], { PATH: only(undefined), RUNPOD_STACK_STOP_AFTER: "1" });
    const [text] = await once(running.stderr ?? running, "data");
    expect(String(text)).toContain("the image has none of curl, wget, python3 and node");
  });
});

async function endedAt(id: string): Promise<string | null | undefined> {
  return (await emulator.ledger()).pods.find((entry) => entry.id === id)?.endedAt;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

/** Where a program really is; undefined if this machine has none. Version managers put scripts before theirs. */
function which(name: string): string | undefined {
  if (name === "node") {
    return process.execPath;
  }
  const command =
    name === "python3" ? "python3 -c 'import sys; print(sys.executable)'" : `command -v ${name}`;
  return spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout.trim() || undefined;
}
