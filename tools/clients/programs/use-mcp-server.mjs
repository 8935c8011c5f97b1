// RunPod's MCP server: pods, templates, volumes, serverless endpoints and their jobs, as an agent uses them.
import assert from "node:assert/strict";
import { connect } from "./mcp.mjs";
import { cannot, step } from "./steps.mjs";

const { MODEL, RUNPOD_PROXY_URL } = process.env;
const gpu = { id: "NVIDIA L4", count: 1 };
const DELEGATION = { resource: "arn:aws:ecr:us-east-1:123456789012:repository/team/worker" };
const server = await step("start", () => connect("node_modules/.bin/runpod-mcp", []));
const call = (tool, args) => server.call(tool, args);
const act = (id, action) => call("pod-action", { id, body: { action } });
/** Expects that a list has the object. */
const listed = async (tool, key, id) => {
  const { [key]: list = [], items = list } = await call(tool);
  assert.ok(items.some((item) => item.id === id));
};

await step("tools/list", async () => {
  assert.ok((await server.tools()).includes("create-pod"));
});
await step("list-gpu-types", async () => {
  const query = { include: ["AVAILABILITY"], product: "POD" };
  assert.match(JSON.stringify(await call("list-gpu-types", query)), /NVIDIA L4/);
});
await step("get-capacity", async () => {
  const { items } = await call("get-capacity", { gpuTypeIds: [gpu.id] });
  assert.equal(items[0].cudaVersions["13.0"], "AVAILABLE");
});
await step("list-data-centers", () => call("list-data-centers"));
await step("list-cpu-types", () => call("list-cpu-types"));
await step("update-ssh-keys", () => call("update-ssh-keys", { body: { keys: [] } }));
await step("get-ssh-keys", () => call("get-ssh-keys"));
const registry = await step("create-registry", () =>
  call("create-registry", { body: { name: "hub", username: "me", password: "secret" } }),
);
await step("list-registries", () => listed("list-registries", "registries", registry.id));
const delegation = await step("create-delegation", () =>
  call("create-delegation", { body: DELEGATION }),
);
await step("list-delegations", () => listed("list-delegations", "delegations", delegation.id));
await step("revoke-delegation", () => call("revoke-delegation", { id: delegation.id }));
const volume = await step("create-network-volume", () =>
  call("create-network-volume", { body: { name: "cache", size: 50, dataCenter: "EU-RO-1" } }),
);
await step("update-network-volume", () =>
  call("update-network-volume", { id: volume.id, body: { size: 60 } }),
);
const template = await step("create-template", () =>
  call("create-template", {
    body: { name: "serve", image: "vllm/vllm-openai:v0.24.0", cmd: [MODEL], disk: 40 },
  }),
);
await step("list-templates", () => listed("list-templates", "templates", template.id));

const pod = await step("create-pod", () =>
  call("create-pod", {
    body: {
      name: "serve",
      templateId: template.id,
      gpu,
      ports: ["8000/http"],
      mounts: { network: [{ volumeId: volume.id, path: "/root/.cache/huggingface" }] },
    },
  }),
);
const ask = async () => {
  const url = RUNPOD_PROXY_URL.replace("{podId}", pod.id).replace("{port}", "8000");
  const { data } = await (await fetch(`${url}/v1/models`)).json();
  assert.equal(data[0].id, MODEL);
};
const status = async (word) => {
  assert.equal((await call("get-pod", { id: pod.id })).status, word);
};
await step("list-pods", () => listed("list-pods", "pods", pod.id));
await step("get-pod", () => status("RUNNING"));
await step("models of the pod", ask);
await step("stream-pod-logs", async () => {
  assert.match(JSON.stringify(await call("stream-pod-logs", { podId: pod.id })), /vLLM/);
});
await step("update-pod", () => call("update-pod", { id: pod.id, body: { name: "served" } }));
await step("pod-action: stop", async () => {
  await act(pod.id, "stop");
  await status("EXITED");
});
await step("pod-action: start", async () => {
  await act(pod.id, "start");
  await ask();
});
await step("pod-action: restart", async () => {
  await act(pod.id, "restart");
  await ask();
});
await step("delete-pod", () => call("delete-pod", { id: pod.id }));

const endpoint = await step("create-endpoint", () =>
  call("create-endpoint", {
    body: {
      name: "echo",
      type: "QUEUE",
      image: "acme/worker:1.0",
      gpu: { pools: ["AMPERE_24"] },
      workers: { min: 0, max: 2 },
      scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
    },
  }),
);
const endpointId = endpoint?.id;
const slow = { emulator: { seconds: 600 } };
await step("list-endpoints", () => listed("list-endpoints", "endpoints", endpointId));
await step("update-endpoint", () =>
  call("update-endpoint", { id: endpointId, body: { workers: { min: 0, max: 3 } } }),
);
await step("set-endpoint-gpus", () =>
  call("set-endpoint-gpus", { endpointId, pools: ["ADA_24"], gpuCount: 1 }),
);
await step("list-endpoint-releases", () => call("list-endpoint-releases", { id: endpointId }));
await step("runsync-endpoint", async () => {
  const answer = await call("runsync-endpoint", { endpointId, input: { prompt: "Hello" } });
  assert.equal(answer.output.input.prompt, "Hello");
});
const job = await step("run-endpoint", () =>
  call("run-endpoint", { endpointId, input: { emulator: { chunks: ["a", "b"] } } }),
);
await step("stream-job", async () => {
  assert.match(JSON.stringify(await call("stream-job", { endpointId, jobId: job.id })), /"b"/);
});
await step("get-job-status", async () => {
  assert.equal((await call("get-job-status", { endpointId, jobId: job.id })).status, "COMPLETED");
});
await step("cancel-job", async () => {
  const { id: jobId } = await call("run-endpoint", { endpointId, input: slow });
  assert.equal((await call("cancel-job", { endpointId, jobId })).status, "CANCELLED");
});
await step("retry-job", async () => {
  const failing = { endpointId, input: { emulator: { error: "no space" } } };
  const { id: jobId } = await call("runsync-endpoint", failing);
  await call("retry-job", { endpointId, jobId });
});
await step("endpoint-health", () => call("endpoint-health", { endpointId }));
await step("purge-endpoint-queue", () => call("purge-endpoint-queue", { endpointId }));
await step("list-endpoint-workers", () => call("list-endpoint-workers", { id: endpointId }));
await step("stream-worker-logs", async () => {
  const { workers } = await call("list-endpoint-workers", { id: endpointId });
  await call("stream-worker-logs", { endpointId, workerId: workers[0].id });
});
await step("delete-endpoint", () => call("delete-endpoint", { id: endpointId }));

await step("delete-template", () => call("delete-template", { id: template.id }));
await step("delete-network-volume", () => call("delete-network-volume", { id: volume.id }));
await step("delete-registry", () => call("delete-registry", { id: registry.id }));
for (const tool of ["list-pod-billing", "list-serverless-billing"]) {
  await cannot(tool, "billing queries are not emulated", "501", () => call(tool));
}
await step("list-clusters", () => call("list-clusters"));
await step("list-public-templates", () => call("list-public-templates"));
for (const tool of ["list-hub-repos", "list-public-endpoints"]) {
  await cannot(tool, "RunPod's Hub is not emulated", "Cannot query field", () => call(tool));
}
await server.close();
