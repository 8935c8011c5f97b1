import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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

  test("what was there before is there after", async () => {
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

  test("the file is written on change, readable by its owner only", async () => {
    const emulator = await startTestEmulator({ stateFile });
    await emulator.call("POST", "/v2/templates", templateBody());
    while (!readState(stateFile).includes("recipe")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    await emulator.close();
  });

  test("a file of something else is left alone", async () => {
    writeFileSync(stateFile, "{}");
    await expect(startTestEmulator({ stateFile })).rejects.toThrow(
      `${stateFile} is no state of this emulator: name another file, or delete it`,
    );
    expect(readState(stateFile)).toBe("{}");
  });
});

function readState(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
