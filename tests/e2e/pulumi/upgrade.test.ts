import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  heldBy,
  type OpenScene,
  openScene,
  pod,
  printed,
  recoverAsNamed,
  SERVING,
  volume,
} from "../../support/pulumi-scene";
import { failure, type TestStack } from "../../support/stack";

jest.setTimeout(300_000);

const FIXTURES = path.join(__dirname, "fixtures");

/**
 * The program of the release before the one that chooses creation tokens at random. Its `up` was
 * killed while it created "lost".
 */
const PROGRAM = `
  const cache = ${volume("cache")}
  const template = new Template("base", { ${SERVING} });
  const llm = new Pod("llm", {
    template, gpuTypeIds: ["NVIDIA L4"], networkVolumeId: cache.volumeId,
    volumeMountPath: "/workspace", dataCenterIds: [cache.dataCenterId],
  });
  new PodEndpoint("llm", { pod: llm, port: 8000, interval: "250ms", timeout: "1m" });
  ${pod("named", `name: "my-pod", env: { A: "1" }, volumeInGb: 20`)}
  ${pod("kept", "", "retainOnDelete: true")}
  class Box extends pulumi.ComponentResource {
    constructor(name) {
      super("my:Box", name);
      ${pod("boxed", "", "parent: this")}
    }
  }
  new Box("box");`;
const LOST = pod("lost");

let scratch: string;
let scene: OpenScene;
let stack: TestStack;
/** By the names of the program, as "Pod kept". */
let ids: Map<string, string>;
let lost: string;

beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-upgrade-"));
  const stateFile = path.join(scratch, "emulator.json");
  copyFileSync(path.join(FIXTURES, "emulator.json"), stateFile);
  const text = readFileSync(path.join(FIXTURES, "stack.json"), "utf8");
  // Time continues from the stored one: otherwise years would be billed.
  const behind = Date.now() - Date.parse(JSON.parse(text).deployment.manifest.time);
  scene = await openScene({ stateFile, time: () => Date.now() - behind });
  stack = await scene.stack(PROGRAM);
  // Into the backend itself: `pulumi stack import` drops pending creates.
  const file = String([...stack.files().keys()].find((name) => name.endsWith("/test.json")));
  const backend = JSON.parse(readFileSync(file, "utf8"));
  backend.checkpoint.latest = JSON.parse(
    text.replaceAll("http://127.0.0.1:8787", scene.emulator.url),
  ).deployment;
  writeFileSync(file, JSON.stringify(backend));
  ids = await stack.held();
  const held = await heldBy(stack);
  [lost = ""] = (await scene.live()).filter((id) => !held.includes(id));
});

afterEach(async () => {
  await scene.close();
  rmSync(scratch, { recursive: true, force: true });
});

const stateBytes = () => JSON.stringify(stack.resources()).length;

describe("A stack of the release before random creation tokens", () => {
  test("shows no change, and a destroy deletes exactly its own objects", async () => {
    const live = await scene.live();
    expect((await stack.preview()).steps).toEqual([]);
    // A refresh shows outputs, and has another form for secrets.
    expect((await stack.preview("--refresh", "--diff")).stdout).not.toMatch(/\benv\b/);
    await scene.emulator.clearRequests();
    const bytes = stateBytes();
    expect((await stack.up()).steps).toEqual([]);
    expect(stateBytes()).toBeLessThan(bytes * 0.9);
    expect((await stack.up("--refresh")).steps).toEqual([]);
    const writes = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
    expect(writes).toEqual([]);
    expect(await scene.live()).toEqual(live);

    const refused = await failure(stack.destroy());
    expect(printed(refused)).toContain(lost);
    const kept = String(ids.get("Pod kept"));
    expect(await scene.live()).toEqual([kept, lost].sort());
    await recoverAsNamed(stack, refused);
    await stack.destroy();
    expect(await scene.live()).toEqual([kept]);
  });

  test("shows of an update what the program changed and nothing more, and is smaller for it", async () => {
    const live = await scene.live();
    const bytes = stateBytes();
    stack.write(PROGRAM.replace('env: { A: "1" }', 'env: { A: "2" }'));
    const preview = await stack.preview("--diff");
    expect(preview.stdout).toMatch(/~ env/);
    expect(preview.stdout).not.toMatch(/__/);
    expect((await stack.up()).steps).toEqual(["update Pod named"]);
    expect((await stack.up()).steps).toEqual([]);
    expect(stateBytes()).toBeLessThan(bytes * 0.9);
    expect(await scene.live()).toEqual(live);
  });

  test("adopts the pod of the interrupted create, and creates none", async () => {
    const live = await scene.live();
    stack.write(PROGRAM + LOST);
    await scene.emulator.clearRequests();
    expect((await stack.up()).steps).toEqual(["create Pod lost"]);
    expect((await stack.held()).get("Pod lost")).toBe(lost);
    expect(await scene.live()).toEqual(live);
    expect((await stack.up("--refresh")).steps).toEqual([]);
    expect(await scene.live()).toEqual(live);
  });
});
