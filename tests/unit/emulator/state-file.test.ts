import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PrivateLog } from "../../../emulator/src/state/private-file";
import { startTestEmulator } from "../../support/emulator";
import { podBody, templateBody, volumeBody } from "./bodies";

describe("--state", () => {
  let folder: string;
  let stateFile: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
    stateFile = path.join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("everything before a restart exists after it", async () => {
    const first = await startTestEmulator({ stateFile });
    const volume = (await first.call("POST", "/v2/network-volumes", volumeBody())).body;
    const template = (await first.call("POST", "/v2/templates", templateBody())).body;
    const mounts = { network: [{ volumeId: volume.id, path: "/root/.cache/huggingface" }] };
    const pod = (await first.call("POST", "/v2/pods", podBody({ mounts }))).body;
    await first.call("GET", `/v2/pods/${pod.id}`);
    await first.advance(3600);
    const before = await first.ledger();
    await first.close();

    const second = await startTestEmulator({ stateFile });
    const ledger = await second.ledger();
    expect(ledger.pods[0]?.spent).toBeGreaterThanOrEqual(before.pods[0]?.spent ?? Infinity);
    expect(ledger.pods[0]?.costPerHr).toBe(before.pods[0]?.costPerHr);
    expect((await second.call("GET", `/v2/templates/${template.id}`)).body).toEqual(template);
    expect((await second.call("GET", `/v2/network-volumes/${volume.id}`)).body).toEqual(volume);
    expect((await second.call("GET", `/v2/pods/${pod.id}`)).body.status).toBe("RUNNING");
    expect((await second.call("GET", `/proxy/${pod.id}-8000/v1/models`)).status).toBe(200);
    const another = (await second.call("POST", "/v2/pods", podBody({ mounts }))).body;
    expect(another.id).not.toBe(pod.id);
    const lines = await second.logs(another.id, "tail=5000");
    expect(lines.filter(({ line }) => line.includes("downloading weights"))).toEqual([]);
    await second.close();
  });

  test("a key that is new gets a new account, and one from before keeps its own", async () => {
    const first = await startTestEmulator({ stateFile, apiKeys: ["rpa_old"] });
    await first.call("POST", "/v2/templates", templateBody());
    await first.close();
    const second = await startTestEmulator({ stateFile, apiKeys: ["rpa_new"] });
    const templates = async (key: string) =>
      (await second.call("GET", "/v2/templates", undefined, { authorization: `Bearer ${key}` }))
        .body.templates.length;
    expect([await templates("rpa_new"), await templates("rpa_old")]).toEqual([0, 1]);
    await second.close();
  });

  test("a change is in the file before it is answered, readable by its owner only", async () => {
    const emulator = await startTestEmulator({ stateFile });
    await emulator.call("POST", "/v2/templates", templateBody());
    expect(readState(stateFile)).toContain("recipe");
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    await emulator.close();
  });

  test("a file that others could read becomes private", async () => {
    await (await startTestEmulator({ stateFile })).close();
    chmodSync(stateFile, 0o644);
    const emulator = await startTestEmulator({ stateFile });
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    await emulator.close();
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  test("a symbolic link is refused, with or without a target", async () => {
    const victim = path.join(folder, "victim");
    for (const text of [null, "precious"]) {
      if (text !== null) {
        writeFileSync(victim, text);
      }
      rmSync(stateFile, { force: true });
      symlinkSync(victim, stateFile);
      await expect(startTestEmulator({ stateFile })).rejects.toThrow(
        `${stateFile} is a symbolic link. Name the file that it leads to.`,
      );
      expect(readState(victim)).toBe(text ?? "");
    }
  });

  test("nothing is written through links that are planted next to it, or later in its place", async () => {
    const victim = path.join(folder, "victim");
    writeFileSync(victim, "precious");
    symlinkSync(victim, `${stateFile}.partial`);
    const emulator = await startTestEmulator({ stateFile });
    rmSync(stateFile);
    symlinkSync(victim, stateFile);
    await emulator.close();
    expect(readState(victim)).toBe("precious");
    expect(lstatSync(stateFile).isFile()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["state.json", "state.json.partial", "victim"]);
  });

  test("a partial file of a killed emulator does not affect the next one", async () => {
    writeFileSync(`${stateFile}.0123456789abcdef.partial`, '{"version":1');
    const emulator = await startTestEmulator({ stateFile });
    await emulator.close();
    expect(readState(stateFile)).toContain('"version":1');
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  test("a change that cannot be kept is answered with 507, and the emulator continues", async () => {
    const emulator = await startTestEmulator({ stateFile });
    rmSync(stateFile);
    mkdirSync(path.join(stateFile, "in the way"), { recursive: true });
    const { status, body } = await emulator.call("POST", "/v2/templates", templateBody());
    expect(status).toBe(507);
    expect(body.detail).toMatch(/^the emulator cannot write its state file: E/);
    // A list would show what is not kept.
    expect((await emulator.call("GET", "/v2/templates")).status).toBe(507);
    rmSync(stateFile, { recursive: true });
    expect((await emulator.call("POST", "/v2/templates", templateBody())).status).toBe(201);
    await emulator.close();
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  test("a file that cannot be written is refused before anything is served", async () => {
    const nowhere = path.join(folder, "none", "state.json");
    await expect(startTestEmulator({ stateFile: nowhere })).rejects.toThrow(
      /^.+state\.json\.lock cannot be written: ENOENT.+\. Make its folder writable, or name another file\.$/,
    );
  });

  test("two emulators cannot share a file", async () => {
    const first = await startTestEmulator({ stateFile });
    await expect(startTestEmulator({ stateFile })).rejects.toThrow(
      `${stateFile} is in use by process ${process.pid}. Stop it, or name another file.`,
    );
    expect((await first.call("POST", "/v2/templates", templateBody())).status).toBe(201);
    await first.close();
    await (await startTestEmulator({ stateFile })).close();
  });

  test.each(["", "2147483646"])(
    "a lock that a killed emulator left does not matter: %j",
    async (pid) => {
      writeFileSync(`${stateFile}.lock`, pid);
      await (await startTestEmulator({ stateFile })).close();
      expect(readdirSync(folder)).toEqual(["state.json"]);
    },
  );

  test("the first key given is the one to use, whatever keys the file has", async () => {
    await (await startTestEmulator({ stateFile, apiKeys: ["rpa_old"] })).close();
    const given = await startTestEmulator({ stateFile, apiKeys: ["rpa_new"] });
    expect(given.env["RUNPOD_API_KEY"]).toBe("rpa_new");
    await given.close();
    const none = await startTestEmulator({ stateFile });
    expect(none.env["RUNPOD_API_KEY"]).toBe("rpa_old");
    await none.close();
  });

  test("a file with other contents is not changed", async () => {
    writeFileSync(stateFile, "{}");
    await expect(startTestEmulator({ stateFile })).rejects.toThrow(
      `${stateFile} is not a state file of this emulator. Name another file, or delete it.`,
    );
    expect(readState(stateFile)).toBe("{}");
  });

  test.each([
    ["now", 1e300, "now must be <= 253402214400000"],
    ["now", null, "now must be number"],
    ["savedAt", "x", "savedAt must be number"],
    ["pace", 1e300, "pace must be <= 1000"],
    ["nextSeq", "x", "nextSeq must be integer"],
    ["accounts", {}, "accounts must be array"],
    ["accounts", [{ number: 1 }], "accounts.0 must have required property 'apiKey'"],
    ["ledger", { pods: [], templates: [] }, "ledger must have required property 'networkVolumes'"],
    ["lateLogs", [["id"]], "lateLogs.0 must NOT have fewer than 2 items"],
  ])("a state whose %s is %j is refused in a sentence", async (field, value, problem) => {
    await (await startTestEmulator({ stateFile })).close();
    const damaged = JSON.stringify({ ...JSON.parse(readState(stateFile)), [field]: value });
    writeFileSync(stateFile, damaged);
    await expect(startTestEmulator({ stateFile })).rejects.toThrow(
      `${stateFile} is damaged: ${problem}. Name another file, or delete it.`,
    );
    expect(readState(stateFile)).toBe(damaged);
  });

  /** The lines of a file that a killed emulator left: a snapshot and two changes. */
  const killedLines = async () => {
    const emulator = await startTestEmulator({ stateFile });
    for (const name of ["first", "second"]) {
      await emulator.call("POST", "/v2/templates", templateBody({ name }));
    }
    const lines = readState(stateFile).split("\n");
    await emulator.close();
    expect(lines).toEqual([expect.any(String), expect.any(String), expect.any(String), ""]);
    return lines as [string, string, string, string];
  };

  test.each([0, 1, 0.5, 0.999])(
    "a last line is passed over if %d of it was written",
    async (share) => {
      const [snapshot, first, second] = await killedLines();
      const part = second.slice(0, Math.floor(second.length * share));
      writeFileSync(stateFile, [snapshot, first, part].join("\n"));
      const emulator = await startTestEmulator({ stateFile });
      const { templates } = (await emulator.call("GET", "/v2/templates")).body;
      expect(templates.map(({ name }: { name: string }) => name)).toEqual(["first"]);
      expect((await emulator.call("POST", "/v2/templates", templateBody())).status).toBe(201);
      await emulator.close();
    },
  );

  test.each([
    ["{", "line 2: it must be object"],
    ['{"now":1,"nextSeq":1,"accounts":[]}', "line 2: it must have required property 'rows'"],
    [change('"rows":[["files","a",{}]]'), "line 2: rows.0.0 must match pattern"],
    [change('"rows":[["accounts/9/pods","a",{}]]'), "it has no account 9"],
    [change('"rows":[["ledger/pods","a",{}]]'), "ledger.pods.0 must have required property 'id'"],
    [change('"rows":[["pools","__proto__",null]],"pace":0'), "line 2: pace must be >= 1"],
  ])("a change that is damaged is refused in a sentence: %s", async (line, problem) => {
    const [snapshot, , second] = await killedLines();
    const damaged = [snapshot, line, second, ""].join("\n");
    writeFileSync(stateFile, damaged);
    const start = startTestEmulator({ stateFile });
    await expect(start).rejects.toThrow(`${stateFile} is damaged: ${problem}`);
    await expect(start).rejects.toThrow("Name another file, or delete it.");
    expect(readState(stateFile)).toBe(damaged);
  });

  test("after half a change on a full disk, the next one is kept with all before it", async () => {
    const emulator = await startTestEmulator({ stateFile });
    const create = (name: string) => emulator.call("POST", "/v2/templates", templateBody({ name }));
    await create("before");
    jest.spyOn(PrivateLog.prototype, "append").mockImplementationOnce((text) => {
      appendFileSync(stateFile, text.slice(0, 100));
      throw new Error("ENOSPC: no space left on device, write");
    });
    const refused = await create("refused");
    expect([refused.status, refused.body.detail]).toEqual([
      507,
      "the emulator cannot write its state file: ENOSPC: no space left on device, write",
    ]);
    expect((await create("after")).status).toBe(201);
    const killed = path.join(folder, "killed.json");
    copyFileSync(stateFile, killed);
    await emulator.close();
    const next = await startTestEmulator({ stateFile: killed });
    const { templates } = (await next.call("GET", "/v2/templates")).body;
    expect(templates.map(({ name }: { name: string }) => name)).toEqual([
      "after",
      "refused",
      "before",
    ]);
    await next.close();
  });

  test("a snapshot replaces the changes once they are longer", async () => {
    const emulator = await startTestEmulator({ stateFile });
    const { id } = (await emulator.call("POST", "/v2/templates", templateBody())).body;
    const statuses = new Set<number>();
    for (let index = 0; index < 40; index++) {
      const env = { INDEX: String(index), LONG: "x".repeat(60_000) };
      statuses.add((await emulator.call("PATCH", `/v2/templates/${id}`, { env })).status);
    }
    expect([...statuses]).toEqual([200]);
    const state = readState(stateFile);
    expect(state.split("\n").length).toBeLessThan(20);
    expect(state).toContain('"INDEX":"39"');
    await emulator.close();
  });

  test("a folder, and a file too large for a state, are refused", async () => {
    await expect(startTestEmulator({ stateFile: folder })).rejects.toThrow(
      "is not a file. Name another file.",
    );
    writeFileSync(stateFile, "");
    truncateSync(stateFile, 300 * 1024 * 1024);
    await expect(startTestEmulator({ stateFile })).rejects.toThrow("more than 268435456");
  });
});

function readState(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A line that an emulator could add. */
function change(more: string): string {
  return `{"now":1,"nextSeq":1,"accounts":[],${more}}`;
}
