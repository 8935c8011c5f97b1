import http from "node:http";
import type { AddressInfo } from "node:net";
import { HOSTILE_STRINGS, harmIn, KNOWN_SECRET } from "../support/hostile-strings";
import { printed, pulumiScene } from "../support/pulumi-scene";
import { failure } from "../support/stack";

jest.setTimeout(300_000);

const scene = pulumiScene({ rateLimit: null });
const TEXTS = HOSTILE_STRINGS.map(([, hostile]) => hostile);
/** As many as an error names of a service's models. */
const A_SERVICE = 5;
const SERVICES = Math.ceil(TEXTS.length / A_SERVICE);
const FIRST_PORT = 8_000;

test("RunPod's answers and a pod's services reach the terminal only as harmless text", async () => {
  let asked = 0;
  await scene.proxy({
    answer: ({ method, path }) =>
      method === "POST" && path === "/v2/templates"
        ? [422, { title: "Unprocessable", status: 422, detail: TEXTS[asked++ % TEXTS.length] }]
        : undefined,
  });
  const services = await startServices();
  const stack = await scene.stack(
    `const env = { A: "${KNOWN_SECRET}" };
    const pod = new Pod("llm", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], env });
    for (let at = 0; at < ${SERVICES}; at += 1) {
      const waits = { expectModel: "qwen", interval: "250ms", timeout: "60s" };
      new PodEndpoint("service" + at, { podId: pod.podId, port: ${FIRST_PORT} + at, ...waits });
    }
    for (let at = 0; at < ${TEXTS.length}; at += 1) {
      new Template("template" + at, { imageName: "ubuntu:24.04", env });
    }`,
    { env: { RUNPOD_PROXY_URL: `${services.url}/{podId}-{port}` } },
  );
  const output = printed(await failure(stack.up("--continue-on-error")));
  services.close();
  expect(asked).toBe(TEXTS.length);
  expect(output.match(/it serves /g)?.length).toBeGreaterThanOrEqual(SERVICES);
  expect(output.match(/422 Unprocessable/g)?.length).toBeGreaterThanOrEqual(TEXTS.length);
  // Pulumi itself puts a tab before each reason.
  expect(harmIn(output.replace(/^ +\t\* /gm, ""))).toEqual([]);
});

/** Services whose models have hostile names, a few on each port. */
async function startServices() {
  const server = http.createServer(({ url = "" }, response) => {
    const first = (Number(/-(\d+)\//.exec(url)?.[1]) - FIRST_PORT) * A_SERVICE;
    const data = TEXTS.slice(first, first + A_SERVICE).map((id) => ({ id }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
