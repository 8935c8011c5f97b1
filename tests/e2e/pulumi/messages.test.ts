import { heldBy, pod, printed, pulumiScene, SERVING, volume } from "../../support/pulumi-scene";
import { failure, type Run } from "../../support/stack";

jest.setTimeout(300_000);

const scene = pulumiScene();
const CREATE_POD = { method: "POST", path: "/v2/pods" };

/** The output of an operation, whether or not it failed. */
async function output(operation: Promise<Run>): Promise<string> {
  return printed(await operation.catch((error) => error.run));
}

/** Whether a request creates a pod, and with which GPU type. */
function askedGpu({ method, path, body }: { method: string; path: string; body: unknown }) {
  const isCreate = method === CREATE_POD.method && path === CREATE_POD.path;
  return isCreate ? String(Object(body).gpu?.id) : undefined;
}

const TWO = `gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"]`;

describe("A GPU type without capacity", () => {
  test("is skipped for the next one, also if RunPod answers 500", async () => {
    const detail =
      "create pod: This machine does not have the resources to deploy your pod. Please try a different machine";
    await scene.proxy({
      answer: (asked) =>
        askedGpu(asked) === "NVIDIA L4"
          ? [500, { title: "Error", status: 500, detail }]
          : undefined,
    });
    const stack = await scene.stack(
      `exports.gpu = ${pod("llm", TWO).replace(/;\s*$/, "")}.gpuTypeId;`,
      {
        env: { RUNPOD_STACK_CLOCK_SPEED: "20" },
      },
    );
    await stack.up();
    expect(await stack.outputs()).toEqual({ gpu: "NVIDIA L40S" });
    expect(await heldBy(stack)).toEqual(await scene.live());
  });
});

describe("A create that is refused with 403", () => {
  test("names the key's missing right, and does not suggest other GPU types", async () => {
    const detail = "API key lacks write scope";
    await scene.proxy({
      answer: (asked) =>
        askedGpu(asked) ? [403, { title: "Forbidden", status: 403, detail }] : undefined,
    });
    const stack = await scene.stack(pod("llm", TWO));
    const refused = printed(await failure(stack.up()));
    expect(refused).toContain(detail);
    expect(refused).not.toMatch(/Add GPU types|accept more dataCenterIds/);
  });

  test("by a firewall shows the firewall's short message, and is not treated as a lost answer", async () => {
    await scene.proxy({
      answer: (asked) => (askedGpu(asked) ? [403, "error code: 1010"] : undefined),
    });
    const stack = await scene.stack(pod("llm"), { env: { RUNPOD_STACK_CLOCK_SPEED: "20" } });
    await scene.emulator.clearRequests();
    expect(printed(await failure(stack.up()))).toContain("error code: 1010");
    expect((await scene.emulator.requests()).length).toBeLessThan(4);
  });
});

describe("A deletion that RunPod refuses", () => {
  test("reports that the pod is still billed, its price, and what to do next", async () => {
    const stack = await scene.stack(pod("llm"));
    await stack.up();
    await scene.emulator.fault("status:409:before", { method: "DELETE" });
    stack.env["RUNPOD_STACK_CLOCK_SPEED"] = "30";
    const refused = printed(await failure(stack.destroy()));
    expect(refused).toMatch(/billed at 0\.49 \$\/h/);
    expect(refused).toMatch(/pulumi destroy|console/);
    expect(await heldBy(stack)).toEqual(await scene.live());
  });
});

describe("A server that cannot be reached", () => {
  /** The output of `up` for an endpoint whose server has one more option. */
  async function waitFor(option: string, value: string): Promise<string> {
    const serving = SERVING.replace("0.6B", `0.6B", "${option}", "${value}`);
    const stack = await scene.stack(
      `const pod = new Pod("llm", { gpuTypeIds: ["NVIDIA L4"], ${serving} });
      new PodEndpoint("llm", { pod, port: 8000, timeout: "5m" });`,
      { env: { RUNPOD_STACK_CLOCK_SPEED: "20" } },
    );
    const failed = printed(await failure(stack.up()));
    expect(failed).not.toMatch(/no known cause/i);
    expect(await heldBy(stack)).toEqual(await scene.live());
    return failed;
  }

  test("because it listens within its container only: the error names the address to use", async () => {
    expect(await waitFor("--host", "127.0.0.1")).toMatch(/127\.0\.0\.1[\s\S]*0\.0\.0\.0/);
  });

  test("because it listens on another port: the error names both ports", async () => {
    expect(await waitFor("--port", "8080")).toMatch(/8080/);
  });
});

describe("A mistake in the program", () => {
  test("is reported by the preview: a short GPU name, a web page as image, `import` and `id` as options", async () => {
    const stack = await scene.stack(pod("llm", `gpuTypeIds: ["RTX 4090"]`));
    expect(await output(stack.preview())).toContain("NVIDIA GeForce RTX 4090");
    stack.write(pod("llm", `imageName: "https://hub.docker.com/r/vllm/vllm-openai"`));
    expect(await output(stack.preview())).toMatch(/imageName .*https:/);
    stack.write(pod("llm", "", `import: "abcdefghijklmn"`));
    expect(printed(await failure(stack.preview()))).toMatch(/import --file/);
    stack.write(pod("llm", "", `id: "abcdefghijklmn"`));
    expect(printed(await failure(stack.preview()))).not.toMatch(/must be a string, not undefined/);
  });
});

describe("A replaced volume under a pod", () => {
  test("is not reported as kept, and a plain change shows no hidden field", async () => {
    const program = (dataCenter: string, env: string) =>
      `const cache = ${volume("cache", `dataCenterId: "${dataCenter}", allowReplace: true`)}
      ${pod("llm", `networkVolumeId: cache.volumeId, dataCenterIds: [cache.dataCenterId], env: { A: "${env}" }`)}`;
    const stack = await scene.stack(program("EU-RO-1", "1"));
    await stack.up();
    stack.write(program("EU-RO-1", "2"));
    expect(printed(await stack.preview("--diff"))).not.toMatch(/__\w+|revision: 1 => 1/);
    stack.write(program("EU-CZ-1", "1"));
    expect(printed(await stack.up())).not.toMatch(/volume is kept/);
    expect(await heldBy(stack)).toEqual(await scene.live());
  });
});
