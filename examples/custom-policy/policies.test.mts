// Run by `npm test`: policies are functions, and need neither the Pulumi CLI nor an account.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pod, runpodPolicy, unknown, violationsOf, volume } from "@runpod-stack/policies/testing";
import { podName, volumeInUse } from "./policies.ts";

const teams = ["search", "chat"];

test("a pod is named after its team", async () => {
  assert.deepEqual(await violationsOf(podName, pod({ name: "chat-llm" }), { teams }), []);
  const [violation] = await violationsOf(podName, pod({ name: "llm" }), { teams });
  assert.equal(violation?.level, "mandatory");
  assert.match(violation.message, /name llm must begin with search- or chat-/);
});

test("a name that a preview does not know yet is left for the update", async () => {
  const [violation] = await violationsOf(podName, pod({ name: unknown }), { teams });
  assert.equal(violation?.level, "advisory");
});

test("a volume that no pod mounts is reported", async () => {
  const cache = volume({ size: 100, dataCenterId: "EU-RO-1" }, { name: "cache" });
  const old = volume({ size: 500, dataCenterId: "EU-RO-1" }, { name: "old" });
  const llm = pod({ networkVolumeId: unknown }, { dependencies: { networkVolumeId: [cache] } });
  const violations = await violationsOf(volumeInUse, [cache, old, llm]);
  assert.deepEqual(
    violations.map(({ resource }) => resource),
    ["old"],
  );
});

test("the bundled rules run next to them", async () => {
  const inputs = {
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3.8-27B"],
    gpuTypeIds: ["NVIDIA B200"],
    containerDiskInGb: 20,
  };
  const [violation] = await violationsOf(runpodPolicy("container-disk-size"), pod(inputs));
  assert.equal(violation?.level, "mandatory");
});
