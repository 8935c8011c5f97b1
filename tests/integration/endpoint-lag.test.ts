import { type FaultScene, startFaultScene } from "../support/faults";

const WEB = { name: "web", imageName: "nginx:1.29", gpuTypeIds: ["NVIDIA L4"], ports: ["80/http"] };
const PAGE = { port: 80, path: "/", expectBody: "Welcome to nginx" };

let scene: FaultScene;

beforeAll(async () => {
  scene = await startFaultScene();
});

afterAll(() => scene.close());

test("an endpoint of a pod that RunPod does not show yet succeeds once it does", async () => {
  await scene.emulator.fault("lag:1000:all", { method: "POST", path: "^/v2/pods$", times: 1 });
  const pod = scene.resource("Pod", "web");
  await pod.up(WEB);
  // This plugin process does not know what another one created.
  await scene.kill();
  const endpoint = scene.resource("PodEndpoint", "web");
  await endpoint.up({ ...PAGE, podId: pod.id });
  expect(endpoint.outputs).toMatchObject({ readyAt: expect.any(String) });
});

test("an endpoint of a pod that is never found mentions no price", async () => {
  const endpoint = scene.resource("PodEndpoint", "elsewhere");
  const { reasons } = await endpoint
    .up({ ...PAGE, podId: "elsewhere1234" })
    .catch((error) => error);
  expect(reasons[0]).toMatch(
    /^Pod elsewhere1234 was not found: for 1m( \d+s)?, RunPod has neither/,
  );
  expect(reasons[0]).toContain(
    "It is not known whether it is billed: it may belong to another account",
  );
  expect(reasons[0]).toContain("pass that provider to the endpoint");
});
