import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { readState } from "../../../emulator/src/state/state-file";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { endpointBody, podBody, templateBody, volumeBody } from "./bodies";

const H100 = "NVIDIA H100 80GB HBM3";
/** What is created, and how it is changed then. */
const KINDS: readonly (readonly [route: string, body: object, change: object])[] = [
  [
    "pods",
    podBody({ mounts: { persistent: { size: 50, path: "/root/.cache/huggingface" } } }),
    { name: "x" },
  ],
  ["templates", templateBody(), { name: "x" }],
  ["network-volumes", volumeBody(), { size: 200 }],
  ["serverless", endpointBody({ image: "acme/handler:1" }), { workers: { min: 1 } }],
  ["account/secrets", { name: "token", value: "hf_1" }, { value: "hf_2" }],
  ["registries", { name: "r", username: "u", password: "p" }, {}],
  ["tags", { key: "team", value: "ml" }, { value: "web" }],
  ["cost-centers", { value: "sales" }, { value: "research" }],
  ["global-volumes", { name: "weights" }, { name: "models" }],
  [
    "clusters",
    {
      name: "train",
      type: "TRAINING",
      image: "runpod/pytorch:2.8.0-py3.11-cuda12.8.1",
      compute: { gpuTypeId: H100, gpuCountPerPod: 8, podCount: 2 },
    },
    { name: "x" },
  ],
];
type Kind = (typeof KINDS)[number];

/** The newest object of each kind. */
type Newest = Record<string, string>;
type Deed = (emulator: TestEmulator, newest: Newest, kind: Kind) => Promise<unknown>;

const DEEDS: Readonly<Record<string, Deed>> = {
  create: async (emulator, newest, [route, body]) => {
    const created = await emulator.call("POST", `/v2/${route}`, body);
    newest[route] = created.body.id ?? newest[route];
  },
  change: (emulator, newest, [route, , change]) =>
    emulator.call("PATCH", `/v2/${route}/${newest[route]}`, change),
  delete: (emulator, newest, [route]) => emulator.call("DELETE", `/v2/${route}/${newest[route]}`),
  look: (emulator) => emulator.call("GET", "/v2/pods"),
  stop: (emulator, { pods }) =>
    emulator.call("POST", `/v2/pods/${pods}/action`, { action: "stop" }),
  start: (emulator, { pods }) =>
    emulator.call("POST", `/v2/pods/${pods}/action`, { action: "start" }),
  ask: (emulator, { pods }) => emulator.call("GET", `/proxy/${pods}-8000/v1/models`),
  damage: (emulator, { pods }) =>
    emulator.call("POST", `/_emulator/pods/${pods}`, { event: "damage-weights" }),
  mount: async (emulator, newest) => {
    const mounts = {
      network: [{ volumeId: newest["network-volumes"], path: "/root/.cache/huggingface" }],
    };
    const created = await emulator.call("POST", "/v2/pods", podBody({ mounts }));
    newest["pods"] = created.body.id ?? newest["pods"];
  },
  run: (emulator, { serverless }) =>
    emulator.call("POST", `/serverless/v2/${serverless}/run`, { input: {} }),
  ping: (emulator, { serverless }) =>
    emulator.call("GET", `/serverless/v2/${serverless}/openai/v1/models`),
  tag: (emulator, { pods, tags }) =>
    emulator.call("PUT", `/v2/tags/${tags}/resources/pods/${pods}`),
  wait: (emulator) => emulator.advance(7_200),
  spend: (emulator) => emulator.call("POST", "/_emulator/accounts/1", { balance: 1 }),
  pay: (emulator) => emulator.call("POST", "/_emulator/accounts/1", { balance: 10_000 }),
  reset: (emulator) => emulator.reset(),
};

/** Every second step creates, changes or deletes something. */
const step = fc.tuple(
  fc.oneof(fc.constantFrom("create", "change", "delete"), fc.constantFrom(...Object.keys(DEEDS))),
  fc.constantFrom(...KINDS),
);

/** With real time, containers do their work between two requests. */
const speeds = fc.constantFrom("instant" as const, "real" as const);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what saves add to a state file is all that a snapshot has", async () => {
  let added = 0;
  await fc.assert(
    fc.asyncProperty(
      speeds,
      fc.array(step, { minLength: 10, maxLength: 60 }),
      async (speed, steps) => {
        const [stateFile, killed] = [path.join(folder, "state"), path.join(folder, "killed")];
        rmSync(stateFile, { force: true });
        const emulator = await startTestEmulator({ stateFile, speed });
        const newest: Newest = {};
        for (const [deed, kind] of steps) {
          await DEEDS[deed]?.(emulator, newest, kind);
        }
        await emulator.advance(0);
        copyFileSync(stateFile, killed);
        added += readFileSync(killed, "utf8").split("\n").length - 2;
        await emulator.close();
        expect(withoutTimes(killed)).toEqual(withoutTimes(stateFile));
      },
    ),
    { seed: 20261127, numRuns: 20 },
  );
  expect(added).toBeGreaterThan(50);
}, 120_000);

test("what containers write to volumes is in the file after the next change of anything", async () => {
  const [stateFile, killed] = [path.join(folder, "state"), path.join(folder, "killed")];
  const emulator = await startTestEmulator({ stateFile, speed: "real" });
  const { id } = (await emulator.call("POST", "/v2/network-volumes", volumeBody())).body;
  const cache = "/root/.cache/huggingface";
  for (const mounts of [
    { persistent: { size: 50, path: cache } },
    { network: [{ volumeId: id, path: cache }] },
  ]) {
    await emulator.call("POST", "/v2/pods", podBody({ mounts }));
  }
  for (const seconds of [10, 7_200]) {
    await emulator.advance(seconds);
    await emulator.call("GET", "/v2/pods");
    await emulator.call("POST", "/v2/templates", templateBody());
  }
  copyFileSync(stateFile, killed);
  await emulator.close();
  const [account] = readState(killed)?.accounts ?? [];
  expect(account?.networkVolumes[0]?.files).toHaveLength(4);
  expect(account?.pods[0]?.files).toEqual(account?.networkVolumes[0]?.files);
  expect(withoutTimes(killed)).toEqual(withoutTimes(stateFile));
});

function withoutTimes(file: string): object {
  const { now, savedAt, pace, ...state } = readState(file) ?? {};
  return state;
}
